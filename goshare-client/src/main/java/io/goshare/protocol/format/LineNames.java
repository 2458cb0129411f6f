package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names and values of a batch as {@link LinePoints} reads them. */
final class LineNames {
    private final PointBatch batch;
    /** What stands before each series' value; empty until it is first needed. */
    private final byte[][] written;

    LineNames(PointBatch batch) {
        this.batch = batch;
        this.written = new byte[batch.seriesCount()][0];
    }

    /** Writes a line as far as the equals sign of its field. */
    void write(int series, ByteSink out) {
        byte[] name = written[series];
        if (name.length == 0) {
            name = name(batch.key(series));
            written[series] = name;
        }
        out.put(name);
    }

    private static byte[] name(SeriesKey key) {
        List<byte[]> segments = key.path().segments();
        int last = segments.size() - 1;
        if (last == 0) {
            throw refused(key, "its path has a single segment, which leaves none for the field");
        }
        ByteSink out = new ByteSink();
        for (int i = 0; i < last; i++) {
            escape(key, segments.get(i), true, out);
            if (i + 1 < last) {
                out.put(':');
            }
        }
        if (out.size() == 0 || out.array()[0] == '#' || segments.get(last).length == 0) {
            throw refused(key, "its measurement or field would be empty or a comment");
        }
        key.tags().forEach((tag, value) -> {
            escape(key, Text.encode(tag), false, out.put(','));
            escape(key, Text.encode(value), false, out.put('='));
        });
        escape(key, segments.get(last), true, out.put(' '));
        return out.put('=').toByteArray();
    }

    private static void escape(SeriesKey key, byte[] text, boolean segment, ByteSink out) {
        for (byte b : text) {
            if (b == '\n' || b == '\r' || b == '\\' || segment && b == ':') {
                throw refused(key, "it has a line break, a backslash, or a colon within a segment");
            }
            if (b == ',' || b == '=' || b == ' ') {
                out.put('\\');
            }
            out.put(b);
        }
    }

    private static GoShareException refused(SeriesKey key, String why) {
        return new GoShareException(
                ErrorCode.UNSUPPORTED_FORMAT, "line protocol cannot name " + SeriesText.print(key) + ": " + why);
    }

    static void value(PointBatch batch, int row, ByteSink out) {
        Kind kind = PointBatch.kind(batch.tags()[row]);
        long word = batch.words()[row];
        switch (kind) {
            case INTEGER -> {
                NumberText.printInteger(word, out);
                out.put('i');
            }
            case DECIMAL -> NumberText.printDecimal(word, PointBatch.scale(batch.tags()[row]), out);
            case FLOAT -> out.put(NumberText.printFloat(word).getBytes(StandardCharsets.US_ASCII));
            case BOOLEAN -> out.put(word == 1 ? 't' : 'f');
            case TEXT -> text(batch.heap(), (int) (word >>> 32), (int) word, out);
            case BYTES ->
                throw new GoShareException(
                        ErrorCode.UNSUPPORTED_FORMAT, "line protocol holds no bytes; use another encoding");
        }
    }

    private static void text(byte[] heap, int offset, int length, ByteSink out) {
        out.put('"');
        for (int i = offset; i < offset + length; i++) {
            if (heap[i] == '"' || heap[i] == '\\') {
                out.put('\\');
            }
            out.put(heap[i]);
        }
        out.put('"');
    }
}
