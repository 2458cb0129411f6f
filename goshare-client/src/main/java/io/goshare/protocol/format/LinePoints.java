package io.goshare.protocol.format;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Influx line protocol: {@code measurement[,tag=value…] field=value[,field=value…] [time]}, a row each line.
 * Measurement and field make the path, {@code cpu,host=a usage=3} is {@code cpu:usage{host=a}}; colons part segments in
 * either. Values are {@code 3} (float), {@code 3i} and {@code 3u} (integer), {@code "text"}, {@code t f true false}. A
 * backslash takes a comma, blank or equals sign in names, and a quote or backslash in text; lines that begin with # are
 * skipped. For one thread.
 *
 * <p>What stands before the first blank is looked up whole; each field's name is then compared with the one that stood
 * at its place when these tags came last.
 */
final class LinePoints {
    /** The fields that came with a measurement and its tags: their names as pieces of the body, and their series. */
    private static final class Row {
        private final int nameOffset;
        private final int nameLength;
        private int[] offsets = new int[4];
        private int[] lengths = new int[4];
        private int[] series = new int[4];
        private int fields;

        Row(int nameOffset, int nameLength) {
            this.nameOffset = nameOffset;
            this.nameLength = nameLength;
        }

        void add(int offset, int length, int index) {
            if (fields == series.length) {
                offsets = Arrays.copyOf(offsets, fields * 2);
                lengths = Arrays.copyOf(lengths, fields * 2);
                series = Arrays.copyOf(series, fields * 2);
            }
            offsets[fields] = offset;
            lengths[fields] = length;
            series[fields++] = index;
        }
    }

    private final byte[] in;
    private final int end;
    private int at;
    private final PointSink sink;
    private final NumberText number;
    private final NameTable rowNames = new NameTable();
    private final NameTable fieldNames = new NameTable();
    private final List<Row> rows = new ArrayList<>();
    private final ValueColumn values = new ValueColumn();
    private final ByteSink scratch = new ByteSink();
    private int[] series = new int[16];

    private LinePoints(byte[] in, int offset, int length, PointOptions options) {
        this.in = in;
        this.at = offset;
        this.end = offset + length;
        this.sink = new PointSink(options, length / 16 + 1);
        this.number = sink.number;
    }

    static PointsRead read(byte[] in, int offset, int length, PointOptions options) {
        return new LinePoints(in, offset, length, options).read();
    }

    private PointsRead read() {
        while (at < end) {
            byte first = in[at];
            if (first == '\n' || first == '\r' || first == ' ') {
                at++;
            } else if (first == '#') {
                skipLine();
            } else {
                sink.nextRow();
                int start = at;
                try {
                    line();
                } catch (GoShareException e) {
                    sink.reject(e);
                    at = Math.max(at, start);
                    skipLine();
                }
            }
        }
        return sink.finish();
    }

    private void skipLine() {
        while (at < end && in[at] != '\n') {
            at++;
        }
        at = Math.min(at + 1, end);
    }

    private void line() {
        Row row = row();
        values.clear();
        int n = 0;
        do {
            int nameStart = at;
            int nameEnd = name('=');
            if (nameEnd == nameStart) {
                throw sink.bad(null, "has a field without a name");
            }
            at = nameEnd + 1;
            if (n == series.length) {
                series = Arrays.copyOf(series, n * 2);
            }
            series[n] = seriesOf(row, n, nameStart, nameEnd - nameStart);
            value();
            n++;
        } while (at < end && in[at++] == ',');
        at = Math.min(at, end);
        long time = time();
        for (int i = 0; i < n; i++) {
            values.send(i, series[i], time, sink);
        }
    }

    /** Reads up to the first blank that no backslash takes. */
    private Row row() {
        int start = at;
        int i = at;
        while (i < end && in[i] != ' ' && in[i] != '\n') {
            i += in[i] == '\\' ? 2 : 1;
        }
        if (i >= end || in[i] == '\n') {
            throw sink.bad(null, "has no fields; a line is measurement,tag=value field=value time");
        }
        at = i;
        while (at < end && in[at] == ' ') {
            at++;
        }
        int known = rowNames.find(in, start, i - start);
        if (known >= 0) {
            return rows.get(known);
        }
        Row row = new Row(start, i - start);
        rowNames.put(in, start, i - start, rows.size());
        rows.add(row);
        return row;
    }

    /** The end of a name that begins here and ends before {@code stop}. */
    private int name(int stop) {
        int i = at;
        while (i < end && in[i] != stop) {
            if (in[i] == '\n' || in[i] == ' ' || in[i] == ',') {
                throw sink.bad(null, "has a field without a value");
            }
            i += in[i] == '\\' ? 2 : 1;
        }
        if (i >= end) {
            throw sink.bad(null, "has a field without a value");
        }
        return i;
    }

    private int seriesOf(Row row, int place, int offset, int length) {
        if (place < row.fields
                && row.lengths[place] == length
                && Arrays.equals(in, row.offsets[place], row.offsets[place] + length, in, offset, offset + length)) {
            return row.series[place];
        }
        scratch.truncate(0).putVarint(row.nameOffset).put(in, offset, length);
        int known = fieldNames.find(scratch.array(), 0, scratch.size());
        if (known < 0) {
            known = sink.batch.series(key(row, unescaped(offset, offset + length)));
            fieldNames.put(scratch.array(), 0, scratch.size(), known);
        }
        if (place == row.fields) {
            row.add(offset, length, known);
        }
        return known;
    }

    private SeriesKey key(Row row, String field) {
        int stop = row.nameOffset + row.nameLength;
        int from = row.nameOffset;
        int to = pieceEnd(from, stop, ',');
        String measurement = unescaped(from, to);
        if (measurement.isEmpty()) {
            throw sink.bad(null, "has no measurement");
        }
        TreeMap<String, String> tags = new TreeMap<>();
        while (to < stop) {
            from = to + 1;
            to = pieceEnd(from, stop, ',');
            int equals = pieceEnd(from, to, '=');
            if (equals == to || equals == from) {
                throw sink.bad("tags", "\"" + unescaped(from, to) + "\" is no name=value");
            }
            if (tags.put(unescaped(from, equals), unescaped(equals + 1, to)) != null) {
                throw sink.bad("tags", "has \"" + unescaped(from, equals) + "\" twice");
            }
        }
        try {
            return SeriesKey.of(Path.parse((measurement + ":" + field).replace("\\", "\\\\")), tags);
        } catch (IllegalArgumentException e) {
            throw sink.bad("path", e.getMessage());
        }
    }

    private int pieceEnd(int from, int to, int stop) {
        int i = from;
        while (i < to && in[i] != stop) {
            i += in[i] == '\\' ? 2 : 1;
        }
        return Math.min(i, to);
    }

    private String unescaped(int from, int to) {
        byte[] bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            boolean escape = in[i] == '\\' && i + 1 < to && (in[i + 1] == ',' || in[i + 1] == '=' || in[i + 1] == ' ');
            i += escape ? 1 : 0;
            bytes[length++] = in[i];
        }
        return Text.decode(bytes, 0, length);
    }

    private void value() {
        if (at < end && in[at] == '"') {
            text();
            return;
        }
        int start = at;
        while (at < end && in[at] != ',' && in[at] != ' ' && in[at] != '\n' && in[at] != '\r') {
            at++;
        }
        int length = at - start;
        if (length == 0) {
            throw sink.bad("value", "is missing");
        }
        int last = in[at - 1];
        try {
            if (last == 'i' || last == 'u') {
                number.parseInteger(in, start, at - 1);
                if (last == 'u' && number.word < 0) {
                    throw new IllegalArgumentException("is unsigned and negative");
                }
            } else if (in[start] >= 'A' && in[start] != 'N' && in[start] != 'I') {
                values.add(Kind.BOOLEAN, 0, flag(start, length) ? 1 : 0);
                return;
            } else {
                number.parseFloat(in, start, at);
            }
        } catch (IllegalArgumentException e) {
            throw sink.bad("value", e.getMessage());
        }
        values.add(number);
    }

    private boolean flag(int start, int length) {
        String word = Text.decode(in, start, length);
        return switch (word) {
            case "t", "T", "true", "True", "TRUE" -> true;
            case "f", "F", "false", "False", "FALSE" -> false;
            default ->
                throw new IllegalArgumentException(
                        "\"" + word + "\" is neither a number, true, false nor a quoted text");
        };
    }

    private void text() {
        int start = at + 1;
        int i = start;
        boolean escaped = false;
        while (i < end && in[i] != '"') {
            escaped |= in[i] == '\\';
            i += in[i] == '\\' ? 2 : 1;
        }
        if (i >= end) {
            at = end;
            throw sink.bad("value", "a quote is not closed");
        }
        at = i + 1;
        if (!escaped) {
            values.add(Kind.TEXT, in, start, i - start);
            return;
        }
        scratch.truncate(0);
        for (int j = start; j < i; j++) {
            boolean escape = in[j] == '\\' && (in[j + 1] == '"' || in[j + 1] == '\\');
            j += escape ? 1 : 0;
            scratch.put(in[j]);
        }
        values.add(Kind.TEXT, scratch.array(), 0, scratch.size());
    }

    /** Reads the time, if there is one, and the end of the line. */
    private long time() {
        while (at < end && in[at] == ' ') {
            at++;
        }
        int start = at;
        if (at > 0 && in[at - 1] == '\n') {
            return PointBatch.NO_TIME;
        }
        while (at < end && in[at] != '\n') {
            at++;
        }
        int stop = at;
        at = Math.min(at + 1, end);
        while (stop > start && (in[stop - 1] == '\r' || in[stop - 1] == ' ')) {
            stop--;
        }
        try {
            return sink.time(in, start, stop - start);
        } catch (GoShareException e) {
            at--;
            throw e;
        }
    }

    /** Writes a line for each point; names and values that lines cannot say are refused. */
    static void write(PointBatch batch, ByteSink out) {
        LineNames names = new LineNames(batch);
        for (int row = 0; row < batch.rows(); row++) {
            names.write(batch.series()[row], out);
            LineNames.value(batch, row, out);
            if (batch.times()[row] != PointBatch.NO_TIME) {
                out.put(' ');
                Csv.time(batch.times()[row], WriteOptions.Times.NS, out);
            }
            out.put('\n');
        }
    }
}
