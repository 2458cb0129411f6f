package io.goshare.server.query;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What a condition is along a range of time: false, true or unknown, in steps without a gap between. Neighbours differ.
 * Three-valued logic is Kleene's: unknown and false is false, unknown or true is true, not unknown is unknown.
 *
 * @param from where each step begins, the first at the beginning of the range; entries past {@code count} mean nothing
 * @param values {@link #FALSE}, {@link #TRUE} or {@link #UNKNOWN}
 * @param end where the last step ends
 */
record Truth(int count, long[] from, byte[] values, long end) {
    static final byte FALSE = 0;
    static final byte TRUE = 1;
    static final byte UNKNOWN = 2;

    /** One value all along. */
    static Truth always(byte value, long from, long end) {
        return from >= end
                ? new Truth(0, new long[0], new byte[0], end)
                : new Truth(1, new long[] {from}, new byte[] {value}, end);
    }

    long to(int step) {
        return step + 1 < count ? from[step + 1] : end;
    }

    boolean isTrue(int step) {
        return values[step] == TRUE;
    }

    /** The step that {@code time}, at or after the beginning, is in. */
    int at(long time) {
        int found = Arrays.binarySearch(from, 0, count, time);
        return found < 0 ? -found - 2 : found;
    }

    Truth not() {
        byte[] other = values.clone();
        for (int i = 0; i < count; i++) {
            other[i] = values[i] == UNKNOWN ? UNKNOWN : (byte) (TRUE - values[i]);
        }
        return new Truth(count, from, other, end);
    }

    /**
     * True while at least {@code least} of {@code all} are, false while so many cannot be, whatever the unknown ones
     * are. All have one range.
     */
    static Truth atLeast(int least, List<Truth> all) {
        if (all.size() == 1 && least == 1) {
            return all.get(0);
        }
        int edges = all.stream().mapToInt(Truth::count).sum();
        long[] times = new long[edges];
        int at = 0;
        for (Truth one : all) {
            System.arraycopy(one.from, 0, times, at, one.count);
            at += one.count;
        }
        Arrays.sort(times);
        Sweep sweep = new Sweep(all);
        Builder out = new Builder(edges);
        for (int i = 0; i < edges; i++) {
            if (i == 0 || times[i] != times[i - 1]) {
                out.add(times[i], sweep.at(times[i], least));
            }
        }
        return out.build(all.get(0).end);
    }

    /**
     * Counts how many are true and unknown, as time goes on: an edge costs what changes there, not how many there are.
     */
    private static final class Sweep {
        private final List<Truth> all;
        private final int[] next;
        private final byte[] values;
        private final PriorityQueue<Integer> queue;
        private int yes;
        private int unknown;

        Sweep(List<Truth> all) {
            this.all = all;
            next = new int[all.size()];
            values = new byte[all.size()];
            queue = new PriorityQueue<>((a, b) -> Long.compare(edge(a), edge(b)));
            for (int i = 0; i < next.length; i++) {
                push(i);
            }
        }

        private long edge(int index) {
            return all.get(index).from[next[index]];
        }

        private void push(int index) {
            if (next[index] < all.get(index).count) {
                queue.add(index);
            }
        }

        byte at(long time, int least) {
            while (!queue.isEmpty() && edge(queue.element()) <= time) {
                int index = queue.remove();
                count(values[index], -1);
                values[index] = all.get(index).values[next[index]++];
                count(values[index], 1);
                push(index);
            }
            return yes >= least ? TRUE : yes + unknown >= least ? UNKNOWN : FALSE;
        }

        private void count(byte value, int sign) {
            yes += value == TRUE ? sign : 0;
            unknown += value == UNKNOWN ? sign : 0;
        }
    }

    Truth and(Truth other) {
        return atLeast(2, List.of(this, other));
    }

    Truth or(Truth other) {
        return atLeast(1, List.of(this, other));
    }

    /** True between two steps that are: what is false or unknown there; false elsewhere. */
    Truth gaps() {
        int first = 0;
        while (first < count && values[first] != TRUE) {
            first++;
        }
        int last = count - 1;
        while (last >= 0 && values[last] != TRUE) {
            last--;
        }
        Builder out = new Builder(count);
        for (int i = 0; i < count; i++) {
            out.add(from[i], i > first && i < last && values[i] != TRUE ? TRUE : FALSE);
        }
        return out.build(end);
    }

    /** Without the steps that are true but for the longest, of equal ones the first. */
    Truth longest() {
        int best = -1;
        for (int i = 0; i < count; i++) {
            boolean longer = best < 0 || to(i) - from[i] > to(best) - from[best];
            best = values[i] == TRUE && longer ? i : best;
        }
        Builder out = new Builder(count);
        for (int i = 0; i < count; i++) {
            out.add(from[i], values[i] == TRUE && i != best ? FALSE : values[i]);
        }
        return out.build(end);
    }

    /** These steps with all before {@code time} unknown. */
    Truth since(long time) {
        if (count == 0 || time <= from[0]) {
            return this;
        }
        Builder out = new Builder(count + 1);
        out.add(from[0], UNKNOWN);
        for (int i = 0; i < count; i++) {
            if (to(i) > time) {
                out.add(Math.max(from[i], time), values[i]);
            }
        }
        return out.build(end);
    }

    /** These steps up to {@code stop} only. */
    Truth until(long stop) {
        int kept = 0;
        while (kept < count && from[kept] < stop) {
            kept++;
        }
        return new Truth(kept, from, values, Math.min(end, stop));
    }

    /** Collects steps, joining equal neighbours. */
    static final class Builder {
        private final long[] from;
        private final byte[] values;
        private int count;

        Builder(int room) {
            from = new long[room];
            values = new byte[room];
        }

        void add(long time, byte value) {
            if (count == 0 || values[count - 1] != value) {
                from[count] = time;
                values[count++] = value;
            }
        }

        Truth build(long end) {
            return new Truth(count, from, values, end);
        }
    }

    /** Whether a known run of {@code runs} passes, in {@code [from, end)}; unknown before the first run. */
    static Truth of(Intervals runs, boolean[] passing, long from, long end) {
        Builder out = new Builder(runs.count() + 2);
        if (from < end) {
            out.add(from, UNKNOWN);
        }
        for (int run = 0; run < runs.count() && runs.from()[run] < end; run++) {
            if (runs.from()[run] <= from) {
                out.count = 0;
            }
            out.add(Math.max(runs.from()[run], from), !runs.isKnown(run) ? UNKNOWN : passing[run] ? TRUE : FALSE);
        }
        if (runs.count() > 0 && runs.to()[runs.count() - 1] < end) {
            out.add(runs.to()[runs.count() - 1], UNKNOWN);
        }
        return out.build(end);
    }
}
