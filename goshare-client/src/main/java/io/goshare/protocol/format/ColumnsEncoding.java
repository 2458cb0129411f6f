package io.goshare.protocol.format;

import io.goshare.protocol.Format;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;

/** The SDK's binary body, for points alone; see {@link ColumnsPoints}. */
final class ColumnsEncoding implements Encoding {
    @Override
    public Format format() {
        return Format.COLUMNS;
    }

    @Override
    public PointsRead readPoints(byte[] in, int offset, int length, PointOptions options) {
        return ColumnsPoints.read(in, offset, length, options);
    }

    @Override
    public void writePoints(PointBatch batch, WriteOptions options, ByteSink out) {
        ColumnsPoints.write(batch, out);
    }
}
