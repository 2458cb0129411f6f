package io.goshare.protocol.format;

import io.goshare.protocol.Table;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Writes what {@link MsgPackPoints} and {@link MsgPackTables} read. A decimal is written as its float64. */
final class MsgPackOutput {
    private final MessageBufferPacker out = MessagePack.newDefaultBufferPacker();
    private final WriteOptions options;

    MsgPackOutput(WriteOptions options) {
        this.options = options;
    }

    byte[] bytes() throws IOException {
        out.flush();
        return out.toByteArray();
    }

    private void text(byte[] bytes, int offset, int length) throws IOException {
        out.packRawStringHeader(length).writePayload(bytes, offset, length);
    }

    private void text(String text) throws IOException {
        byte[] bytes = Text.encode(text);
        text(bytes, 0, bytes.length);
    }

    void value(Value value) throws IOException {
        value(value.kind(), value.scale(), value.word(), value.bytes(), 0, value.bytes().length);
    }

    private void value(PointBatch batch, int row) throws IOException {
        byte tag = batch.tags()[row];
        long word = batch.words()[row];
        value(PointBatch.kind(tag), PointBatch.scale(tag), word, batch.heap(), (int) (word >>> 32), (int) word);
    }

    private void value(Kind kind, int scale, long word, byte[] bytes, int offset, int length) throws IOException {
        switch (kind) {
            case INTEGER -> out.packLong(word);
            case DECIMAL -> out.packDouble(Value.decimalToDouble(word, scale));
            case FLOAT -> out.packDouble(Double.longBitsToDouble(word));
            case BOOLEAN -> out.packBoolean(word == 1);
            case TEXT -> text(bytes, offset, length);
            case BYTES -> out.packBinaryHeader(length).writePayload(bytes, offset, length);
        }
    }

    private void time(long nanos) throws IOException {
        if (nanos == PointBatch.NO_TIME) {
            out.packNil();
        } else if (options.times() == WriteOptions.Times.RFC3339) {
            text(TimeText.print(nanos));
        } else if (options.times() == WriteOptions.Times.NS && TimeText.needsUnit(nanos)) {
            text(nanos + "ns");
        } else {
            out.packLong(Math.floorDiv(nanos, Csv.unit(options.times()).toNanos(1)));
        }
    }

    void table(Table table) throws IOException {
        out.packArrayHeader(table.size());
        for (@Nullable Value[] row : table.rows()) {
            out.packMapHeader(row.length);
            for (int i = 0; i < row.length; i++) {
                text(table.columns().get(i).name());
                Value cell = row[i];
                if (cell == null) {
                    out.packNil();
                } else if (table.columns().get(i).type() == Table.Type.TIME && cell.kind() == Kind.INTEGER) {
                    time(cell.word());
                } else {
                    value(cell);
                }
            }
        }
    }

    void points(PointBatch batch) throws IOException {
        if (options.columns()) {
            columns(batch);
            return;
        }
        byte[][] heads = new byte[batch.seriesCount()][];
        for (int i = 0; i < heads.length; i++) {
            MsgPackOutput head = new MsgPackOutput(options);
            head.head(batch.key(i));
            heads[i] = head.bytes();
        }
        out.packArrayHeader(batch.rows());
        for (int row = 0; row < batch.rows(); row++) {
            int series = batch.series()[row];
            boolean tags = !batch.key(series).tags().isEmpty();
            out.packMapHeader(tags ? 4 : 3);
            out.writePayload(heads[series]);
            text("time".getBytes(StandardCharsets.US_ASCII), 0, 4);
            time(batch.times()[row]);
            text("value".getBytes(StandardCharsets.US_ASCII), 0, 5);
            value(batch, row);
        }
    }

    private void columns(PointBatch batch) throws IOException {
        SeriesOrder order = new SeriesOrder(batch);
        out.packMapHeader(1);
        text("series");
        out.packArrayHeader(batch.seriesCount());
        for (int i = 0; i < batch.seriesCount(); i++) {
            SeriesKey key = batch.key(i);
            out.packMapHeader(key.tags().isEmpty() ? 3 : 4);
            head(key);
            text("times");
            out.packArrayHeader(order.to(i) - order.from(i));
            for (int at = order.from(i); at < order.to(i); at++) {
                time(batch.times()[order.row(at)]);
            }
            text("values");
            out.packArrayHeader(order.to(i) - order.from(i));
            for (int at = order.from(i); at < order.to(i); at++) {
                value(batch, order.row(at));
            }
        }
    }

    private void head(SeriesKey key) throws IOException {
        text("path");
        text(key.path().toString());
        if (!key.tags().isEmpty()) {
            text("tags");
            out.packMapHeader(key.tags().size());
            for (var tag : key.tags().entrySet()) {
                text(tag.getKey());
                text(tag.getValue());
            }
        }
    }
}
