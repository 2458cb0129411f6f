package io.goshare.protocol.column;

import io.goshare.protocol.column.IntegerCodec.Effort;
import io.goshare.protocol.model.Value;

/**
 * A column of times, any int64 in any order. Regular ones cost their first and step; those of many series that were
 * sampled at once cost one series' times; else the distances, divided by what divides them all, are a column of
 * integers of their own, in which differences are delta of delta (Pelkonen et al., "Gorilla", VLDB 2015). For one
 * thread.
 *
 * <pre>
 *   mode      1 byte    0 regular, 1 distances, 2 cycle
 *                       regular: + 16 × zeros, the decimal zeros that first and step end in
 *   regular:  first and step / 10^zeros, zig-zag (no step for a single time)
 *   distances: first, zig-zag
 *             unit, varint; then an integer column of (count - 1) distances / unit
 *   cycle:    length, varint, less than count; then a column of so many times, regular or distances, which come again
 *             and again until all are told
 * </pre>
 */
public final class TimeCodec {
    private static final int REGULAR = 0;
    private static final int DISTANCES = 1;
    private static final int CYCLE = 2;

    private static final int MAX_ZEROS = 9;

    private final IntegerCodec integers;
    private long[] scratch = new long[64];

    public TimeCodec(IntegerCodec integers) {
        this.integers = integers;
    }

    /** Writes {@code times[from, to)}; nothing for none. */
    public void encode(long[] times, int from, int to, Effort effort, ByteSink out) {
        int n = to - from;
        if (n == 0 || writeRegular(times, from, to, out)) {
            return;
        }
        int cycle = cycle(times, from, to);
        if (cycle < n) {
            out.put(CYCLE).putVarint(cycle);
            if (writeRegular(times, from, from + cycle, out)) {
                return;
            }
        }
        writeDistances(times, from, cycle - 1, effort, out);
    }

    /** The number of times after which they begin again, and go on the same to the end; all, if they never do. */
    private static int cycle(long[] times, int from, int to) {
        int n = to - from;
        int cycle = 1;
        while (cycle < n && times[from + cycle] > times[from + cycle - 1]) {
            cycle++;
        }
        for (int i = from + cycle; i < to; i++) {
            if (times[i] != times[i - cycle]) {
                return n;
            }
        }
        return cycle;
    }

    private void writeDistances(long[] times, int from, int distances, Effort effort, ByteSink out) {
        room(distances);
        long unit = 0;
        for (int i = 0; i < distances; i++) {
            scratch[i] = times[from + i + 1] - times[from + i];
            boolean again = i > 0 && scratch[i] == scratch[i - 1];
            unit = unit == 1 || again ? unit : divisor(unit, scratch[i]);
        }
        long whole = 0;
        long divided = 0;
        for (int i = 0; i < distances && unit > 1; i++) {
            if (scratch[i] != whole) {
                whole = scratch[i];
                divided = whole / unit;
            }
            scratch[i] = divided;
        }
        out.put(DISTANCES).putZigZag(times[from]).putVarint(unit);
        if (effort == Effort.SMALL) {
            integers.encodeSmaller(scratch, 0, distances, effort, out);
        } else {
            integers.encode(scratch, 0, distances, effort, out);
        }
    }

    /** Writes regular times; false, and nothing written, if they are not. */
    private static boolean writeRegular(long[] times, int from, int to, ByteSink out) {
        boolean hasStep = to - from > 1;
        long first = times[from];
        long step = hasStep ? times[from + 1] - first : 0;
        if (!regular(times, from, to, step)) {
            return false;
        }
        int zeros = MAX_ZEROS;
        while (first % Value.powerOfTen(zeros) != 0 || step % Value.powerOfTen(zeros) != 0) {
            zeros--;
        }
        out.put(REGULAR | zeros << 4).putZigZag(first / Value.powerOfTen(zeros));
        if (hasStep) {
            out.putZigZag(step / Value.powerOfTen(zeros));
        }
        return true;
    }

    private static boolean regular(long[] times, int from, int to, long step) {
        for (int i = from + 1; i < to; i++) {
            if (times[i] - times[i - 1] != step) {
                return false;
            }
        }
        return true;
    }

    /** The greatest common divisor, at least 1 unless both are 0. */
    private static long divisor(long a, long b) {
        if (b == Long.MIN_VALUE) {
            return 1;
        }
        long x = a;
        long y = Math.abs(b);
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }

    private void room(int n) {
        if (scratch.length < n) {
            scratch = new long[Math.max(n, scratch.length * 2)];
        }
    }

    /** Reads {@code count} times into {@code times} from 0 on, which has room for them. */
    public void decode(ByteSource in, int count, long[] times) {
        if (count == 0) {
            return;
        }
        int mode = in.get();
        if (mode != CYCLE) {
            decode(mode, in, count, times);
            return;
        }
        int cycle = in.count(count - 1);
        if (cycle == 0) {
            throw new CorruptColumnException("a cycle of no times");
        }
        decode(in.get(), in, cycle, times);
        for (int i = cycle; i < count; i++) {
            times[i] = times[i - cycle];
        }
    }

    private void decode(int mode, ByteSource in, int count, long[] times) {
        if ((mode & 15) == REGULAR && mode >>> 4 <= MAX_ZEROS) {
            long unit = Value.powerOfTen(mode >>> 4);
            long time = in.zigZag() * unit;
            long step = count == 1 ? 0 : in.zigZag() * unit;
            times[0] = time;
            for (int i = 1; i < count; i++) {
                time += step;
                times[i] = time;
            }
        } else if (mode == DISTANCES) {
            long time = in.zigZag();
            times[0] = time;
            long unit = in.varint();
            room(count);
            integers.decode(in, count - 1, scratch, 0);
            for (int i = 1; i < count; i++) {
                time += scratch[i - 1] * unit;
                times[i] = time;
            }
        } else {
            throw new CorruptColumnException("unknown mode " + mode + " of times");
        }
    }
}
