package io.goshare.server.query;

import io.goshare.protocol.model.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What one window of one series holds: rows {@code [first, end)} of the points that passed, and the runs that reach
 * into {@code [from, to)}. One object moves along the windows of a series. For one thread.
 */
final class Slice {
    private static final int FEW = 16;

    final Columns points;
    final Columns states;
    final Intervals runs;
    final boolean isState;
    private final Totals totals;
    private final boolean[] passing;
    private int[] ids = {};
    private int values;

    int first;
    int end;
    long from;
    long to;

    /**
     * @param points what passed {@code where}, perhaps with points before the range in front
     * @param totals of summaries among {@code points}
     * @param states all points, whose rows {@code runs} names
     */
    Slice(Columns points, Totals totals, Columns states, Intervals runs, Where where, boolean isState) {
        this.points = points;
        this.totals = totals;
        this.states = states;
        this.runs = runs;
        this.isState = isState;
        passing = new boolean[runs.count()];
        for (int run = 0; run < runs.count(); run++) {
            passing[run] = runs.isKnown(run) ? where.passes(states, runs.rows()[run]) : where.isEmpty();
        }
    }

    /** One window over values that have no runs, such as those of many series at one time. */
    static Slice of(Columns values) {
        Slice slice = new Slice(values, Totals.NONE, values, Intervals.NONE, Where.NONE, false);
        slice.end = values.count();
        return slice;
    }

    Slice window(int firstRow, int endRow, long fromNanos, long toNanos) {
        first = firstRow;
        end = endRow;
        from = fromNanos;
        to = toNanos;
        return this;
    }

    /** How many points the window holds. */
    long count() {
        return totals.count(first, end);
    }

    /** The sum of the numbers among them. */
    ExactSum sum() {
        return totals.sum(points, first, end);
    }

    boolean hasPoints() {
        return end > first;
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

    int firstRun() {
        return runs.firstEndingAfter(from);
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
