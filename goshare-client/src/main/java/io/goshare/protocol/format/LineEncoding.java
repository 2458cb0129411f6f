package io.goshare.protocol.format;

import io.goshare.protocol.Format;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;

/** Influx line protocol, for points alone; see {@link LinePoints}. */
final class LineEncoding implements Encoding {
    @Override
    public Format format() {
        return Format.LP;
    }

    @Override
    public PointsRead readPoints(byte[] in, int offset, int length, PointOptions options) {
        return LinePoints.read(in, offset, length, options);
    }

    @Override
    public void writePoints(PointBatch batch, WriteOptions options, ByteSink out) {
        LinePoints.write(batch, out);
    }
}
