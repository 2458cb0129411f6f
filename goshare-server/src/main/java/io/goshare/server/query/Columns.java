package io.goshare.server.query;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import io.goshare.server.series.Points;
import java.util.Arrays;
import java.util.List;

/**
 * Points of one series in time order, as the columns of {@link PointBatch}; entries past {@code count} mean nothing.
 * Not changed once made.
 */
public record Columns(int count, long[] times, byte[] tags, long[] words, byte[] heap) {
    public static final Columns NONE = new Columns(0, new long[0], new byte[0], new long[0], new byte[0]);

    /** A bit for each code of a kind of numbers. */
    private static final int NUMBERS = numbers();

    private static int numbers() {
        int bits = 0;
        for (Kind kind : Kind.values()) {
            bits |= kind.isNumber() ? 1 << kind.code() : 0;
        }
        return bits;
    }

    /** Points as the store has them. */
    static Columns of(Points points) {
        return new Columns(points.count(), points.times(), points.tags(), points.words(), points.heap());
    }

    /** Values of many series at one time. */
    static Columns of(List<Value> values) {
        PointBatch.Builder all = new PointBatch.Builder(values.size());
        values.forEach(value -> all.add(0, 0, value));
        PointBatch batch = all.build();
        return new Columns(batch.rows(), batch.times(), batch.tags(), batch.words(), batch.heap());
    }

    Kind kind(int row) {
        return PointBatch.kind(tags[row]);
    }

    boolean isNumber(int row) {
        return (NUMBERS >>> (tags[row] & 7) & 1) != 0;
    }

    /** The end of the rows from {@code row} on that have its kind and digits; {@code to} at most. */
    int endOfTag(int row, int to) {
        int end = row + 1;
        while (end < to && tags[end] == tags[row]) {
            end++;
        }
        return end;
    }

    /** The number of {@code row}, which must be one. */
    double number(int row) {
        return Numbers.toDouble(tags[row], words[row]);
    }

    /** Whether the number of row {@code a} is less than that of row {@code b}. */
    boolean isLess(int a, int b) {
        return Numbers.isLess(tags[a], words[a], tags[b], words[b]);
    }

    /** The value of {@code row}, as an object: not for hot paths. */
    Value value(int row) {
        Kind kind = kind(row);
        if (kind.isBytes()) {
            int offset = (int) (words[row] >>> 32);
            return Value.fromColumns(kind, 0, 0, Arrays.copyOfRange(heap, offset, offset + (int) words[row]));
        }
        return Value.fromColumns(kind, PointBatch.scale(tags[row]), words[row], new byte[0]);
    }

    /** Whether two rows hold equal values, as {@link Value#equals} has it. */
    boolean same(int a, int b) {
        Kind kind = kind(a);
        if (tags[a] == tags[b]) {
            return words[a] == words[b] || kind.isBytes() && sameBytes(words[a], words[b]);
        }
        return kind.letter() == 'f'
                && kind(b).letter() == 'f'
                && Double.doubleToRawLongBits(number(a)) == Double.doubleToRawLongBits(number(b));
    }

    private boolean sameBytes(long a, long b) {
        int length = (int) a;
        int from = (int) (a >>> 32);
        int other = (int) (b >>> 32);
        return length == (int) b && Arrays.equals(heap, from, from + length, heap, other, other + length);
    }

    /** The first row whose time is at or after {@code time}, searched from {@code first} on; {@code count} if none. */
    int firstAtOrAfter(long time, int first) {
        if (first < count && times[first] >= time) {
            return first;
        }
        int at = Arrays.binarySearch(times, Math.min(first, count), count, time);
        return at < 0 ? -at - 1 : at;
    }

    /** {@code head}, which stands before these in time, and these. */
    Columns after(Columns head) {
        if (head.count == 0) {
            return this;
        }
        int rows = head.count + count;
        long[] newTimes = Arrays.copyOf(head.times, rows);
        byte[] newTags = Arrays.copyOf(head.tags, rows);
        long[] newWords = Arrays.copyOf(head.words, rows);
        byte[] newHeap = heap;
        System.arraycopy(times, 0, newTimes, head.count, count);
        System.arraycopy(tags, 0, newTags, head.count, count);
        System.arraycopy(words, 0, newWords, head.count, count);
        if (heap.length == 0) {
            newHeap = head.heap;
        } else if (head.heap.length > 0) {
            newHeap = Arrays.copyOf(heap, heap.length + head.heap.length);
            System.arraycopy(head.heap, 0, newHeap, heap.length, head.heap.length);
            for (int i = 0; i < head.count; i++) {
                newWords[i] += head.kind(i).isBytes() ? (long) heap.length << 32 : 0;
            }
        }
        return new Columns(rows, newTimes, newTags, newWords, newHeap);
    }

    /** The rows from {@code first} on. */
    Columns from(int first) {
        return new Columns(
                count - first,
                Arrays.copyOfRange(times, first, count),
                Arrays.copyOfRange(tags, first, count),
                Arrays.copyOfRange(words, first, count),
                heap);
    }

    /** The first {@code rows} rows. */
    Columns first(int rows) {
        return rows == count ? this : new Columns(rows, times, tags, words, heap);
    }

    /** How many rows of {@code [from, to)} hold no number. */
    long others(int from, int to) {
        long others = 0;
        for (int row = from; row < to; ) {
            int end = endOfTag(row, to);
            others += isNumber(row) ? 0 : end - row;
            row = end;
        }
        return others;
    }

    /** The rows whose index is among the first {@code kept} of {@code rows}. */
    Columns only(int[] rows, int kept) {
        if (kept == count) {
            return this;
        }
        long[] newTimes = new long[kept];
        byte[] newTags = new byte[kept];
        long[] newWords = new long[kept];
        for (int i = 0; i < kept; i++) {
            newTimes[i] = times[rows[i]];
            newTags[i] = tags[rows[i]];
            newWords[i] = words[rows[i]];
        }
        return new Columns(kept, newTimes, newTags, newWords, heap);
    }
}
