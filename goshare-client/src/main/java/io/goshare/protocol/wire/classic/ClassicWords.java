package io.goshare.protocol.wire.classic;

import io.goshare.protocol.model.Text;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests in words, as over ZeroMQ: {@code action task-type (six time words) (parent) data…}. */
public final class ClassicWords {
    private static final int TIME_WORDS = 6;

    private ClassicWords() {}

    /** Understands one request; {@code clock} tells {@code now}. Never throws. */
    public static ClassicCall parse(byte[] request, InstantSource clock) {
        Voice voice = new Voice(request);
        List<String> words = GoText.fields(Text.decode(request));
        Action action = words.isEmpty() ? null : action(words.get(0));
        if (action == null || words.size() < 3) {
            return ClassicCall.answered(voice, voice.failed(null));
        }
        TaskType type = TaskType.parse(words.get(1));
        List<String> data = words.subList(2, words.size());
        String time = "";
        if (action == Action.PUSH && type.keys() == TaskType.Keys.TSDS) {
            if (data.size() <= TIME_WORDS) {
                return ClassicCall.answered(voice, voice.failed(null));
            }
            time = ClassicTime.suffix(data.subList(0, TIME_WORDS));
            data = data.subList(TIME_WORDS, data.size());
        } else if (action == Action.PUSH && type.keys() == TaskType.Keys.NOW) {
            time = ClassicTime.suffix(clock.instant());
        }
        String parent = "";
        if (type.hasParentWord()) {
            if (data.size() < 2) {
                return ClassicCall.answered(voice, voice.failed("data is missing behind the parent " + data.get(0)));
            }
            parent = data.get(0) + ":";
            data = data.subList(1, data.size());
        }
        return ClassicCall.of(voice, new Task(action, type, parent, time, data, Task.Joint.WORDS));
    }

    /** The first of the words {@code text} has, or an empty string. */
    public static String firstWord(String text) {
        int start = 0;
        while (start < text.length() && GoText.isSpace(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && !GoText.isSpace(text.charAt(end))) {
            end++;
        }
        return text.substring(start, end);
    }

    private static @Nullable Action action(String word) {
        return switch (word) {
            case "read" -> Action.READ;
            case "push" -> Action.PUSH;
            case "delete" -> Action.DELETE;
            default -> null;
        };
    }

    /** What is done answers with nothing, what failed with the request as it came. */
    private record Voice(byte[] request) implements ClassicCall.Voice {
        private static final byte[] NOTHING = {};
        private static final byte[] FAILED = "Error for request sent: ".getBytes(StandardCharsets.US_ASCII);

        @Override
        public Answer done() {
            return data(NOTHING);
        }

        @Override
        public Answer data(byte[] data) {
            return new Answer(200, "text/plain", data);
        }

        @Override
        public Answer failed(@Nullable String reason) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(FAILED.length + request.length);
            out.writeBytes(FAILED);
            out.writeBytes(request);
            if (reason != null) {
                out.write('\n');
                out.writeBytes(Text.encode(reason));
            }
            return new Answer(500, "text/plain", out.toByteArray());
        }
    }
}
