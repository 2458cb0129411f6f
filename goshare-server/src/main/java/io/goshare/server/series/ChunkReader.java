package io.goshare.server.series;

import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.PointColumns;
import java.util.Arrays;

/** Turns packed columns into {@link Points}. For one thread: it keeps scratch space. */
final class ChunkReader {
    private final ColumnCodec codec = new ColumnCodec();
    private final PointColumns columns = new PointColumns(1 << 24, 1 << 30);

    /** Reads points from where {@code in} stands, which is left behind them. */
    Points read(ByteSource in) {
        codec.decode(in, columns);
        int n = columns.count();
        boolean hasBytes = false;
        for (int i = 0; i < n && !hasBytes; i++) {
            hasBytes = Columns.isBytes(columns.tags()[i]);
        }
        return new Points(
                n,
                Arrays.copyOf(columns.times(), n),
                Arrays.copyOf(columns.tags(), n),
                Arrays.copyOf(columns.words(), n),
                hasBytes ? columns.heap().clone() : Points.NONE.heap());
    }
}
