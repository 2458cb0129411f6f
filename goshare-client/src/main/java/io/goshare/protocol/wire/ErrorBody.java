package io.goshare.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The body of an error, in JSON {@code {"code":…,"message":…,"field":…,"row":…,"retry":…,"request":…}}; field and row
 * only where one is to blame. CSV, MessagePack, Protobuf and Cap'n Proto: a table of one row with these columns.
 */
final class ErrorBody {
    private static final JsonFactory JSON = new JsonFactory();

    private ErrorBody() {}

    /** Whether an error is told in this format where it was asked for; in any other it is told in JSON. */
    static boolean isIn(Format format) {
        return switch (format) {
            case JSON, CSV, MSGPACK, PROTOBUF, CAPNP -> true;
            case NDJSON, LP, COLUMNS, RAW -> false;
        };
    }

    static byte[] write(GoShareException failure, String request, Format format) {
        return format == Format.JSON
                ? json(failure, request)
                : Bodies.write(table(failure, request), format, "ns", "rows");
    }

    private static byte[] json(GoShareException failure, String request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("code", failure.code().word());
            json.writeStringField("message", message(failure));
            String field = failure.field();
            if (field != null) {
                json.writeStringField("field", Text.shown(field));
            }
            if (failure.row() >= 0) {
                json.writeNumberField("row", failure.row());
            }
            json.writeBooleanField("retry", failure.retryable());
            if (!request.isEmpty()) {
                json.writeStringField("request", request);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array takes every byte", e);
        }
        return out.toByteArray();
    }

    private static Result table(GoShareException failure, String request) {
        Table table = Table.of("code", "message", "field", "row", "retry", "request");
        String field = failure.field();
        table.add(
                Value.of(failure.code().word()),
                Value.of(message(failure)),
                field == null ? null : Value.of(field),
                failure.row() < 0 ? null : Value.of(failure.row()),
                Value.of(failure.retryable()),
                request.isEmpty() ? null : Value.of(request));
        return new Result.Rows(table);
    }

    private static String message(GoShareException failure) {
        String message = failure.getMessage();
        return Text.shown(message == null ? failure.code().word() : message);
    }

    /** The message in an error's body; what is none of ours, such as a proxy's page, is the message itself. */
    static String readMessage(String contentType, byte[] body) {
        @Nullable Format format = Format.ofContentType(contentType).orElse(null);
        if (format == Format.JSON) {
            return readJson(body);
        }
        if (format == null) {
            return new String(body, StandardCharsets.UTF_8);
        }
        if (Bodies.readResult("rows", format, body) instanceof Result.Rows rows
                && !rows.table().rows().isEmpty()) {
            Value message = rows.table().rows().get(0)[1];
            return message == null ? "" : message.asText();
        }
        return "";
    }

    private static String readJson(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME
                        && json.currentName().equals("message")) {
                    json.nextToken();
                    return json.getText();
                }
            }
            return "";
        } catch (IOException e) {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
