package io.goshare.server.series;

import java.util.Arrays;

/**
 * Lays points over points: of equal times those laid later win. Points that come in the order of time are appended;
 * only what overlaps is merged again. For one thread.
 */
final class PointsBuilder {
    private int count;
    private long[] times;
    private byte[] tags;
    private long[] words;
    private byte[] heap = new byte[0];
    private int heapEnd;

    PointsBuilder() {
        this(64);
    }

    /** Room for {@code rows} rows at first. */
    PointsBuilder(int rows) {
        times = new long[rows];
        tags = new byte[rows];
        words = new long[rows];
    }

    /** Lays rows {@code [from, to)} of {@code newer} over all before. */
    void lay(Points newer, int from, int to) {
        int n = to - from;
        if (n <= 0) {
            return;
        }
        room(count + n);
        int keep = firstAtOrAfter(newer.times()[from]);
        if (keep == count) {
            append(newer, from, to);
            return;
        }
        Points over = new Points(
                count - keep,
                Arrays.copyOfRange(times, keep, count),
                Arrays.copyOfRange(tags, keep, count),
                Arrays.copyOfRange(words, keep, count),
                heap);
        count = keep;
        merge(over, newer, from, to);
    }

    private void merge(Points older, Points newer, int from, int to) {
        int base = appendHeap(newer, from, to);
        int i = 0;
        int j = from;
        while (i < older.count() || j < to) {
            boolean takeNewer = j < to && (i == older.count() || newer.times()[j] <= older.times()[i]);
            if (takeNewer) {
                if (i < older.count() && newer.times()[j] == older.times()[i]) {
                    i++;
                }
                put(newer, j++, base);
            } else {
                put(older, i++, 0);
            }
        }
    }

    private void append(Points newer, int from, int to) {
        int base = appendHeap(newer, from, to);
        if (base == 0) {
            System.arraycopy(newer.times(), from, times, count, to - from);
            System.arraycopy(newer.tags(), from, tags, count, to - from);
            System.arraycopy(newer.words(), from, words, count, to - from);
            count += to - from;
            return;
        }
        for (int i = from; i < to; i++) {
            put(newer, i, base);
        }
    }

    private void put(Points from, int row, int base) {
        times[count] = from.times()[row];
        byte tag = from.tags()[row];
        tags[count] = tag;
        words[count++] = from.words()[row] + (Columns.isBytes(tag) ? (long) base << 32 : 0);
    }

    /** Where the heap of {@code points} begins in this one's. */
    private int appendHeap(Points points, int from, int to) {
        byte[] more = points.heap();
        boolean needed = false;
        for (int i = from; i < to && more.length > 0 && !needed; i++) {
            needed = Columns.isBytes(points.tags()[i]);
        }
        if (!needed) {
            return 0;
        }
        int base = heapEnd;
        if (heapEnd + more.length > heap.length) {
            heap = Arrays.copyOf(heap, Math.max(heapEnd + more.length, heap.length * 2));
        }
        System.arraycopy(more, 0, heap, base, more.length);
        heapEnd += more.length;
        return base;
    }

    private int firstAtOrAfter(long time) {
        if (count == 0 || times[count - 1] < time) {
            return count;
        }
        int at = Arrays.binarySearch(times, 0, count, time);
        return at < 0 ? -at - 1 : at;
    }

    private void room(int rows) {
        if (rows > times.length) {
            int room = Math.max(rows, times.length * 2);
            times = Arrays.copyOf(times, room);
            tags = Arrays.copyOf(tags, room);
            words = Arrays.copyOf(words, room);
        }
    }

    /** All of them; the builder is not to be used afterwards. */
    Points build() {
        return count == 0 ? Points.NONE : new Points(count, times, tags, words, heap);
    }
}
