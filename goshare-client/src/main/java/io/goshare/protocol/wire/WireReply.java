package io.goshare.protocol.wire;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.format.ContentKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A reply or an error on its way: the number, words beside the body, and the body's bytes. Over HTTP the words are
 * headers {@code X-GoShare-…}, over ZeroMQ they stand in frame 0.
 *
 * <p>Besides the reply's notes the words are {@code result} (what the body is: {@code rows points single document},
 * none for an empty one) or, of an error, {@code error} (its code), {@code field} and {@code row}.
 *
 * @param contentType of the body; empty where there is none
 */
public record WireReply(int status, SortedMap<String, String> words, String contentType, byte[] body) {
    public WireReply {
        words = Collections.unmodifiableSortedMap(new TreeMap<>(words));
    }

    /**
     * {@code reply} as bytes.
     *
     * @param format for the body; empty for the plainest that can say it
     * @param times unit that times print in
     * @throws GoShareException UNSUPPORTED_FORMAT if the format cannot say it
     */
    public static WireReply of(Reply reply, Optional<Format> format, String times) {
        return of(reply, format, times, "rows");
    }

    /** The same, points as {@code shape} says: {@code rows}, or {@code columns} grouped by series. */
    public static WireReply of(Reply reply, Optional<Format> format, String times, String shape) {
        TreeMap<String, String> words = new TreeMap<>(reply.notes());
        Result result = reply.result();
        if (result instanceof Result.Empty) {
            return new WireReply(200, words, "", new byte[0]);
        }
        words.put("result", ContentKind.of(result).word());
        if (result instanceof Result.Document document) {
            return new WireReply(200, words, document.contentType(), document.bytes());
        }
        Format chosen = format.orElse(result instanceof Result.Single ? Format.RAW : Format.JSON);
        return new WireReply(200, words, chosen.contentType(), Bodies.write(result, chosen, times, shape));
    }

    /**
     * An error as bytes: JSON, or CSV, MessagePack, Protobuf or Cap'n Proto where that was asked for.
     *
     * @param request names the request in the server's log; empty for none
     */
    public static WireReply of(GoShareException failure, Optional<Format> format, String request) {
        TreeMap<String, String> words = new TreeMap<>();
        words.put("error", failure.code().word());
        String field = failure.field();
        if (field != null) {
            words.put("field", field);
        }
        if (failure.row() >= 0) {
            words.put("row", Long.toString(failure.row()));
        }
        Format chosen = format.filter(ErrorBody::isIn).orElse(Format.JSON);
        byte[] body = ErrorBody.write(failure, request, chosen);
        return new WireReply(failure.code().status(), words, chosen.contentType(), body);
    }

    /**
     * The reply these bytes say.
     *
     * @throws GoShareException the error they say
     */
    public Reply read() {
        TreeMap<String, String> notes = new TreeMap<>(words);
        String error = notes.remove("error");
        if (error != null || status >= 300) {
            throw failure(error == null ? "" : error);
        }
        String kind = notes.remove("result");
        if (kind == null) {
            return new Reply(Result.EMPTY, notes);
        }
        if (kind.equals("document")) {
            return new Reply(new Result.Document(contentType, body), notes);
        }
        Format format = format().orElseThrow(() -> new GoShareException(
                ErrorCode.INTERNAL, "the reply is of content type " + contentType + ", which is none of ours"));
        return new Reply(Bodies.readResult(kind, format, body), notes);
    }

    /** The format of the body; empty where it is a document or there is none. */
    public Optional<Format> format() {
        String kind = words.getOrDefault("result", "");
        if (kind.equals("document") || contentType.isEmpty()) {
            return Optional.empty();
        }
        Optional<Format> format = Format.ofContentType(contentType);
        return format.isEmpty() && kind.equals("points") ? Optional.of(Format.LP) : format;
    }

    private GoShareException failure(String word) {
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.word().equals(word))
                .findFirst()
                .or(() -> Arrays.stream(ErrorCode.values())
                        .filter(known -> known.status() == status)
                        .findFirst())
                .orElse(ErrorCode.INTERNAL);
        String row = words.getOrDefault("row", "-1");
        long number = row.matches("-?[0-9]{1,18}") ? Long.parseLong(row) : -1;
        return new GoShareException(code, ErrorBody.readMessage(contentType, body), words.get("field"), number, null);
    }

    /** These bytes with more words. */
    public WireReply with(Map<String, String> added) {
        TreeMap<String, String> more = new TreeMap<>(words);
        more.putAll(added);
        return new WireReply(status, more, contentType, body);
    }
}
