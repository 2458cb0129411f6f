package io.goshare.protocol.format;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Words;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Points as CSV: {@code path,value[,time[,type]]} in each row, or these in any order under a header line that names
 * them. Tags stand behind the path, {@code "a:b{dc=eu,rack=r1}"}. Types are {@code f i b t x}; without one a value is a
 * number where it looks like one, and text else. An empty time is the server's to fill in.
 */
final class CsvPoints {
    private static final int PATH = 0;
    private static final int VALUE = 1;
    private static final int TIME = 2;
    private static final int TYPE = 3;
    private static final List<String> NAMES = List.of("path", "value", "time", "type");

    private final CsvScanner rows;
    private final PointSink sink;
    private final int[] columns = {0, 1, 2, 3};
    private int most = 4;

    private CsvPoints(byte[] in, int offset, int length, PointOptions options) {
        this.rows = new CsvScanner(in, offset, length);
        this.sink = new PointSink(options, length / 24 + 1);
    }

    static PointsRead read(byte[] in, int offset, int length, PointOptions options) {
        return new CsvPoints(in, offset, length, options).read();
    }

    private PointsRead read() {
        boolean first = true;
        while (rows.hasNext()) {
            sink.nextRow();
            try {
                next();
                if (!first || !isHeader()) {
                    point();
                } else {
                    header();
                    sink.previousRow();
                }
            } catch (GoShareException e) {
                sink.reject(e);
            }
            first = false;
        }
        return sink.finish();
    }

    private void next() {
        try {
            rows.next();
        } catch (IllegalArgumentException e) {
            throw sink.bad(null, e.getMessage());
        }
    }

    private boolean isHeader() {
        boolean path = false;
        boolean value = false;
        for (int i = 0; i < rows.fields() && rows.fields() <= NAMES.size(); i++) {
            path |= rows.text(i).equals("path");
            value |= rows.text(i).equals("value");
        }
        return path && value;
    }

    private void header() {
        java.util.Arrays.fill(columns, -1);
        most = rows.fields();
        for (int i = 0; i < most; i++) {
            String name = rows.text(i);
            int column = NAMES.indexOf(name);
            if (column < 0 || columns[column] >= 0) {
                throw GoShareException.badField(
                        name,
                        "the header names \"" + name + "\"" + (column < 0 ? "" : " twice")
                                + "; columns are path, value, time and type"
                                + Words.suggestion(name, Stream.of("path", "value", "time", "type")));
            }
            columns[column] = i;
        }
    }

    private void point() {
        int fields = rows.fields();
        if (fields > most) {
            throw sink.bad(null, "has " + fields + " fields; " + most + " is the most, quote a value with commas");
        }
        if (columns[VALUE] >= fields || columns[PATH] >= fields) {
            throw sink.bad("value", "is missing; a row is path,value[,time[,type]]");
        }
        int series = series(columns[PATH]);
        long time = PointBatch.NO_TIME;
        int timeField = columns[TIME];
        if (timeField >= 0 && timeField < fields) {
            time = sink.time(rows.bytes(timeField), rows.start(timeField), rows.length(timeField));
        }
        int value = columns[VALUE];
        int type = columns[TYPE];
        if (type < 0 || type >= fields || rows.length(type) == 0) {
            sink.addInferred(series, time, rows.bytes(value), rows.start(value), rows.length(value));
            return;
        }
        int letter = rows.length(type) == 1 ? rows.bytes(type)[rows.start(type)] : 0;
        sink.addDeclared(series, time, letter, rows.bytes(value), rows.start(value), rows.length(value));
    }

    private int series(int field) {
        byte[] bytes = rows.bytes(field);
        int start = rows.start(field);
        int length = rows.length(field);
        int known = sink.known.texts.find(bytes, start, length);
        if (known < 0) {
            try {
                known = sink.known.number(SeriesText.parse(bytes, start, length).encoded());
            } catch (IllegalArgumentException e) {
                throw sink.bad("path", e.getMessage());
            }
            sink.known.texts.put(bytes, start, length, known);
        }
        return sink.index(known);
    }

    /** Writes a header line and a row for each point, with its type. */
    static void write(PointBatch batch, WriteOptions options, ByteSink out) {
        out.put("path,value,time,type\n".getBytes(StandardCharsets.US_ASCII));
        byte[][] paths = new byte[batch.seriesCount()][];
        for (int i = 0; i < paths.length; i++) {
            ByteSink path = new ByteSink();
            byte[] name = Text.encode(SeriesText.print(batch.key(i)));
            Csv.field(name, 0, name.length, false, path);
            paths[i] = path.toByteArray();
        }
        for (int row = 0; row < batch.rows(); row++) {
            out.put(paths[batch.series()[row]]).put(',');
            Csv.value(batch, row, out);
            out.put(',');
            if (batch.times()[row] != PointBatch.NO_TIME) {
                Csv.time(batch.times()[row], options.times(), out);
            }
            out.put(',').put(PointBatch.kind(batch.tags()[row]).letter()).put('\n');
        }
    }
}
