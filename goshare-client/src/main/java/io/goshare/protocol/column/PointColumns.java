package io.goshare.protocol.column;

/**
 * Decoded points of one series as columns, laid out as in {@link io.goshare.protocol.model.PointBatch}. Reused from one
 * decode to the next: arrays belong to this object and hold {@link #count} entries. For one thread.
 */
public final class PointColumns {
    private final int maxPoints;
    private final int maxBytes;
    private int count;
    private long[] times = {};
    private byte[] tags = {};
    private long[] words = {};
    private byte[] heap = {};

    /** Columns of 1,048,576 points and 64 MiB of text at most. */
    public PointColumns() {
        this(1 << 20, 64 << 20);
    }

    /** What claims more is refused before any room is made for it. */
    public PointColumns(int maxPoints, int maxBytes) {
        this.maxPoints = maxPoints;
        this.maxBytes = maxBytes;
    }

    public int count() {
        return count;
    }

    /** Nanoseconds since 1970. */
    public long[] times() {
        return times;
    }

    /** Kind and scale, see {@link io.goshare.protocol.model.PointBatch#tag}. */
    public byte[] tags() {
        return tags;
    }

    /** Words; for text and bytes offset &lt;&lt; 32 | length in {@link #heap}. */
    public long[] words() {
        return words;
    }

    /** Bytes of text and bytes values; equal values may share theirs. */
    public byte[] heap() {
        return heap;
    }

    int maxPoints() {
        return maxPoints;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** Starts over with {@code count} points. */
    void start(int count) {
        this.count = count;
        if (times.length < count) {
            int room = Math.max(count, 16);
            times = new long[room];
            tags = new byte[room];
            words = new long[room];
        }
    }

    byte[] heap(int bytes) {
        if (heap.length < bytes) {
            heap = new byte[bytes];
        }
        return heap;
    }
}
