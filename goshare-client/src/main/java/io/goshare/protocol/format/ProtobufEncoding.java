package io.goshare.protocol.format;

import io.goshare.protocol.Format;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.concurrent.TimeUnit;

/** Protocol Buffers after docs/schema/goshare.proto; see {@link ProtobufInput} and {@link ProtobufOutput}. */
final class ProtobufEncoding implements Encoding {
    @Override
    public Format format() {
        return Format.PROTOBUF;
    }

    @Override
    public PointsRead readPoints(byte[] in, int offset, int length, PointOptions options) {
        PointSink sink = new PointSink(options, length / 24 + 1);
        new ProtobufInput(in, offset, length).points(sink);
        return sink.finish();
    }

    @Override
    public Table readTable(byte[] in, int offset, int length, TimeUnit unit) {
        return new ProtobufInput(in, offset, length).table();
    }

    @Override
    public Value readValue(byte[] in, int offset, int length) {
        return new ProtobufInput(in, offset, length).value();
    }

    @Override
    public void writePoints(PointBatch batch, WriteOptions options, ByteSink out) {
        if (options.columns()) {
            ProtobufOutput.columns(batch, out);
        } else {
            ProtobufOutput.rows(batch, out);
        }
    }

    @Override
    public byte[] writeTable(Table table, WriteOptions options) {
        ByteSink out = new ByteSink();
        ProtobufOutput.table(table, out);
        return out.toByteArray();
    }

    @Override
    public void writeValue(Value value, ByteSink out) {
        ProtobufOutput.value(value, out);
    }
}
