package io.goshare.server.series;

import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.PointColumns;

/** Turns packed columns into {@link Points}. For one thread: it keeps scratch space. */
final class ChunkReader {
    private final ColumnCodec codec = new ColumnCodec();

    /** Reads points from where {@code in} stands, which is left behind them. */
    Points read(ByteSource in) {
        PointColumns columns = new PointColumns(1 << 24, 1 << 30);
        codec.decode(in, columns);
        int n = columns.count();
        boolean hasBytes = false;
        for (int i = 0; i < n && !hasBytes; i++) {
            hasBytes = Columns.isBytes(columns.tags()[i]);
        }
        return new Points(
                n, columns.times(), columns.tags(), columns.words(), hasBytes ? columns.heap() : Points.NONE.heap());
    }
}
