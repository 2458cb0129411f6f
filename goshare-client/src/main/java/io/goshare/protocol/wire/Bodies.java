package io.goshare.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the wire meets the formats: bodies and results as bytes. */
final class Bodies {
    private static final JsonFactory JSON = new JsonFactory();

    private Bodies() {}

    /** The format of a command's body: what {@code fmt=} says, else the content type, else the plainest. */
    static Format format(Command command, Optional<Format> contentType) {
        Optional<Format> named = command.get(Param.FMT).map(Bodies::named);
        Format plainest = command.verb().body() == Verb.BodyKind.VALUE ? Format.RAW : Format.JSON;
        return named.or(() -> contentType).orElse(plainest);
    }

    /** The format asked for a reply: what {@code fmt=} says, else what is accepted. */
    static Optional<Format> replyFormat(Command command, Optional<Format> accepted) {
        return command.get(Param.FMT).map(Bodies::named).or(() -> accepted);
    }

    /** The format of {@code fmt=word}. */
    static Format named(String word) {
        return Format.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static Body read(Command command, Format format, byte[] bytes) {
        if (format == Format.RAW) {
            return new Body.Single(Value.infer(bytes));
        }
        throw new GoShareException(
                ErrorCode.UNSUPPORTED_FORMAT, command.verb().word() + " takes no body of " + format.word());
    }

    static byte[] write(Body body, Format format) {
        if (body instanceof Body.Single single && format == Format.RAW) {
            return single.value().classicBytes();
        }
        throw new GoShareException(ErrorCode.UNSUPPORTED_FORMAT, format.word() + " cannot say it");
    }

    static byte[] write(Result result, Format format, String times) {
        if (result instanceof Result.Single single) {
            return single.value().classicBytes();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (result instanceof Result.Rows rows) {
            for (Value[] row : rows.table().rows()) {
                out.writeBytes((row[0] + "," + row[row.length - 1] + times + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    /** A JSON object of texts. */
    static byte[] json(Map<String, String> object) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (Map.Entry<String, String> entry : object.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array takes every byte", e);
        }
        return out.toByteArray();
    }

    static Result readResult(String kind, Format format, byte[] bytes) {
        return kind.equals("single") && format == Format.RAW
                ? new Result.Single(Value.infer(bytes))
                : new Result.Rows(Table.of("key"));
    }
}
