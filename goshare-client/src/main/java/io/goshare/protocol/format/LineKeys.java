package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * Encoded names from what lines name: measurement and tags, and a field. Names of plain ASCII whose tags are in order,
 * as most are, go from bytes to bytes. For one thread.
 */
final class LineKeys {
    private final PointSink sink;
    private final ByteSink out = new ByteSink();

    LineKeys(PointSink sink) {
        this.sink = sink;
    }

    /** @throws io.goshare.protocol.GoShareException INVALID_ROWS if these name no series */
    byte[] encoded(byte[] row, byte[] in, int field, int fieldLength) {
        out.truncate(0);
        if (isPlain(row, 0, row.length)
                && isPlain(in, field, field + fieldLength)
                && path(row, end(row, 0, row.length, ','), in, field, field + fieldLength)
                && tags(row)) {
            return out.toByteArray();
        }
        return key(row, unescaped(in, field, field + fieldLength)).encoded();
    }

    private static boolean isPlain(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] <= 1 || text[i] == '\\') {
                return false;
            }
        }
        return to > from;
    }

    private boolean path(byte[] row, int measurement, byte[] in, int field, int fieldEnd) {
        int segments = segments(row, 0, measurement) + segments(in, field, fieldEnd);
        out.put(0);
        return measurement > 0 && segments <= Path.MAX_SEGMENTS && out.size() <= Path.MAX_BYTES;
    }

    private int segments(byte[] text, int from, int to) {
        int segments = 0;
        for (int start = from; start <= to; segments++) {
            int stop = end(text, start, to, ':');
            piece(text, start, stop);
            start = stop + 1;
        }
        return segments;
    }

    private void piece(byte[] text, int from, int to) {
        if (from == to) {
            out.put(1).put(1);
        }
        out.put(text, from, to - from).put(0);
    }

    /** False unless each tag is a name and a value, and stands behind the one before in the order of names. */
    private boolean tags(byte[] row) {
        int before = 0;
        int beforeEnd = 0;
        for (int at = end(row, 0, row.length, ','); at < row.length; ) {
            int from = at + 1;
            at = end(row, from, row.length, ',');
            int equals = end(row, from, at, '=');
            if (equals == from
                    || equals == at
                    || Arrays.compareUnsigned(row, before, beforeEnd, row, from, equals) >= 0) {
                return false;
            }
            piece(row, from, equals);
            piece(row, equals + 1, at);
            before = from;
            beforeEnd = equals;
        }
        return true;
    }

    private static int end(byte[] text, int from, int to, int stop) {
        int i = from;
        while (i < to && text[i] != stop) {
            i++;
        }
        return i;
    }

    private SeriesKey key(byte[] row, String field) {
        int to = pieceEnd(row, 0, row.length, ',');
        String measurement = unescaped(row, 0, to);
        if (measurement.isEmpty()) {
            throw sink.bad(null, "has no measurement");
        }
        TreeMap<String, String> tags = new TreeMap<>();
        while (to < row.length) {
            int from = to + 1;
            to = pieceEnd(row, from, row.length, ',');
            int equals = pieceEnd(row, from, to, '=');
            if (equals == to || equals == from) {
                throw sink.bad("tags", "\"" + unescaped(row, from, to) + "\" is no name=value");
            }
            if (tags.put(unescaped(row, from, equals), unescaped(row, equals + 1, to)) != null) {
                throw sink.bad("tags", "has \"" + unescaped(row, from, equals) + "\" twice");
            }
        }
        try {
            return SeriesKey.of(Path.parse((measurement + ":" + field).replace("\\", "\\\\")), tags);
        } catch (IllegalArgumentException e) {
            throw sink.bad("path", e.getMessage());
        }
    }

    /** As {@link #end}; what stands behind a backslash does not count. */
    private static int pieceEnd(byte[] text, int from, int to, int stop) {
        int i = from;
        while (i < to && text[i] != stop) {
            i += text[i] == '\\' ? 2 : 1;
        }
        return Math.min(i, to);
    }

    private static String unescaped(byte[] text, int from, int to) {
        byte[] bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            boolean escape =
                    text[i] == '\\' && i + 1 < to && (text[i + 1] == ',' || text[i + 1] == '=' || text[i + 1] == ' ');
            i += escape ? 1 : 0;
            bytes[length++] = text[i];
        }
        return Text.decode(bytes, 0, length);
    }
}
