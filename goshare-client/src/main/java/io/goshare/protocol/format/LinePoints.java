package io.goshare.protocol.format;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.format.LineRows.Row;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Text;
import java.util.Arrays;

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
            value(sink.index(series(row, place++)));
        } while (at < end && in[at++] == ',');
        at = Math.min(at, end);
        sink.batch.time(firstPoint, time());
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

    private boolean isAt(int start, byte[] name) {
        return Arrays.equals(in, start, start + name.length, name, 0, name.length);
    }

    /** Reads a field's name and the equals sign; the number of its series. */
    private int series(Row row, int place) {
        byte[] expected = row.field(place);
        int stop = at + expected.length;
        if (stop > at && stop < end && in[stop] == '=' && isAt(at, expected)) {
            at = stop + 1;
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
        } else if (!plainNumber(series)) {
            otherValue(series);
        }
    }

    /** Reads a number of plain digits, 15 at most; false, and nothing read, if there is none. */
    private boolean plainNumber(int series) {
        int i = at;
        boolean negative = i < end && in[i] == '-';
        i += negative ? 1 : 0;
        int first = i;
        int point = -1;
        long digits = 0;
        for (; i < end; i++) {
            int digit = in[i] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = digits * 10 + digit;
            } else if (in[i] == '.' && point < 0) {
                point = i;
            } else {
                break;
            }
        }
        int whole = (point < 0 ? i : point) - first;
        boolean spelled = whole == 0 || whole > 1 && in[first] == '0' || point == i - 1 || negative && digits == 0;
        if (spelled || i - first > 15) {
            return false;
        }
        boolean integer = i < end && in[i] == 'i' && point < 0;
        i += integer ? 1 : 0;
        if (i < end && in[i] != ',' && in[i] != ' ' && in[i] != '\n' && in[i] != '\r') {
            return false;
        }
        long word = negative ? -digits : digits;
        if (integer) {
            sink.add(series, PointBatch.NO_TIME, Kind.INTEGER, 0, word);
        } else {
            sink.add(series, PointBatch.NO_TIME, Kind.DECIMAL, point < 0 ? 0 : i - 1 - point, word);
        }
        at = i;
        return true;
    }

    private void otherValue(int series) {
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
