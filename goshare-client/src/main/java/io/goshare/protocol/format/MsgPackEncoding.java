package io.goshare.protocol.format;

import io.goshare.protocol.Format;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** MessagePack; see {@link MsgPackPoints} and {@link MsgPackTables}. */
final class MsgPackEncoding implements Encoding {
    @Override
    public Format format() {
        return Format.MSGPACK;
    }

    @Override
    public PointsRead readPoints(byte[] in, int offset, int length, PointOptions options) {
        return MsgPackPoints.read(in, offset, length, options);
    }

    @Override
    public Table readTable(byte[] in, int offset, int length, TimeUnit unit) {
        return MsgPackTables.read(in, offset, length, unit);
    }

    @Override
    public Value readValue(byte[] in, int offset, int length) {
        return MsgPackTables.readValue(in, offset, length);
    }

    private interface Step {
        void write(MsgPackOutput out) throws IOException;
    }

    private static void write(WriteOptions options, ByteSink to, Step step) {
        try {
            MsgPackOutput out = new MsgPackOutput(options);
            step.write(out);
            to.put(out.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array takes every byte", e);
        }
    }

    @Override
    public void writePoints(PointBatch batch, WriteOptions options, ByteSink out) {
        write(options, out, to -> to.points(batch));
    }

    @Override
    public byte[] writeTable(Table table, WriteOptions options) {
        ByteSink out = new ByteSink();
        write(options, out, to -> to.table(table));
        return out.toByteArray();
    }

    @Override
    public void writeValue(Value value, ByteSink out) {
        write(WriteOptions.DEFAULT, out, to -> to.value(value));
    }
}
