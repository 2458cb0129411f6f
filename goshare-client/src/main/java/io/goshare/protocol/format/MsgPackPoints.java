package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.nio.charset.StandardCharsets;
import org.msgpack.value.ValueType;

/**
 * Points as MessagePack, in the shapes of {@link JsonPoints}: an array of entries, or a map {@code series} of them.
 * Text is a string, bytes a binary, both byte for byte; times are integers or text. For one thread.
 */
final class MsgPackPoints {
    private final MsgPackInput in;
    private final PointSink sink;
    private final PointEntry entry;

    private MsgPackPoints(MsgPackInput in, PointSink sink) {
        this.in = in;
        this.sink = sink;
        this.entry = new PointEntry(sink);
    }

    static PointsRead read(byte[] bytes, int offset, int length, PointOptions options) {
        PointSink sink = new PointSink(options, length / 24 + 1);
        new MsgPackPoints(new MsgPackInput(bytes, offset, length), sink).read();
        return sink.finish();
    }

    private void read() {
        do {
            if (in.type() == ValueType.ARRAY) {
                entries();
            } else {
                entry(0);
            }
        } while (in.hasNext());
    }

    private void entries() {
        for (int n = in.arrayHeader(); n > 0; n--) {
            entry(1);
        }
    }

    private void entry(int depth) {
        if (in.type() != ValueType.MAP || depth > 2) {
            throw new GoShareException(
                    ErrorCode.BAD_REQUEST,
                    "points are an array of maps with path, time and value, or a map series of maps with path, times and"
                            + " values");
        }
        entry.begin();
        boolean group = false;
        for (int n = in.mapHeader(); n > 0; n--) {
            String name = in.name();
            if (name.equals("series") && in.type() == ValueType.ARRAY) {
                sink.previousRow();
                for (int each = in.arrayHeader(); each > 0; each--) {
                    entry(depth + 1);
                }
                group = true;
            } else {
                field(name);
            }
        }
        if (!group) {
            entry.send();
        }
    }

    private void field(String name) {
        switch (name) {
            case "path" -> {
                if (in.type() == ValueType.STRING) {
                    byte[] path = in.payload();
                    entry.series.path(path, 0, path.length);
                } else {
                    in.skip();
                    entry.wrong("path", "is no text");
                }
            }
            case "tags" -> tags();
            case "time" -> time();
            case "value" -> value();
            case "times", "values" -> column(name);
            default -> {
                in.skip();
                entry.unknown(name);
            }
        }
    }

    private void column(String name) {
        if (in.type() != ValueType.ARRAY) {
            in.skip();
            entry.wrong(name, "is no array");
            return;
        }
        boolean values = name.equals("values");
        int n = in.arrayHeader();
        entry.beginColumn(values);
        for (int index = 0; index < n; index++) {
            if (values) {
                value();
            } else {
                time();
            }
            entry.element(index);
        }
        entry.endColumn();
    }

    private void tags() {
        if (in.type() != ValueType.MAP) {
            boolean nil = in.type() == ValueType.NIL;
            in.skip();
            entry.wrong("tags", nil ? null : "is no map of texts");
            return;
        }
        for (int n = in.mapHeader(); n > 0; n--) {
            if (in.type() == ValueType.STRING) {
                byte[] name = in.payload();
                if (in.type() == ValueType.STRING) {
                    byte[] value = in.payload();
                    entry.series.tagPart(name, 0, name.length);
                    entry.series.tagPart(value, 0, value.length);
                    continue;
                }
            } else {
                in.skip();
            }
            in.skip();
            entry.wrong("tags", "has a name or value that is no text");
        }
    }

    private void time() {
        switch (in.type()) {
            case INTEGER -> {
                if (in.integer()) {
                    entry.time(in.longValue());
                } else {
                    entry.noTime();
                    entry.wrong("time", "is an integer beyond int64");
                }
            }
            case STRING -> entry.time(new String(in.payload(), StandardCharsets.UTF_8));
            case NIL -> {
                in.nil();
                entry.noTime();
            }
            default -> {
                in.skip();
                entry.noTime();
                entry.wrong("time", "is neither an integer nor text");
            }
        }
    }

    private void value() {
        in.value(entry.values);
        entry.wrong("value", in.wrong());
    }
}
