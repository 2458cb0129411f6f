package io.goshare.protocol.format;

import com.fasterxml.jackson.core.JsonToken;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;

/**
 * Points as JSON. An entry is a row, {@code {"path":…,"tags":{…},"time":…,"value":…}}, or a series, with
 * {@code "times"} and {@code "values"} of the same length, where null is no value. A body is an array of entries, an
 * object {@code {"series":[…]}} of them, or one after the other, a line each (NDJSON); rows are counted over all
 * entries. Tags, time and times may be left out. For one thread.
 */
final class JsonPoints {
    private final JsonInput in;
    private final PointSink sink;
    private final PointEntry entry;

    private JsonPoints(JsonInput in, PointSink sink) {
        this.in = in;
        this.sink = sink;
        this.entry = new PointEntry(sink);
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

    private void entry() {
        entry.begin();
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
            entry.send();
        }
    }

    private void field(String name, JsonToken token) {
        switch (name) {
            case "path" -> {
                if (token == JsonToken.VALUE_STRING) {
                    entry.guard(() -> entry.series.path(in.text()));
                } else {
                    in.skipChildren();
                    entry.wrong("path", "is no text");
                }
            }
            case "tags" -> tags(token);
            case "time" -> time(token);
            case "value" -> value(token);
            case "times", "values" -> column(name, token);
            default -> {
                in.skipChildren();
                entry.unknown(name);
            }
        }
    }

    private void column(String name, JsonToken token) {
        if (token != JsonToken.START_ARRAY) {
            in.skipChildren();
            entry.wrong(name, "is no array");
            return;
        }
        boolean values = name.equals("values");
        entry.beginColumn(values);
        int index = 0;
        for (JsonToken each = in.expectNext(); each != JsonToken.END_ARRAY; each = in.expectNext()) {
            if (values) {
                value(each);
            } else {
                time(each);
            }
            entry.element(index++);
        }
        entry.endColumn();
    }

    private void tags(JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            in.skipChildren();
            entry.wrong("tags", "is no object of texts");
            return;
        }
        for (JsonToken each = in.expectNext(); each != JsonToken.END_OBJECT; each = in.expectNext()) {
            String name = in.name();
            JsonToken value = in.expectNext();
            if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                entry.guard(() -> {
                    entry.series.tagPart(name);
                    entry.series.tagPart(in.text());
                });
            } else {
                in.skipChildren();
                entry.wrong("tags", "\"" + name + "\" is no text");
            }
        }
    }

    private void time(JsonToken token) {
        if (in.isLong()) {
            entry.time(in.longValue());
        } else if (token == JsonToken.VALUE_STRING) {
            entry.time(in.text());
        } else {
            entry.noTime();
            if (token != JsonToken.VALUE_NULL) {
                in.skipChildren();
                entry.wrong(
                        "time",
                        "is neither an integer nor text; write 1404216000000000000 or \"2014-07-01T12:00:00Z\"");
            }
        }
    }

    private void value(JsonToken token) {
        in.value(token, entry.values);
        entry.wrong("value", in.wrong());
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
