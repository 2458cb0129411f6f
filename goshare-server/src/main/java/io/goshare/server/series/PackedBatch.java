package io.goshare.server.series;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.PointBatch;

/** A batch with the rows of a series together, in the order they were sent; series without rows are left out. */
final class PackedBatch {
    static final String TOO_LATE = "time is past 2262; nanoseconds since 1970 end there";

    final int series;
    /** Index into the batch's series list, for each series that has rows. */
    final int[] indices;

    final int[] counts;
    final PackedPoints points;
    final int rows;
    final boolean needsTime;

    PackedBatch(PointBatch batch) {
        rows = batch.rows();
        int[] of = batch.series();
        int[] all = new int[batch.seriesCount()];
        boolean together = true;
        boolean noTime = false;
        for (int i = 0; i < rows; i++) {
            together &= i == 0 || of[i] >= of[i - 1];
            all[of[i]]++;
            long time = batch.times()[i];
            noTime |= time == PointBatch.NO_TIME;
            if (time == Long.MAX_VALUE) {
                throw GoShareException.badRow(i + 1L, "time", TOO_LATE);
            }
        }
        needsTime = noTime;
        int n = 0;
        int[] starts = new int[all.length];
        int at = 0;
        for (int i = 0; i < all.length; i++) {
            starts[i] = at;
            at += all[i];
            n += all[i] > 0 ? 1 : 0;
        }
        series = n;
        indices = new int[n];
        counts = new int[n];
        n = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] > 0) {
                indices[n] = i;
                counts[n++] = all[i];
            }
        }
        points = together
                ? new PackedPoints(batch.times(), batch.tags(), batch.words(), batch.heap())
                : sorted(batch, of, starts);
    }

    private PackedPoints sorted(PointBatch batch, int[] of, int[] starts) {
        long[] times = new long[rows];
        byte[] tags = new byte[rows];
        long[] words = new long[rows];
        for (int i = 0; i < rows; i++) {
            int at = starts[of[i]]++;
            times[at] = batch.times()[i];
            tags[at] = batch.tags()[i];
            words[at] = batch.words()[i];
        }
        return new PackedPoints(times, tags, words, batch.heap());
    }

    /** The same with times where none were given: {@code now}, one nanosecond more for each further row of a series. */
    PackedPoints timed(long now) {
        long[] times = points.times().clone();
        int at = 0;
        for (int i = 0; i < series; i++) {
            long next = now;
            for (int end = at + counts[i]; at < end; at++) {
                if (times[at] == PointBatch.NO_TIME) {
                    times[at] = next++;
                }
            }
        }
        return new PackedPoints(times, points.tags(), points.words(), points.heap());
    }

    /** The most rows a single series has. */
    int deepest() {
        int most = 0;
        for (int i = 0; i < series; i++) {
            most = Math.max(most, counts[i]);
        }
        return most;
    }
}
