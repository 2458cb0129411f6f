package io.goshare.server.query;

import io.goshare.protocol.model.Value;
import io.goshare.server.series.ChunkSummary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one window of one series holds: rows {@code [first, end)} of the points that passed, and the runs that reach
 * into {@code [from, to)}. One object moves along the windows of a series; where points are told by summaries, only
 * forwards. For one thread.
 */
final class Slice {
    private static final int FEW = 16;

    final Columns points;
    private final List<ChunkSummary> told;
    final Columns states;
    final Intervals runs;
    final boolean isState;
    private final Totals totals;
    private final boolean[] passing;
    private final long begins;
    private final boolean unknownPasses;
    private int[] ids = {};
    private int values;

    int first;
    int end;
    long from;
    long to;
    private int firstTold;
    private int endTold;
    private int firstRun;

    /**
     * @param points what passed {@code where}, perhaps with points before the range in front
     * @param totals of summaries that rows of {@code points} stand for
     * @param told points that {@code points} leaves out, none of which is in two windows
     * @param states all points, whose rows {@code runs} names
     * @param begins what is not known from then on is unknown; {@code Long.MAX_VALUE}: nothing is before the first run
     */
    Slice(
            Columns points,
            Totals totals,
            List<ChunkSummary> told,
            Columns states,
            Intervals runs,
            Where where,
            boolean isState,
            long begins) {
        this.points = points;
        this.totals = totals;
        this.told = told;
        this.states = states;
        this.runs = runs;
        this.isState = isState;
        this.begins = begins;
        unknownPasses = where.isEmpty();
        passing = new boolean[runs.count()];
        for (int run = 0; run < runs.count(); run++) {
            passing[run] = runs.isKnown(run) ? where.passes(states, runs.rows()[run]) : unknownPasses;
        }
    }

    /** One window over values that have no runs, such as those of many series at one time. */
    static Slice of(Columns values) {
        Slice slice =
                new Slice(values, Totals.NONE, List.of(), values, Intervals.NONE, Where.NONE, false, Long.MAX_VALUE);
        slice.end = values.count();
        return slice;
    }

    Slice window(int firstRow, int endRow, long fromNanos, long toNanos) {
        int before = fromNanos >= from ? firstRun : 0;
        firstRun = runs.firstEndingAfter(fromNanos, before);
        first = firstRow;
        end = endRow;
        from = fromNanos;
        to = toNanos;
        firstTold = toldBefore(fromNanos, firstTold);
        endTold = toldBefore(toNanos, Math.max(firstTold, endTold));
        return this;
    }

    private int toldBefore(long time, int start) {
        int at = start;
        while (at < told.size() && told.get(at).first() < time) {
            at++;
        }
        return at;
    }

    /** What is told of points of the window that are not among the rows. */
    List<ChunkSummary> summaries() {
        return told.subList(firstTold, endTold);
    }

    /** The last summary that tells of points before the window; null if there is none. */
    @Nullable
    ChunkSummary summaryBefore() {
        return firstTold > 0 ? told.get(firstTold - 1) : null;
    }

    /** The sum of the numbers that the rows stand for. */
    ExactSum sum() {
        return totals.sum(points, first, end);
    }

    /** How many points there are, all told. */
    long count() {
        long count = totals.count(first, end);
        for (int i = firstTold; i < endTold; i++) {
            count += told.get(i).points();
        }
        return count;
    }

    /** When the first point begins that is told of and stands behind the window; {@code Long.MAX_VALUE}: none. */
    long nextTold() {
        return endTold < told.size() ? told.get(endTold).first() : Long.MAX_VALUE;
    }

    /** The summary that tells of the window's first point; null if that is a row, or there is none. */
    @Nullable
    ChunkSummary firstSummary() {
        boolean isFirst =
                endTold > firstTold && (end == first || told.get(firstTold).first() < points.times()[first]);
        return isFirst ? told.get(firstTold) : null;
    }

    /** The summary that tells of the window's last point; null if that is a row, or there is none. */
    @Nullable
    ChunkSummary lastSummary() {
        boolean isLast =
                endTold > firstTold && (end == first || told.get(endTold - 1).last() > points.times()[end - 1]);
        return isLast ? told.get(endTold - 1) : null;
    }

    boolean hasPoints() {
        return end > first || endTold > firstTold;
    }

    /** Whether some run that passes reaches into the window. */
    boolean hasRuns() {
        for (int run = firstRun(); run < runs.count() && runs.from()[run] < to; run++) {
            if (passing[run]) {
                return true;
            }
        }
        return false;
    }

    /** Nanoseconds of the window that lie in the range and before its first run: unknown. */
    long beforeRuns() {
        long start = Math.max(from, begins);
        long end = runs.count() == 0 ? start : Math.min(to, runs.from()[0]);
        return end <= start ? 0 : end - start < 0 ? Long.MAX_VALUE : end - start;
    }

    /** The same if {@code where} lets unknown time pass. */
    long passingBeforeRuns() {
        return unknownPasses ? beforeRuns() : 0;
    }

    int firstRun() {
        return firstRun;
    }

    boolean passes(int run) {
        return passing[run];
    }

    /** Whether {@code run} was entered inside the window. */
    boolean entered(int run) {
        return runs.entered()[run] && runs.from()[run] >= from && runs.from()[run] < to;
    }

    /** Whether {@code run} was entered inside the window from another known value. */
    boolean changed(int run) {
        return runs.changed(run) && entered(run);
    }

    /** For each run a number that equal values share, from 0 in the order they came; -1 for unknown. */
    int[] ids() {
        if (ids.length < runs.count()) {
            ids = new int[runs.count()];
            int[] rows = new int[FEW];
            int known = 0;
            for (int run = 0; run < runs.count(); run++) {
                int row = runs.rows()[run];
                ids[run] = row == Intervals.UNKNOWN ? Intervals.UNKNOWN : id(row, rows, known);
                if (ids[run] == known) {
                    if (known == FEW) {
                        return manyIds();
                    }
                    rows[known++] = row;
                }
            }
            values = known;
        }
        return ids;
    }

    private int id(int row, int[] rows, int known) {
        int id = 0;
        while (id < known && !states.same(rows[id], row)) {
            id++;
        }
        return id;
    }

    /** Where values are too many to be compared one by one. */
    private int[] manyIds() {
        Map<Value, Integer> known = new HashMap<>();
        for (int run = 0; run < runs.count(); run++) {
            ids[run] = runs.isKnown(run)
                    ? known.computeIfAbsent(states.value(runs.rows()[run]), value -> known.size())
                    : Intervals.UNKNOWN;
        }
        values = known.size();
        return ids;
    }

    /** How many different values {@link #ids} tells apart. */
    int values() {
        ids();
        return values;
    }

    Value state(int run) {
        return states.value(runs.rows()[run]);
    }

    /** The numbers among the rows that are not NaN, in ascending order. */
    double[] sorted() {
        double[] numbers = new double[end - first];
        int count = 0;
        for (int i = first; i < end; i++) {
            if (points.isNumber(i)) {
                double number = points.number(i);
                if (!Double.isNaN(number)) {
                    numbers[count++] = number;
                }
            }
        }
        double[] sorted = Arrays.copyOf(numbers, count);
        Arrays.sort(sorted);
        return sorted;
    }
}
