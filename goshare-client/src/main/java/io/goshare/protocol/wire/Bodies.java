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
import io.goshare.protocol.Verb;
import io.goshare.protocol.format.ContentKind;
import io.goshare.protocol.format.Formats;
import io.goshare.protocol.format.PointOptions;
import io.goshare.protocol.format.PointsRead;
import io.goshare.protocol.format.WriteOptions;
import io.goshare.protocol.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Where the wire meets the formats: which format a body is in, bodies and results as bytes. */
final class Bodies {
    private static final JsonFactory JSON = new JsonFactory();

    private Bodies() {}

    /** The format of a command's body: what {@code fmt=} says, else the content type, else the plainest. */
    static Format format(Command command, Optional<Format> contentType) {
        Optional<Format> named = command.get(Param.FMT).map(Bodies::named);
        Format plainest = command.verb().body() == Verb.BodyKind.VALUE ? Format.RAW : Format.JSON;
        return named.or(() -> contentType).orElse(plainest);
    }

    /** {@code command} so that its words tell how to read its body: what raw bytes would not say bears {@code fmt=}. */
    static Command spelled(Command command) {
        boolean plain = command.verb().body() != Verb.BodyKind.VALUE || command.has(Param.FMT) || isRaw(command.body());
        return plain ? command : command.with(Param.FMT, Format.JSON.word());
    }

    /** Whether the bytes of the value alone, as they stand, are read back as it. */
    private static boolean isRaw(Body body) {
        if (body instanceof Body.Single single) {
            byte[] bytes = single.value().classicBytes();
            return bytes.length > 0 && Value.infer(bytes).equals(single.value());
        }
        return body instanceof Body.None;
    }

    /**
     * The format asked for a reply: what {@code fmt=} says, else what is accepted. Where it is the format of points
     * that are written, the rows that were left out are told in one that holds rows.
     */
    static Optional<Format> replyFormat(Command command, Optional<Format> accepted) {
        Optional<Format> named = command.get(Param.FMT).map(Bodies::named);
        boolean writes = command.verb().body() == Verb.BodyKind.POINTS;
        return (writes ? named.map(Format::ofRows) : named).or(() -> accepted);
    }

    /** The format of {@code fmt=word}. */
    static Format named(String word) {
        return Format.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /**
     * {@code command} with the body that {@code bytes} are.
     *
     * @throws GoShareException BAD_REQUEST, INVALID_ROWS or UNSUPPORTED_FORMAT
     */
    static Command read(Command command, Format format, byte[] bytes) {
        return command.with(
                switch (command.verb().body()) {
                    case NONE ->
                        throw new GoShareException(
                                ErrorCode.BAD_REQUEST,
                                command.verb().word() + " takes no body; its parameters are words");
                    case POINTS -> points(command, format, bytes);
                    case ROWS -> table(format, bytes);
                    case VALUE ->
                        isOfMany(command, format)
                                ? table(format, bytes)
                                : new Body.Single(Formats.readValue(format, bytes, 0, bytes.length));
                });
    }

    private static Body table(Format format, byte[] bytes) {
        return new Body.Rows(Formats.readTable(format, bytes, 0, bytes.length, TimeUnit.NANOSECONDS));
    }

    /** Whether the body holds rows of keys and values, as no one key is named. */
    private static boolean isOfMany(Command command, Format format) {
        return format != Format.RAW && !command.has(Param.KEY) && !command.has(Param.PATH);
    }

    private static Body points(Command command, Format format, byte[] bytes) {
        boolean partial = command.get(Param.PARTIAL).filter("allow"::equals).isPresent();
        PointOptions options = PointOptions.of(command.get(Param.PRECISION).orElse("ns"), partial);
        if (!partial) {
            return new Body.Points(Formats.readPoints(format, bytes, 0, bytes.length, options));
        }
        PointsRead read = Formats.readGoodPoints(format, bytes, 0, bytes.length, options);
        return new Body.Points(read.batch(), read.rejected(), read.rejectedRows());
    }

    /** A request's body as bytes; a client's points travel in columns where the format has them. */
    static byte[] write(Body body, Format format) {
        if (body instanceof Body.Points points) {
            return Formats.writePoints(points.batch(), format, WriteOptions.COLUMNS);
        } else if (body instanceof Body.Rows rows) {
            return Formats.writeTable(rows.table(), format, WriteOptions.DEFAULT);
        } else if (body instanceof Body.Single single) {
            return Formats.writeValue(single.value(), format);
        }
        return new byte[0];
    }

    /** A result as bytes. */
    static byte[] write(Result result, Format format, String times, String shape) {
        return Formats.write(result, format, WriteOptions.of(times, shape));
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

    /**
     * The result these bytes are.
     *
     * @throws GoShareException INTERNAL if a reply is of a kind or format that is none of ours
     */
    static Result readResult(String kind, Format format, byte[] bytes) {
        ContentKind known = ContentKind.named(kind)
                .orElseThrow(
                        () -> new GoShareException(ErrorCode.INTERNAL, "the reply's result=" + kind + " is unknown"));
        return Formats.read(format, known, bytes, 0, bytes.length);
    }
}
