package io.goshare.protocol.wire.classic;

import io.goshare.protocol.model.Text;
import io.goshare.protocol.wire.classic.TaskType.Keys;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Requests as form fields, as over HTTP on {@code /db /get /put /del}. */
public final class ClassicForm {
    private ClassicForm() {}

    /** Whether {@code path} is one of the first GoShare's routes to data. */
    public static boolean isRoute(String path) {
        return switch (path) {
            case "/db", "/get", "/put", "/del" -> true;
            default -> false;
        };
    }

    /** What a method does on a route; empty where it does nothing, which is answered by an empty 200. */
    public static Optional<Action> action(String method, String path) {
        return switch (path) {
            case "/get" -> Optional.of(Action.READ);
            case "/put" -> Optional.of(Action.PUSH);
            case "/del" -> Optional.of(Action.DELETE);
            default ->
                switch (method) {
                    case "GET" -> Optional.of(Action.READ);
                    case "POST", "PUT" -> Optional.of(Action.PUSH);
                    case "DELETE" -> Optional.of(Action.DELETE);
                    default -> Optional.empty();
                };
        };
    }

    /** Whether the body of a request is read as form fields. */
    public static boolean readsBody(String method, @Nullable String contentType) {
        boolean methodHasForm = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
        return methodHasForm
                && contentType != null
                && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded");
    }

    /** The answer to what no route's method does. */
    public static Answer nothing() {
        return new Answer(200, "text/plain", new byte[0]);
    }

    /** Understands one request; {@code clock} tells {@code now}. */
    public static ClassicCall parse(Action action, Form form, InstantSource clock) {
        Voice voice = new Voice(form);
        String key = form.get("key");
        String data = key.isEmpty() ? form.get("dbdata") : key + "\n" + form.get("val");
        if (data.isEmpty()) {
            return ClassicCall.answered(voice, nothing());
        }
        TaskType type = TaskType.parse(form.get("type"));
        String parent = type.helper().isEmpty() || form.get("parentNS").isEmpty() ? "" : form.get("parentNS") + ":";
        String time = "";
        if (action == Action.PUSH && type.keys() == Keys.TSDS) {
            time = ClassicTime.suffix(Stream.of("year", "month", "day", "hour", "min", "sec")
                    .map(form::get)
                    .toList());
        } else if (action == Action.PUSH && type.keys() == Keys.NOW) {
            time = ClassicTime.suffix(clock.instant());
        }
        Task task = new Task(action, type, parent, time, List.of(data.split("\n", -1)), Task.Joint.LINES);
        if (action == Action.PUSH && !key.isEmpty() && !form.get("val").isEmpty()) {
            task = task.orPair(key, form.get("val"));
        }
        return ClassicCall.of(voice, task);
    }

    /** What is done says so, what failed shows the form as Go prints it. */
    private record Voice(Form form) implements ClassicCall.Voice {
        private static final byte[] SUCCESS = "Success".getBytes(StandardCharsets.US_ASCII);

        @Override
        public Answer done() {
            return data(SUCCESS);
        }

        @Override
        public Answer data(byte[] data) {
            return new Answer(200, "text/plain", data);
        }

        @Override
        public Answer failed(@Nullable String reason) {
            String text = "FATAL Error: (DBTasks) " + form.printed() + "\n" + (reason == null ? "" : reason + "\n");
            return new Answer(500, "text/plain; charset=utf-8", Text.encode(text));
        }
    }
}
