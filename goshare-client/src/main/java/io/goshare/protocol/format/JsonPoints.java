package io.goshare.protocol.format;

import com.fasterxml.jackson.core.JsonToken;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Words;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Points as JSON. An entry is a row, {@code {"path":…,"tags":{…},"time":…,"value":…}}, or a series, with
 * {@code "times"} and {@code "values"} of the same length, where null is no value. A body is an array of entries, an
 * object {@code {"series":[…]}} of them, or one after the other, a line each (NDJSON); rows are counted over all
 * entries. Tags, time and times may be left out. For one thread.
 */
final class JsonPoints {
    private final JsonInput in;
    private final PointSink sink;
    private final SeriesTable series;
    private final ValueColumn values = new ValueColumn();
    private long[] times = new long[16];
    private int timeCount;
    private final BitSet badRows = new BitSet();
    private boolean manyTimes;
    private boolean manyValues;
    private @Nullable GoShareException wrong;

    private JsonPoints(JsonInput in, PointSink sink) {
        this.in = in;
        this.sink = sink;
        this.series = new SeriesTable(sink);
    }

    static PointsRead read(byte[] bytes, int offset, int length, PointOptions options) {
        PointSink sink = new PointSink(options, length / 64 + 1);
        new JsonPoints(new JsonInput(bytes, offset, length), sink).read();
        return sink.finish();
    }

    private void read() {
        for (JsonToken token = in.next(); token != null; token = in.next()) {
            if (token == JsonToken.START_ARRAY) {
                entries();
            } else if (token == JsonToken.START_OBJECT) {
                entry();
            } else {
                throw notPoints();
            }
        }
    }

    private static GoShareException notPoints() {
        return new GoShareException(
                ErrorCode.BAD_REQUEST,
                "points are [{\"path\":…,\"time\":…,\"value\":…}] or {\"series\":[{\"path\":…,\"times\":[…],\"values\":[…]}]}");
    }

    private void entries() {
        for (JsonToken token = in.expectNext(); token != JsonToken.END_ARRAY; token = in.expectNext()) {
            if (token != JsonToken.START_OBJECT) {
                throw notPoints();
            }
            entry();
        }
    }

    /** Reads an object to its end before it is judged, so that one that is wrong does not hide the next. */
    private void entry() {
        sink.nextRow();
        series.begin();
        values.clear();
        timeCount = 0;
        badRows.clear();
        manyTimes = false;
        manyValues = false;
        wrong = null;
        boolean group = false;
        for (JsonToken token = in.expectNext(); token != JsonToken.END_OBJECT; token = in.expectNext()) {
            String name = in.name();
            JsonToken value = in.expectNext();
            if (name.equals("series") && value == JsonToken.START_ARRAY) {
                sink.previousRow();
                entries();
                group = true;
            } else {
                field(name, value);
            }
        }
        if (!group) {
            send();
        }
    }

    private void field(String name, JsonToken value) {
        switch (name) {
            case "path" -> {
                if (value == JsonToken.VALUE_STRING) {
                    guard(() -> series.path(in.text()));
                } else {
                    in.skipChildren();
                    wrong("path", "is no text");
                }
            }
            case "tags" -> tags(value);
            case "time" -> time(value);
            case "value" -> value(value);
            case "times" -> {
                manyTimes = true;
                elements(name, value, this::time);
            }
            case "values" -> {
                manyValues = true;
                elements(name, value, this::value);
            }
            default -> {
                in.skipChildren();
                wrong(
                        name,
                        "is no field of a point; these are path, tags, time, value, times and values"
                                + Words.suggestion(
                                        name, Stream.of("path", "tags", "time", "value", "times", "values")));
            }
        }
    }

    private interface Element {
        void read(JsonToken token);
    }

    /** One that is wrong is a row of its own that is wrong: it does not spoil the others. */
    private void elements(String name, JsonToken token, Element element) {
        if (token != JsonToken.START_ARRAY) {
            in.skipChildren();
            wrong(name, "is no array");
            return;
        }
        GoShareException before = wrong;
        int index = 0;
        for (JsonToken each = in.expectNext(); each != JsonToken.END_ARRAY; each = in.expectNext()) {
            sink.within(index);
            wrong = null;
            element.read(each);
            if (wrong != null) {
                sink.reject(wrong);
                badRows.set(index);
            }
            index++;
        }
        sink.within(0);
        wrong = before;
    }

    private void wrong(String field, String reason) {
        if (wrong == null) {
            wrong = sink.bad(field, reason);
        }
    }

    private void guard(Runnable step) {
        try {
            step.run();
        } catch (GoShareException e) {
            if (e.code() != ErrorCode.INVALID_ROWS) {
                throw e;
            }
            wrong = wrong == null ? e : wrong;
        }
    }

    private void tags(JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            in.skipChildren();
            wrong("tags", "is no object of texts");
            return;
        }
        for (JsonToken each = in.expectNext(); each != JsonToken.END_OBJECT; each = in.expectNext()) {
            String name = in.name();
            JsonToken value = in.expectNext();
            if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                guard(() -> {
                    series.tagPart(name);
                    series.tagPart(in.text());
                });
            } else {
                in.skipChildren();
                wrong("tags", "\"" + name + "\" is no text");
            }
        }
    }

    private void time(JsonToken token) {
        if (timeCount == times.length) {
            times = Arrays.copyOf(times, timeCount * 2);
        }
        int at = timeCount++;
        times[at] = PointBatch.NO_TIME;
        if (in.isLong()) {
            guard(() -> times[at] = sink.time(in.longValue()));
        } else if (token == JsonToken.VALUE_STRING) {
            guard(() -> times[at] = sink.time(in.text()));
        } else if (token != JsonToken.VALUE_NULL) {
            in.skipChildren();
            wrong("time", "is neither an integer nor text; write 1404216000000000000 or \"2014-07-01T12:00:00Z\"");
        }
    }

    private void value(JsonToken token) {
        in.value(token, values);
        String reason = in.wrong();
        if (reason != null) {
            wrong("value", reason);
        }
    }

    private void send() {
        long rows = manyValues ? Math.max(values.size(), 1) : 1;
        guard(this::sendPoints);
        sink.within(0);
        if (wrong != null) {
            sink.reject(wrong);
        }
        for (long i = 1; i < rows; i++) {
            sink.nextRow();
        }
    }

    private void sendPoints() {
        if (wrong != null) {
            return;
        }
        int index = series.index();
        if (!manyValues && !manyTimes) {
            if (values.size() == 0 || values.isNothing(values.size() - 1)) {
                throw sink.bad("value", "is missing");
            }
            long time = timeCount == 0 ? PointBatch.NO_TIME : times[timeCount - 1];
            values.send(values.size() - 1, index, time, sink);
            return;
        }
        if (timeCount != values.size() && (manyTimes || timeCount != 0)) {
            throw sink.bad("values", "are " + values.size() + " where there are " + timeCount + " times");
        }
        for (int i = 0; i < values.size(); i++) {
            if (!values.isNothing(i) && !badRows.get(i)) {
                sink.within(i);
                values.send(i, index, timeCount == 0 ? PointBatch.NO_TIME : times[i], sink);
            }
        }
    }

    /** Writes {@code batch}; {@code lines} puts each entry on a line of its own instead of in an array. */
    static void write(PointBatch batch, WriteOptions options, boolean lines, ByteSink out) {
        byte[][] heads = new byte[batch.seriesCount()][];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = head(batch.key(i));
        }
        if (options.columns()) {
            columns(batch, options, lines, heads, out);
            return;
        }
        String between = lines ? "\n" : ",\n";
        JsonOutput.ascii(lines ? "" : "[", out);
        for (int row = 0; row < batch.rows(); row++) {
            JsonOutput.ascii(row == 0 ? "" : between, out);
            out.put(heads[batch.series()[row]]);
            if (batch.times()[row] != PointBatch.NO_TIME) {
                JsonOutput.ascii(",\"time\":", out);
                JsonOutput.time(batch.times()[row], options.times(), out);
            }
            JsonOutput.ascii(",\"value\":", out);
            JsonOutput.value(batch, row, out);
            out.put('}');
        }
        JsonOutput.ascii(lines ? batch.rows() == 0 ? "" : "\n" : "]\n", out);
    }

    private static void columns(PointBatch batch, WriteOptions options, boolean lines, byte[][] heads, ByteSink out) {
        SeriesOrder order = new SeriesOrder(batch);
        JsonOutput.ascii(lines ? "" : "{\"series\":[", out);
        for (int i = 0; i < heads.length; i++) {
            if (order.from(i) == order.to(i)) {
                continue;
            }
            JsonOutput.ascii(lines || order.from(i) == 0 ? "" : ",\n", out);
            out.put(heads[i]);
            JsonOutput.ascii(",\"times\":[", out);
            for (int at = order.from(i); at < order.to(i); at++) {
                JsonOutput.ascii(at == order.from(i) ? "" : ",", out);
                JsonOutput.time(batch.times()[order.row(at)], options.times(), out);
            }
            JsonOutput.ascii("],\"values\":[", out);
            for (int at = order.from(i); at < order.to(i); at++) {
                JsonOutput.ascii(at == order.from(i) ? "" : ",", out);
                JsonOutput.value(batch, order.row(at), out);
            }
            JsonOutput.ascii(lines ? "]}\n" : "]}", out);
        }
        JsonOutput.ascii(lines ? "" : "]}\n", out);
    }

    /** An entry as far as its series goes, without the closing brace. */
    private static byte[] head(SeriesKey key) {
        ByteSink out = new ByteSink();
        JsonOutput.ascii("{\"path\":", out);
        JsonOutput.string(key.path().toString(), out);
        String before = ",\"tags\":{";
        for (var tag : key.tags().entrySet()) {
            JsonOutput.ascii(before, out);
            JsonOutput.string(tag.getKey(), out);
            out.put(':');
            JsonOutput.string(tag.getValue(), out);
            before = ",";
        }
        if (!key.tags().isEmpty()) {
            out.put('}');
        }
        return out.toByteArray();
    }
}
