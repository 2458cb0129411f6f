package io.goshare.server.series;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.Arrays;

/**
 * Points of one series in time order, one for each time: the columns of {@link PointBatch}. Entries of a column past
 * {@link #count} mean nothing. Read-only for those who get it.
 */
public final class Points {
    public static final Points NONE = new Points(0, new long[0], new byte[0], new long[0], new byte[0]);

    private final int count;
    private final long[] times;
    private final byte[] tags;
    private final long[] words;
    private final byte[] heap;

    Points(int count, long[] times, byte[] tags, long[] words, byte[] heap) {
        this.count = count;
        this.times = times;
        this.tags = tags;
        this.words = words;
        this.heap = heap;
    }

    public int count() {
        return count;
    }

    /** Nanoseconds since 1970. */
    public long[] times() {
        return times;
    }

    /** Kind and scale: {@link PointBatch#kind}, {@link PointBatch#scale}. */
    public byte[] tags() {
        return tags;
    }

    /** Words of numbers and booleans; of text and bytes offset in {@link #heap} &lt;&lt; 32 | length. */
    public long[] words() {
        return words;
    }

    /** Bytes of text and bytes; equal values may share theirs. */
    public byte[] heap() {
        return heap;
    }

    /** What the columns take in memory. */
    long bytes() {
        return (long) (Long.BYTES + Byte.BYTES + Long.BYTES) * count + heap.length;
    }

    /** The first row whose time is at or after {@code time}; {@link #count} if there is none. */
    public int firstAtOrAfter(long time) {
        int at = Arrays.binarySearch(times, 0, count, time);
        return at < 0 ? -at - 1 : at;
    }

    /** Whether one of them stands between these times, both included. */
    boolean reachesInto(long first, long last) {
        int row = firstAtOrAfter(first);
        return row < count && times[row] <= last;
    }

    /** The value of {@code row}, as an object: not for hot paths. */
    public Value value(int row) {
        Kind kind = PointBatch.kind(tags[row]);
        if (kind.isBytes()) {
            int offset = (int) (words[row] >>> 32);
            return Value.fromColumns(kind, 0, 0, Arrays.copyOfRange(heap, offset, offset + (int) words[row]));
        }
        return Value.fromColumns(kind, PointBatch.scale(tags[row]), words[row], new byte[0]);
    }

    /**
     * Without the points between two equal neighbours no further apart than {@code staleAfterNanos}: as states along
     * time they say the same.
     */
    public Points changes(long staleAfterNanos) {
        return ChangeOnly.thin(this, staleAfterNanos);
    }

    /** Rows {@code [from, to)} of these. */
    Points slice(int from, int to) {
        if (from == 0 && to == count) {
            return this;
        }
        return from >= to
                ? NONE
                : new Points(
                        to - from,
                        Arrays.copyOfRange(times, from, to),
                        Arrays.copyOfRange(tags, from, to),
                        Arrays.copyOfRange(words, from, to),
                        heap);
    }
}
