package io.goshare.protocol.format;

import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import org.jspecify.annotations.Nullable;

/**
 * Writes a Body of docs/schema/goshare.capnp. Its structs, words of data and then pointers; which member of a union
 * there is stands in the low 16 bits of the first word:
 *
 * <pre>
 *   Body    [union]            [points, table or value]     union 0 points, 1 table, 2 value
 *   Value   [union] [number]   [text or blob]               union 0 nothing, 1 float, 2 integer, 3 boolean, 4 text, 5 blob
 *   Points                     [series] [rows]
 *   Series  [union]            [path] [tags] [times] [values]
 *                              union 0 values, 1 floats, 2 integers, 3 booleans, 4 texts, 5 blobs
 *   Point   [time ^ -2^63]     [path] [tags] [value]
 *   Tag                        [name] [value]
 *   Table                      [columns] [rows]
 *   Column  [type]             [name]
 *   Row                        [cells]
 * </pre>
 *
 * For one message and one thread.
 */
final class CapnpWriter {
    private final CapnpOutput out = new CapnpOutput();

    /** The root's only pointer, where the member's struct is hung. */
    private int body(int union) {
        int root = out.allocate(1);
        int body = out.struct(root, 1, 1);
        out.putWord(body, union);
        return body + 8;
    }

    void to(ByteSink sink) {
        out.to(sink);
    }

    void value(Value value) {
        put(value, out.struct(body(2), 2, 1));
    }

    private void put(Value value, int at) {
        byte[] bytes = value.bytes();
        put(value.kind(), value.scale(), value.word(), bytes, 0, bytes.length, at);
    }

    private void put(PointBatch batch, int row, int at) {
        byte tag = batch.tags()[row];
        long word = batch.words()[row];
        put(PointBatch.kind(tag), PointBatch.scale(tag), word, batch.heap(), (int) (word >>> 32), (int) word, at);
    }

    private void put(Kind kind, int scale, long word, byte[] bytes, int offset, int length, int at) {
        switch (kind) {
            case FLOAT, DECIMAL -> {
                out.putWord(at, 1);
                out.putWord(at + 8, ProtobufOutput.floatBits(kind, scale, word));
            }
            case INTEGER -> {
                out.putWord(at, 2);
                out.putWord(at + 8, word);
            }
            case BOOLEAN -> {
                out.putWord(at, 3);
                out.putWord(at + 8, word);
            }
            case TEXT, BYTES -> {
                out.putWord(at, kind == Kind.TEXT ? 4 : 5);
                out.data(at + 16, bytes, offset, length);
            }
        }
    }

    void table(Table table) {
        int at = out.struct(body(1), 0, 2);
        int column = out.structs(at, table.columns().size(), 1, 1);
        for (Table.Column each : table.columns()) {
            out.putWord(column, each.type() == Table.Type.TIME ? 1 : 0);
            out.data(column + 8, Text.encode(each.name()));
            column += 16;
        }
        int row = out.structs(at + 8, table.size(), 0, 1);
        for (@Nullable Value[] cells : table.rows()) {
            int cell = out.structs(row, cells.length, 2, 1);
            for (Value value : cells) {
                if (value != null) {
                    put(value, cell);
                }
                cell += 24;
            }
            row += 8;
        }
    }

    void rows(PointBatch batch) {
        byte[][] paths = new byte[batch.seriesCount()][];
        SeriesKey[] keys = new SeriesKey[batch.seriesCount()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = batch.key(i);
            paths[i] = Text.encode(keys[i].path().toString());
        }
        int points = out.struct(body(0), 0, 2);
        int point = out.structs(points + 8, batch.rows(), 1, 3);
        for (int row = 0; row < batch.rows(); row++) {
            int series = batch.series()[row];
            out.putWord(point, batch.times()[row] ^ PointBatch.NO_TIME);
            head(paths[series], keys[series], point + 8);
            put(batch, row, out.struct(point + 24, 2, 1));
            point += 32;
        }
    }

    /** The pointers of path and tags. */
    private void head(byte[] path, SeriesKey key, int pointer) {
        out.data(pointer, path);
        if (key.tags().isEmpty()) {
            return;
        }
        int tag = out.structs(pointer + 8, key.tags().size(), 0, 2);
        for (var each : key.tags().entrySet()) {
            out.data(tag, Text.encode(each.getKey()));
            out.data(tag + 8, Text.encode(each.getValue()));
            tag += 16;
        }
    }

    void columns(PointBatch batch) {
        SeriesOrder order = new SeriesOrder(batch);
        int points = out.struct(body(0), 0, 2);
        int at = out.structs(points, batch.seriesCount(), 1, 4);
        for (int series = 0; series < batch.seriesCount(); series++) {
            SeriesKey key = batch.key(series);
            head(Text.encode(key.path().toString()), key, at + 8);
            int time = out.words(at + 24, order.to(series) - order.from(series));
            for (int position = order.from(series); position < order.to(series); position++) {
                out.putWord(time, batch.times()[order.row(position)]);
                time += 8;
            }
            values(batch, order, series, at);
            at += 40;
        }
    }

    private void values(PointBatch batch, SeriesOrder order, int series, int at) {
        int from = order.from(series);
        int count = order.to(series) - from;
        int pointer = at + 32;
        Kind only = order.kind(batch, series).orElse(null);
        if (only == null) {
            int value = out.structs(pointer, count, 2, 1);
            for (int i = 0; i < count; i++) {
                put(batch, order.row(from + i), value + i * 24);
            }
            return;
        }
        int list = switch (only) {
            case FLOAT, DECIMAL, INTEGER -> out.words(pointer, count);
            case BOOLEAN -> out.bits(pointer, count);
            case TEXT, BYTES -> out.pointers(pointer, count);
        };
        for (int i = 0; i < count; i++) {
            element(batch, order.row(from + i), only, list, i);
        }
        out.putWord(
                at,
                switch (only) {
                    case FLOAT, DECIMAL -> 1;
                    case INTEGER -> 2;
                    case BOOLEAN -> 3;
                    case TEXT -> 4;
                    case BYTES -> 5;
                });
    }

    private void element(PointBatch batch, int row, Kind only, int list, int index) {
        long word = batch.words()[row];
        switch (only) {
            case FLOAT, DECIMAL -> out.putWord(list + index * 8, ProtobufOutput.floatBits(batch, row));
            case INTEGER -> out.putWord(list + index * 8, word);
            case BOOLEAN -> {
                if (word == 1) {
                    out.setBit(list, index);
                }
            }
            case TEXT, BYTES -> out.data(list + index * 8, batch.heap(), (int) (word >>> 32), (int) word);
        }
    }
}
