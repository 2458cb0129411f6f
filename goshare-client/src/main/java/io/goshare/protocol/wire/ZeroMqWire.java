package io.goshare.protocol.wire;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.wire.classic.ClassicWords;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests and replies as ZeroMQ messages, both directions.
 *
 * <pre>
 *   request   frame 0    verb name=value … (id=…) (token=…)    in words: see CommandWords
 *             frames 1…  the body, in one or more pieces; an empty one says that there is none, which tells push,
 *                        read and delete without a body from the first GoShare's words
 *   reply     frame 0    200 (id=…) (fmt=… | type=…) name=value …
 *             frame 1    the body; none where there is none
 * </pre>
 */
public final class ZeroMqWire {
    private ZeroMqWire() {}

    /**
     * Whether a message is the first GoShare's: one frame whose first word is {@code push}, {@code read} or
     * {@code delete}, whose verb is unknown, or with a word after the verb that has no {@code =}.
     */
    public static boolean isClassic(List<byte[]> frames) {
        if (frames.size() != 1) {
            return false;
        }
        String text = Text.decode(frames.get(0));
        String first = ClassicWords.firstWord(text);
        Optional<Verb> verb = Verb.named(first);
        if (verb.isEmpty() || verb.get() == Verb.PUSH || verb.get() == Verb.READ || verb.get() == Verb.DELETE) {
            return true;
        }
        try {
            List<String> words = CommandWords.split(text);
            return words.stream().skip(1).anyMatch(word -> word.indexOf('=') < 0);
        } catch (GoShareException malformed) {
            return false; // parse() says what is wrong
        }
    }

    /**
     * The request in {@code frames}.
     *
     * @throws GoShareException that says what is malformed; {@link #idOf} still finds the id
     */
    public static WireRequest parse(List<byte[]> frames) {
        return parse(frames, token -> {});
    }

    /**
     * The same, where {@code authorise} is handed the token, or null, before anything else is read, and may throw.
     *
     * @throws GoShareException that says what is malformed, or what {@code authorise} threw
     */
    public static WireRequest parse(List<byte[]> frames, Consumer<@Nullable String> authorise) {
        List<String> words = new ArrayList<>(CommandWords.split(Text.decode(frames.get(0))));
        String id = take(words, "id=");
        String token = take(words, "token=");
        authorise.accept(token);

        Command command = CommandWords.parse(words);

        if (frames.size() > 1) {
            byte[] bytes = frames.size() == 2 ? frames.get(1) : join(frames.subList(1, frames.size()));
            Verb.BodyKind kind = command.verb().body();
            boolean none = bytes.length == 0 && (kind == Verb.BodyKind.NONE || kind == Verb.BodyKind.ROWS);
            if (!none) {
                command = Bodies.read(command, Bodies.format(command, Optional.empty()), bytes);
            }
        }
        return new WireRequest(command, Bodies.replyFormat(command, Optional.empty()), id == null ? "" : id, token);
    }

    /** The id of a request that may be malformed; empty where none is found. */
    public static String idOf(List<byte[]> frames) {
        try {
            String id = take(new ArrayList<>(CommandWords.split(Text.decode(frames.get(0)))), "id=");
            return id == null ? "" : id;
        } catch (GoShareException malformed) {
            return "";
        }
    }

    /** Removes the first word behind the verb that begins with {@code prefix} and returns the rest of it, or null. */
    private static @Nullable String take(List<String> words, String prefix) {
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).startsWith(prefix)) {
                return words.remove(i).substring(prefix.length());
            }
        }
        return null;
    }

    private static byte[] join(List<byte[]> frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frames.forEach(out::writeBytes);
        return out.toByteArray();
    }

    /** The frames of a request; {@link #parse} reads them. */
    public static List<byte[]> print(WireRequest request) {
        Command command = Bodies.spelled(request.command());
        StringBuilder words = new StringBuilder(CommandWords.print(command));
        word(words, "id", request.id().isEmpty() ? null : request.id());
        word(words, "token", request.token());
        byte[] head = Text.encode(words.toString());
        if (command.body() instanceof Body.None) {
            return isClassic(List.of(head)) ? List.of(head, new byte[0]) : List.of(head);
        }
        return List.of(head, Bodies.write(command.body(), Bodies.format(command, Optional.empty())));
    }

    /** The frames of a reply to the request that bore {@code id}. */
    public static List<byte[]> print(WireReply reply, String id) {
        StringBuilder words = new StringBuilder().append(reply.status());
        word(words, "id", id.isEmpty() ? null : id);
        if (!reply.contentType().isEmpty()) {
            Optional<Format> format = reply.format();
            word(
                    words,
                    format.isPresent() ? "fmt" : "type",
                    format.map(Format::word).orElse(reply.contentType()));
        }
        reply.words().forEach((name, value) -> word(words, name, value));
        byte[] head = Text.encode(words.toString());
        return reply.contentType().isEmpty() ? List.of(head) : List.of(head, reply.body());
    }

    private static void word(StringBuilder out, String name, @Nullable String value) {
        if (value != null) {
            out.append(' ').append(CommandWords.quote(name + "=" + value));
        }
    }

    /** A reply as it came, and the id it bears. */
    public record Received(String id, WireReply reply) {}

    /**
     * The reply in {@code frames}.
     *
     * @throws GoShareException INTERNAL if these are no reply of ours
     */
    public static Received parseReply(List<byte[]> frames) {
        List<String> words = frames.isEmpty() ? List.of() : CommandWords.split(Text.decode(frames.get(0)));
        if (words.isEmpty() || !words.get(0).matches("[1-5][0-9][0-9]")) {
            throw new GoShareException(ErrorCode.INTERNAL, "what came is no reply of this GoShare");
        }
        SortedMap<String, String> notes = new TreeMap<>();
        for (String word : words.subList(1, words.size())) {
            int equals = Math.max(word.indexOf('='), 0);
            notes.put(word.substring(0, equals), word.substring(Math.min(equals + 1, word.length())));
        }
        Map<String, String> named = notes;
        String id = Optional.ofNullable(named.remove("id")).orElse("");
        String format = named.remove("fmt");
        String type = named.remove("type");
        String contentType = format != null ? Bodies.named(format).contentType() : type != null ? type : "";
        byte[] body = frames.size() > 1 ? join(frames.subList(1, frames.size())) : new byte[0];
        return new Received(id, new WireReply(Integer.parseInt(words.get(0)), notes, contentType, body));
    }
}
