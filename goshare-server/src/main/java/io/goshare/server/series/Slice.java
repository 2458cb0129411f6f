package io.goshare.server.series;

import io.goshare.protocol.column.ColumnCodec;
import org.jspecify.annotations.Nullable;

/**
 * Points of one series that were taken out of its head and wait for the next checkpoint, packed as a chunk. Immutable.
 *
 * @param sequence of the point that arrived last
 * @param value what {@link ChunkValue} writes
 * @param previous the slice frozen before this one in the same generation
 */
record Slice(
        Sequence sequence,
        long first,
        long last,
        int count,
        byte[] value,
        @Nullable Slice previous) {
    static Slice of(Points points, Sequence sequence, ColumnCodec codec, @Nullable Slice previous) {
        int n = points.count();
        return new Slice(
                sequence,
                points.times()[0],
                points.times()[n - 1],
                n,
                ChunkValue.encode(points, sequence, codec),
                previous);
    }
}
