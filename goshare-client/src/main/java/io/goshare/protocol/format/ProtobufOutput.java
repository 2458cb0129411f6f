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
 * Writes a Body of docs/schema/goshare.proto. A field is its number &lt;&lt; 3 | wire type, as a varint, and then
 *
 * <pre>
 *   0  varint                     integers (zigzag), booleans
 *   1  8 bytes, least first       doubles, times
 *   2  length as varint, bytes    bytes, messages, and arrays of the two above
 * </pre>
 *
 * A message's length stands before it, so each is written to a sink of its own first; a decimal as its double.
 */
final class ProtobufOutput {
    static final int VARINT = 0;
    static final int FIXED = 1;
    static final int LENGTH = 2;

    private ProtobufOutput() {}

    private static void field(int number, int wireType, ByteSink out) {
        out.putVarint(number << 3 | wireType);
    }

    private static void bytes(int number, byte[] bytes, int offset, int length, ByteSink out) {
        field(number, LENGTH, out);
        out.putVarint(length).put(bytes, offset, length);
    }

    private static void bytes(int number, byte[] bytes, ByteSink out) {
        bytes(number, bytes, 0, bytes.length, out);
    }

    private static void message(int number, ByteSink message, ByteSink out) {
        bytes(number, message.array(), 0, message.size(), out);
    }

    static void value(Value value, ByteSink out) {
        ByteSink message = new ByteSink(16 + value.bytes().length);
        kind(value.kind(), value.scale(), value.word(), value.bytes(), 0, value.bytes().length, message);
        message(3, message, out);
    }

    private static void kind(Kind kind, int scale, long word, byte[] bytes, int offset, int length, ByteSink out) {
        switch (kind) {
            case FLOAT, DECIMAL -> {
                field(1, FIXED, out);
                out.putLong(floatBits(kind, scale, word));
            }
            case INTEGER -> {
                field(2, VARINT, out);
                out.putZigZag(word);
            }
            case BOOLEAN -> {
                field(3, VARINT, out);
                out.put((int) word);
            }
            case TEXT -> bytes(4, bytes, offset, length, out);
            case BYTES -> bytes(5, bytes, offset, length, out);
        }
    }

    /** The bits of the double that a float or decimal is. */
    static long floatBits(Kind kind, int scale, long word) {
        return kind == Kind.FLOAT ? word : Double.doubleToRawLongBits(Value.decimalToDouble(word, scale));
    }

    static long floatBits(PointBatch batch, int row) {
        byte tag = batch.tags()[row];
        return floatBits(PointBatch.kind(tag), PointBatch.scale(tag), batch.words()[row]);
    }

    private static void kind(PointBatch batch, int row, ByteSink out) {
        byte tag = batch.tags()[row];
        long word = batch.words()[row];
        kind(PointBatch.kind(tag), PointBatch.scale(tag), word, batch.heap(), (int) (word >>> 32), (int) word, out);
    }

    static void table(Table table, ByteSink out) {
        ByteSink content = new ByteSink();
        ByteSink inner = new ByteSink();
        ByteSink cell = new ByteSink();
        for (Table.Column column : table.columns()) {
            inner.truncate(0);
            bytes(1, Text.encode(column.name()), inner);
            if (column.type() == Table.Type.TIME) {
                field(2, VARINT, inner);
                inner.put(1);
            }
            message(1, inner, content);
        }
        for (@Nullable Value[] row : table.rows()) {
            inner.truncate(0);
            for (Value value : row) {
                cell.truncate(0);
                if (value != null) {
                    byte[] bytes = value.bytes();
                    kind(value.kind(), value.scale(), value.word(), bytes, 0, bytes.length, cell);
                }
                message(1, cell, inner);
            }
            message(2, inner, content);
        }
        message(2, content, out);
    }

    static void rows(PointBatch batch, ByteSink out) {
        byte[][] heads = new byte[batch.seriesCount()][];
        for (int i = 0; i < heads.length; i++) {
            ByteSink head = new ByteSink();
            head(batch.key(i), head);
            heads[i] = head.toByteArray();
        }
        ByteSink content = new ByteSink(64 + batch.rows() * 32);
        ByteSink inner = new ByteSink();
        ByteSink value = new ByteSink();
        for (int row = 0; row < batch.rows(); row++) {
            inner.truncate(0).put(heads[batch.series()[row]]);
            if (batch.times()[row] != PointBatch.NO_TIME) {
                field(3, FIXED, inner);
                inner.putLong(batch.times()[row]);
            }
            kind(batch, row, value.truncate(0));
            message(4, value, inner);
            message(2, inner, content);
        }
        message(1, content, out);
    }

    static void columns(PointBatch batch, ByteSink out) {
        SeriesOrder order = new SeriesOrder(batch);
        ByteSink content = new ByteSink(64 + batch.rows() * 16);
        ByteSink inner = new ByteSink();
        ByteSink values = new ByteSink();
        for (int series = 0; series < batch.seriesCount(); series++) {
            inner.truncate(0);
            head(batch.key(series), inner);
            field(3, LENGTH, inner);
            inner.putVarint((order.to(series) - order.from(series)) * 8L);
            for (int at = order.from(series); at < order.to(series); at++) {
                inner.putLong(batch.times()[order.row(at)]);
            }
            Kind only = order.kind(batch, series).orElse(null);
            for (int at = order.from(series); at < order.to(series); at++) {
                element(batch, order.row(at), only, values, inner);
            }
            if (values.size() > 0) {
                message(only == Kind.FLOAT ? 4 : only == Kind.INTEGER ? 5 : 6, values, inner);
                values.truncate(0);
            }
            message(1, inner, content);
        }
        message(1, content, out);
    }

    /**
     * A value of a series whose values are all {@code only}: numbers gather in {@code array}, all else in its field.
     */
    private static void element(PointBatch batch, int row, @Nullable Kind only, ByteSink array, ByteSink out) {
        long word = batch.words()[row];
        if (only == null) {
            ByteSink value = new ByteSink();
            kind(batch, row, value);
            message(9, value, out);
            return;
        }
        switch (only) {
            case FLOAT, DECIMAL -> array.putLong(floatBits(batch, row));
            case INTEGER -> array.putZigZag(word);
            case BOOLEAN -> array.put((int) word);
            case TEXT -> bytes(7, batch.heap(), (int) (word >>> 32), (int) word, out);
            case BYTES -> bytes(8, batch.heap(), (int) (word >>> 32), (int) word, out);
        }
    }

    private static void head(SeriesKey key, ByteSink out) {
        bytes(1, Text.encode(key.path().toString()), out);
        for (var tag : key.tags().entrySet()) {
            ByteSink pair = new ByteSink();
            bytes(1, Text.encode(tag.getKey()), pair);
            bytes(2, Text.encode(tag.getValue()), pair);
            message(2, pair, out);
        }
    }
}
