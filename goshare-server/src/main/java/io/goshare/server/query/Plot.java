package io.goshare.server.query;

import io.goshare.protocol.GoShareException;
import java.util.Arrays;

/**
 * The clause {@code plot}: fewer points that draw the same picture.
 *
 * <pre>
 *   lttb:500    at most 500 points, chosen by largest triangle three buckets (Steinarsson, 2013)
 *   minmax:500  at most 500 points: the least and the greatest of each of 250 parts of the time between first and last
 *   runs:500    at most 500 runs: in each of 500 parts of the range the value that held longest
 * </pre>
 */
record Plot(Kind kind, int count) {
    /** How it is done. */
    enum Kind {
        LTTB,
        MINMAX,
        RUNS
    }

    private static final int MOST = 100_000;

    static Plot parse(String text) {
        for (Kind kind : Kind.values()) {
            String word = kind.name().toLowerCase(java.util.Locale.ROOT) + ":";
            if (text.startsWith(word) && text.substring(word.length()).matches("\\d{1,6}")) {
                int count = Integer.parseInt(text.substring(word.length()));
                if (count >= 2 && count <= MOST) {
                    return new Plot(kind, count);
                }
            }
        }
        throw GoShareException.badField(
                "plot",
                "plot=" + text + " is none of lttb:500, minmax:500 and runs:500, with a number from 2 to " + MOST);
    }

    boolean isOfRuns() {
        return kind == Kind.RUNS;
    }

    /** The points to draw. */
    Columns of(Columns points) {
        int[] rows = new int[points.count()];
        int numbers = 0;
        for (int i = 0; i < points.count(); i++) {
            if (points.isNumber(i) && !Double.isNaN(points.number(i))) {
                rows[numbers++] = i;
            }
        }
        if (numbers <= count) {
            return points.only(rows, numbers);
        }
        return kind == Kind.LTTB ? triangles(points, rows, numbers) : extremes(points, rows, numbers);
    }

    /**
     * The first and the last, and of each bucket between the point that spans the largest triangle with its neighbours.
     */
    private Columns triangles(Columns points, int[] rows, int numbers) {
        if (count == 2) {
            return points.only(new int[] {rows[0], rows[numbers - 1]}, 2);
        }
        int[] kept = new int[count];
        kept[0] = rows[0];
        double step = (double) (numbers - 2) / (count - 2);
        for (int bucket = 0; bucket < count - 2; bucket++) {
            int first = (int) (bucket * step) + 1;
            int end = (int) ((bucket + 1) * step) + 1;
            int nextEnd = Math.min((int) ((bucket + 2) * step) + 1, numbers);
            long origin = points.times()[kept[bucket]];
            double meanTime = 0;
            double mean = 0;
            int behind = Math.max(1, nextEnd - end);
            for (int i = end; i < end + behind; i++) {
                meanTime += (points.times()[rows[i]] - origin) / (double) behind;
                mean += points.number(rows[i]) / behind;
            }
            double before = points.number(kept[bucket]);
            double most = -1;
            kept[bucket + 1] = rows[first];
            for (int i = first; i < end; i++) {
                double area = Math.abs(meanTime * (points.number(rows[i]) - before)
                        - (points.times()[rows[i]] - origin) * (mean - before));
                if (area > most) {
                    most = area;
                    kept[bucket + 1] = rows[i];
                }
            }
        }
        kept[count - 1] = rows[numbers - 1];
        return points.only(kept, count);
    }

    private Columns extremes(Columns points, int[] rows, int numbers) {
        int buckets = count / 2;
        int[] kept = new int[count];
        int size = 0;
        long first = points.times()[rows[0]];
        double width = Math.max(1, ((double) points.times()[rows[numbers - 1]] - first + 1) / buckets);
        int i = 0;
        while (i < numbers) {
            long bucket = bucket(points.times()[rows[i]] - first, width, buckets);
            int least = rows[i];
            int greatest = rows[i];
            while (i < numbers && bucket(points.times()[rows[i]] - first, width, buckets) == bucket) {
                least = points.number(rows[i]) < points.number(least) ? rows[i] : least;
                greatest = points.number(rows[i]) > points.number(greatest) ? rows[i] : greatest;
                i++;
            }
            kept[size++] = Math.min(least, greatest);
            if (least != greatest) {
                kept[size++] = Math.max(least, greatest);
            }
        }
        int[] all = Arrays.copyOf(kept, size);
        return points.only(all, size);
    }

    private static long bucket(long into, double width, int buckets) {
        return Math.min(buckets - 1, (long) (into / width));
    }

    /** What is told of one part of the range, or of neighbours in which the same value held longest. */
    interface RunVisitor {
        /** @param run one that held longest */
        void run(long from, long to, int run, long changes);
    }

    /** Cuts {@code [from, to)} into parts and tells what held in each; where nothing did, nothing is told. */
    void runs(Slice slice, long from, long to, RunVisitor visitor) {
        Intervals runs = slice.runs;
        long width = Math.max(1, (to - from + count - 1) / count);
        int[] ids = slice.ids();
        int most = Arrays.stream(ids).max().orElse(-1) + 2;
        long[] dwell = new long[most];
        long open = from;
        int openRun = -1;
        long changes = 0;
        for (long start = from; start < to && start >= from; start += width) {
            long stop = Math.min(to, start + width);
            int best = -1;
            long changesHere = 0;
            slice.window(0, 0, start, stop);
            for (int run = slice.firstRun(); run < runs.count() && runs.from()[run] < stop; run++) {
                if (slice.passes(run)) {
                    dwell[ids[run] + 1] += runs.within(run, start, stop);
                    changesHere += slice.entered(run) ? 1 : 0;
                    best = best < 0 || dwell[ids[run] + 1] > dwell[ids[best] + 1] ? run : best;
                }
            }
            for (int run = slice.firstRun(); run < runs.count() && runs.from()[run] < stop; run++) {
                dwell[ids[run] + 1] = 0;
            }
            boolean joins = best >= 0 && openRun >= 0 && ids[best] == ids[openRun];
            if (!joins) {
                if (openRun >= 0) {
                    visitor.run(open, start, openRun, changes);
                }
                open = start;
                openRun = best;
                changes = 0;
            }
            changes += changesHere;
        }
        if (openRun >= 0) {
            visitor.run(open, to, openRun, changes);
        }
    }
}
