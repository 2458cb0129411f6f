package io.goshare.protocol.format;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import java.util.Optional;

/** Rows of a batch by series, those of each in the order they stand in the batch. */
final class SeriesOrder {
    private final int[] ends;
    private final int[] rows;

    SeriesOrder(PointBatch batch) {
        ends = new int[batch.seriesCount() + 1];
        rows = new int[batch.rows()];
        for (int row = 0; row < rows.length; row++) {
            ends[batch.series()[row] + 1]++;
        }
        for (int i = 1; i < ends.length; i++) {
            ends[i] += ends[i - 1];
        }
        int[] next = ends.clone();
        for (int row = 0; row < rows.length; row++) {
            rows[next[batch.series()[row]]++] = row;
        }
    }

    /** Positions of series {@code index}: from {@code from(index)}, before {@code to(index)}. */
    int from(int index) {
        return ends[index];
    }

    int to(int index) {
        return ends[index + 1];
    }

    /** The row of the batch at a position. */
    int row(int position) {
        return rows[position];
    }

    /** The one kind of all values of series {@code index}, decimals being floats; empty where there are several. */
    Optional<Kind> kind(PointBatch batch, int index) {
        Kind only = null;
        for (int at = from(index); at < to(index); at++) {
            Kind kind = PointBatch.kind(batch.tags()[row(at)]);
            Kind plain = kind == Kind.DECIMAL ? Kind.FLOAT : kind;
            if (only != null && only != plain) {
                return Optional.empty();
            }
            only = plain;
        }
        return Optional.ofNullable(only);
    }
}
