package io.goshare.protocol.format;

import io.goshare.protocol.Format;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.concurrent.TimeUnit;

/** Cap'n Proto after docs/schema/goshare.capnp; see {@link CapnpReader} and {@link CapnpWriter}. */
final class CapnpEncoding implements Encoding {
    @Override
    public Format format() {
        return Format.CAPNP;
    }

    @Override
    public PointsRead readPoints(byte[] in, int offset, int length, PointOptions options) {
        PointSink sink = new PointSink(options, length / 24 + 1);
        new CapnpReader(in, offset, length).points(sink);
        return sink.finish();
    }

    @Override
    public Table readTable(byte[] in, int offset, int length, TimeUnit unit) {
        return new CapnpReader(in, offset, length).table();
    }

    @Override
    public Value readValue(byte[] in, int offset, int length) {
        return new CapnpReader(in, offset, length).value();
    }

    @Override
    public void writePoints(PointBatch batch, WriteOptions options, ByteSink out) {
        CapnpWriter writer = new CapnpWriter();
        if (options.columns()) {
            writer.columns(batch);
        } else {
            writer.rows(batch);
        }
        writer.to(out);
    }

    @Override
    public byte[] writeTable(Table table, WriteOptions options) {
        ByteSink out = new ByteSink();
        CapnpWriter writer = new CapnpWriter();
        writer.table(table);
        writer.to(out);
        return out.toByteArray();
    }

    @Override
    public void writeValue(Value value, ByteSink out) {
        CapnpWriter writer = new CapnpWriter();
        writer.value(value);
        writer.to(out);
    }
}
