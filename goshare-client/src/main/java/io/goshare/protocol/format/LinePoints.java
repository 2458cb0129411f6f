package io.goshare.protocol.format;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.format.LineRows.Row;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Text;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

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
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] in;
    private final int end;
    private int at;
    private final PointSink sink;
    private final NumberText number;
    private final LineRows rows;
    private final LineKeys keys;
    private final ByteSink scratch = new ByteSink();

    private LinePoints(byte[] in, int offset, int length, PointOptions options) {
        this.in = in;
        this.at = offset;
        this.end = offset + length;
        this.sink = new PointSink(options, length / 16 + 1);
        this.number = sink.number;
        this.rows = sink.known.lines;
        this.keys = new LineKeys(sink);
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
                int points = sink.batch.rows();
                try {
                    line(points);
                } catch (GoShareException e) {
                    sink.reject(e);
                    sink.batch.truncate(points);
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

    private void line(int firstPoint) {
        Row row = rows.follow(row());
        int place = 0;
        do {
            int plain = plainFields(row, place);
            place += plain;
            if (plain == 0) {
                value(sink.index(series(row, place++)));
            }
        } while (at < end && in[at++] == ',');
        at = Math.min(at, end);
        sink.batch.time(firstPoint, time());
    }

    /**
     * Reads fields from {@code place} on as long as they are named as when these tags came last and are numbers of
     * plain digits, 15 at most; how many they are. The hot loop of a body: all it needs stands in locals.
     */
    private int plainFields(Row row, int place) {
        byte[] in = this.in;
        int end = this.end;
        int read = 0;
        int next = at;
        while (true) {
            byte[] name = row.field(place + read);
            int first = next + name.length;
            if (name.length == 0 || first >= end || !isAt(next, name)) {
                return read;
            }
            boolean negative = in[first] == '-';
            first += negative ? 1 : 0;
            int i = first;
            long digits = 0;
            while (i < end && (in[i] - '0' & 0xff) < 10) {
                digits = digits * 10 + (in[i++] - '0');
            }
            int whole = i - first;
            int scale = 0;
            Kind kind = Kind.DECIMAL;
            if (i < end && in[i] == '.') {
                int point = i++;
                while (i < end && (in[i] - '0' & 0xff) < 10) {
                    digits = digits * 10 + (in[i++] - '0');
                }
                scale = i - 1 - point;
                whole = scale == 0 ? 0 : whole;
            } else if (i < end && in[i] == 'i') {
                i++;
                kind = Kind.INTEGER;
            }
            boolean spelled = whole == 0 || whole > 1 && in[first] == '0' || negative && digits == 0;
            if (spelled || whole + scale > 15 || i < end && !isEnd(in[i])) {
                return read;
            }
            sink.add(
                    sink.index(row.series(place + read)), PointBatch.NO_TIME, kind, scale, negative ? -digits : digits);
            read++;
            at = i;
            if (i + 1 >= end || in[i] != ',') {
                return read;
            }
            next = i + 1;
        }
    }

    private static boolean isEnd(byte character) {
        return character == ',' || character == ' ' || character == '\n' || character == '\r';
    }

    /** Reads up to the first blank that no backslash takes. */
    private Row row() {
        Row expected = rows.expected();
        int start = at;
        int stop = at + expected.name.length;
        if (stop >= end || in[stop] != ' ' || stop == start || !isAt(start, expected.name)) {
            stop = nameEnd(start);
            expected = rows.row(in, start, stop - start);
        }
        at = stop;
        while (at < end && in[at] == ' ') {
            at++;
        }
        return expected;
    }

    private int nameEnd(int start) {
        int i = start;
        while (i < end && in[i] != ' ' && in[i] != '\n') {
            i += in[i] == '\\' ? 2 : 1;
        }
        if (i >= end || in[i] == '\n') {
            throw sink.bad(null, "has no fields; a line is measurement,tag=value field=value time");
        }
        return i;
    }

    /** Whether {@code name} stands at {@code start}, which the body is long enough for. */
    private boolean isAt(int start, byte[] name) {
        int i = 0;
        for (; i + 8 <= name.length; i += 8) {
            if ((long) LONG.get(in, start + i) != (long) LONG.get(name, i)) {
                return false;
            }
        }
        for (; i < name.length; i++) {
            if (in[start + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads a field's name and the equals sign; the number of its series. */
    private int series(Row row, int place) {
        byte[] expected = row.field(place);
        int stop = at + expected.length;
        if (stop > at && stop <= end && isAt(at, expected)) {
            at = stop;
            return row.series(place);
        }
        int start = at;
        int length = name('=') - start;
        if (length == 0) {
            throw sink.bad(null, "has a field without a name");
        }
        at = start + length + 1;
        int known = rows.find(row, in, start, length);
        if (known < 0) {
            known = sink.known.number(keys.encoded(row.name, in, start, length));
            rows.put(row, place, in, start, length, known);
        }
        return known;
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

    private void value(int series) {
        if (at < end && in[at] == '"') {
            text(series);
        } else {
            bareValue(series);
        }
    }

    private void bareValue(int series) {
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
                sink.add(series, PointBatch.NO_TIME, Kind.BOOLEAN, 0, flag(start, length) ? 1 : 0);
                return;
            } else {
                number.parseFloat(in, start, at);
            }
        } catch (IllegalArgumentException e) {
            throw sink.bad("value", e.getMessage());
        }
        sink.add(series, PointBatch.NO_TIME, number.kind, number.scale, number.word);
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

    private void text(int series) {
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
            sink.add(series, PointBatch.NO_TIME, Kind.TEXT, in, start, i - start);
            return;
        }
        scratch.truncate(0);
        for (int j = start; j < i; j++) {
            boolean escape = in[j] == '\\' && (in[j + 1] == '"' || in[j + 1] == '\\');
            j += escape ? 1 : 0;
            scratch.put(in[j]);
        }
        sink.add(series, PointBatch.NO_TIME, Kind.TEXT, scratch.array(), 0, scratch.size());
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
