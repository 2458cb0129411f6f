package io.goshare.protocol.format;

import io.goshare.protocol.Format;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Every body in every format, in both directions. What a format cannot say is refused as UNSUPPORTED_FORMAT, bytes that
 * are wrong as BAD_REQUEST or INVALID_ROWS with the row (counted from 1) and the field. Safe for many threads.
 */
public final class Formats {
    private static final Encoding CSV = new CsvEncoding();
    private static final Encoding JSON = new JsonEncoding(false);
    private static final Encoding NDJSON = new JsonEncoding(true);
    private static final Encoding MSGPACK = new MsgPackEncoding();
    private static final Encoding PROTOBUF = new ProtobufEncoding();
    private static final Encoding CAPNP = new CapnpEncoding();
    private static final Encoding LP = new LineEncoding();
    private static final Encoding COLUMNS = new ColumnsEncoding();
    private static final Encoding RAW = new RawEncoding();

    private Formats() {}

    private static Encoding of(Format format) {
        return switch (format) {
            case CSV -> CSV;
            case JSON -> JSON;
            case NDJSON -> NDJSON;
            case MSGPACK -> MSGPACK;
            case PROTOBUF -> PROTOBUF;
            case CAPNP -> CAPNP;
            case LP -> LP;
            case COLUMNS -> COLUMNS;
            case RAW -> RAW;
        };
    }

    /**
     * The points of a body; all of them or none.
     *
     * @throws io.goshare.protocol.GoShareException INVALID_ROWS that names the first wrong row and its field
     */
    public static PointBatch readPoints(Format format, byte[] in, int offset, int length, PointOptions options) {
        return of(format)
                .readPoints(in, offset, length, new PointOptions(options.unit(), false, options.maxPoints()))
                .batch();
    }

    /** The good points of a body, and which others there were: what partial=allow asks for. */
    public static PointsRead readGoodPoints(Format format, byte[] in, int offset, int length, PointOptions options) {
        return of(format).readPoints(in, offset, length, new PointOptions(options.unit(), true, options.maxPoints()));
    }

    /** The rows of a body; {@code unit} is that of bare integers in columns of times. */
    public static Table readTable(Format format, byte[] in, int offset, int length, TimeUnit unit) {
        return of(format).readTable(in, offset, length, unit);
    }

    public static Value readValue(Format format, byte[] in, int offset, int length) {
        return of(format).readValue(in, offset, length);
    }

    /** A reply's result, {@code kind} of it, as {@link #write} wrote it with times in nanoseconds. */
    public static Result read(Format format, ContentKind kind, byte[] in, int offset, int length) {
        return switch (kind) {
            case EMPTY -> Result.EMPTY;
            case ROWS -> new Result.Rows(readTable(format, in, offset, length, TimeUnit.NANOSECONDS));
            case POINTS ->
                new Result.Points(
                        readPoints(format, in, offset, length, PointOptions.DEFAULT.withMaxPoints(Integer.MAX_VALUE)));
            case SINGLE -> new Result.Single(readValue(format, in, offset, length));
            case DOCUMENT -> new Result.Document(format.contentType(), Arrays.copyOfRange(in, offset, offset + length));
        };
    }

    /** A result as bytes; a document stays as it is. */
    public static byte[] write(Result result, Format format, WriteOptions options) {
        if (result instanceof Result.Rows rows) {
            return writeTable(rows.table(), format, options);
        }
        if (result instanceof Result.Points points) {
            return writePoints(points.batch(), format, options);
        }
        if (result instanceof Result.Single single) {
            return writeValue(single.value(), format);
        }
        return result instanceof Result.Document document ? document.bytes() : new byte[0];
    }

    public static byte[] writePoints(PointBatch batch, Format format, WriteOptions options) {
        ByteSink out = new ByteSink(64 + batch.rows() * 8);
        of(format).writePoints(batch, options, out);
        return out.toByteArray();
    }

    public static byte[] writeTable(Table table, Format format, WriteOptions options) {
        return of(format).writeTable(table, options);
    }

    /** Writes rows as NDJSON has them, {@code before} in front of each line. */
    public static void writeLines(Table table, String before, WriteOptions options, ByteSink out) {
        JsonTables.writeLines(table, before, options, out);
    }

    public static byte[] writeValue(Value value, Format format) {
        ByteSink out = new ByteSink();
        of(format).writeValue(value, out);
        return out.toByteArray();
    }
}
