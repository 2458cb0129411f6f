package io.goshare.server.query;

import java.util.Arrays;

/**
 * What stands behind those rows of columns that are all that is left of many: rows {@code [starts[i], ends[i])} show
 * the points of summary {@code i} that mattered. All other rows are points. A window holds a summary whole or not at
 * all.
 */
record Totals(int[] starts, int[] ends, Summary[] summaries) {
    static final Totals NONE = new Totals(new int[0], new int[0], new Summary[0]);

    /** The first summary at or behind row {@code first}. */
    private int at(int first) {
        int at = Arrays.binarySearch(starts, first);
        return at < 0 ? -at - 1 : at;
    }

    /** How many points rows {@code [first, end)} stand for. */
    long count(int first, int end) {
        long count = end - first;
        for (int i = at(first); i < starts.length && starts[i] < end; i++) {
            count += summaries[i].count() - (ends[i] - starts[i]);
        }
        return count;
    }

    /** The sum of the numbers that rows {@code [first, end)} stand for. */
    ExactSum sum(Columns points, int first, int end) {
        ExactSum sum = new ExactSum();
        int row = first;
        for (int i = at(first); i < starts.length && starts[i] < end; i++) {
            sum.add(points, row, starts[i]).add(summaries[i].sum());
            row = ends[i];
        }
        return sum.add(points, row, end);
    }

    /** How many of the points that rows {@code [first, end)} stand for are no numbers. */
    long others(Columns points, int first, int end) {
        long others = 0;
        int row = first;
        for (int i = at(first); i < starts.length && starts[i] < end; i++) {
            others += points.others(row, starts[i]) + summaries[i].others();
            row = ends[i];
        }
        return others + points.others(row, end);
    }
}
