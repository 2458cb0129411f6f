package io.goshare.server.query;

import io.goshare.protocol.model.TimeRange;
import java.util.Arrays;

/**
 * The runs of equal values of a series inside a range, in time order and without a gap between: what was true from when
 * to when, and where that is unknown.
 *
 * @param rows for each run the row of the columns that began it, or {@link #UNKNOWN}
 * @param entered for each run whether the value was not that of the run before, unknown ones passed over, and its first
 *     point lies in the range; the run that holds as the range begins was not entered in it
 * @param changed for each run whether it was entered from another known value
 */
record Intervals(int count, long[] from, long[] to, int[] rows, boolean[] entered, boolean[] changed) {
    static final int UNKNOWN = -1;

    /**
     * @param columns the points of the range, before them perhaps the one that holds as the range begins
     * @param horizon the end of what can be known: now, or what follows the last point if that is later
     * @param staleAfter nanoseconds for which a point is believed
     */
    static Intervals of(Columns columns, TimeRange range, long horizon, long staleAfter) {
        Builder out = new Builder(columns, range.from());
        long end = Math.min(range.to(), horizon);
        for (int i = 0; i < columns.count(); i++) {
            long time = columns.times()[i];
            long start = Math.max(time, range.from());
            long until = i + 1 < columns.count() ? Math.min(columns.times()[i + 1], end) : end;
            long stale = time > Long.MAX_VALUE - staleAfter ? Long.MAX_VALUE : time + staleAfter;
            long known = Math.min(until, stale);
            if (known > start) {
                out.add(start, known, i);
            } else {
                out.saw(i);
            }
            if (until > Math.max(known, start)) {
                out.add(Math.max(known, start), until, UNKNOWN);
            }
        }
        return out.build();
    }

    /** The first run that ends after {@code time}. */
    int firstEndingAfter(long time) {
        int at = Arrays.binarySearch(to, 0, count, time);
        return at < 0 ? -at - 1 : at + 1;
    }

    boolean isKnown(int run) {
        return rows[run] != UNKNOWN;
    }

    /** Nanoseconds of the run that lie in {@code [windowFrom, windowTo)}. */
    long within(int run, long windowFrom, long windowTo) {
        return Math.max(0, Math.min(to[run], windowTo) - Math.max(from[run], windowFrom));
    }

    /** Collects runs, joining equal neighbours. */
    private static final class Builder {
        private final Columns columns;
        private final long rangeFrom;
        private int count;
        private long[] from = new long[16];
        private long[] to = new long[16];
        private int[] rows = new int[16];
        private boolean[] entered = new boolean[16];
        private boolean[] changed = new boolean[16];
        private int lastKnown = UNKNOWN;

        Builder(Columns columns, long rangeFrom) {
            this.columns = columns;
            this.rangeFrom = rangeFrom;
        }

        void add(long start, long end, int row) {
            boolean joins = count > 0
                    && (row == UNKNOWN
                            ? rows[count - 1] == UNKNOWN
                            : rows[count - 1] != UNKNOWN && columns.same(rows[count - 1], row));
            if (joins) {
                to[count - 1] = end;
            } else {
                push(start, end, row);
            }
            lastKnown = row == UNKNOWN ? lastKnown : row;
        }

        /** A value that was stale before the range began. */
        void saw(int row) {
            lastKnown = row;
        }

        private void push(long start, long end, int row) {
            if (count == from.length) {
                from = Arrays.copyOf(from, count * 2);
                to = Arrays.copyOf(to, count * 2);
                rows = Arrays.copyOf(rows, count * 2);
                entered = Arrays.copyOf(entered, count * 2);
                changed = Arrays.copyOf(changed, count * 2);
            }
            from[count] = start;
            to[count] = end;
            rows[count] = row;
            if (row != UNKNOWN) {
                boolean other = lastKnown == UNKNOWN || !columns.same(lastKnown, row);
                entered[count] = other && columns.times()[row] >= rangeFrom;
                changed[count] = entered[count] && lastKnown != UNKNOWN;
            }
            count++;
        }

        Intervals build() {
            return new Intervals(count, from, to, rows, entered, changed);
        }
    }
}
