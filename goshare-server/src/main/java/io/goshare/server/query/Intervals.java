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
 * @param before for each run entered the row of the known value before it, or {@link #UNKNOWN}
 * @param since for each run entered from a known value when that was entered, or {@link #NEVER} if that was before the
 *     range
 * @param open whether the last run still holds where the range, or what is known of it, ends
 */
public record Intervals(
        int count, long[] from, long[] to, int[] rows, boolean[] entered, int[] before, long[] since, boolean open) {
    static final int UNKNOWN = -1;
    static final long NEVER = Long.MIN_VALUE;

    static final Intervals NONE =
            new Intervals(0, new long[0], new long[0], new int[0], new boolean[0], new int[0], new long[0], false);

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

    /** The steps of {@code truth} in {@code range} as runs of the rows 0, false, and 1, true; the first is known. */
    static Intervals of(Truth truth, TimeRange range) {
        int room = truth.count();
        int first = 0;
        while (first < room && (truth.to(first) <= range.from() || truth.values()[first] == Truth.UNKNOWN)) {
            first++;
        }
        Intervals out = new Intervals(
                Math.max(0, room - first),
                new long[room],
                new long[room],
                new int[room],
                new boolean[room],
                new int[room],
                new long[room],
                room > first);
        int known = UNKNOWN;
        long since = NEVER;
        for (int step = 0; step < room; step++) {
            int row = truth.values()[step] == Truth.UNKNOWN ? UNKNOWN : truth.values()[step];
            long start = truth.from()[step];
            boolean isEntered = row != UNKNOWN && row != known && start >= range.from();
            if (step >= first) {
                int run = step - first;
                out.from[run] = Math.max(start, range.from());
                out.to[run] = truth.to(step);
                out.rows[run] = row;
                out.entered[run] = isEntered;
                out.before[run] = known;
                out.since[run] = since;
            }
            if (row != UNKNOWN && row != known) {
                since = isEntered ? start : NEVER;
                known = row;
            }
        }
        return out;
    }

    /** The first run from {@code run} on that ends after {@code time}, looked for step by step. */
    int firstEndingAfter(long time, int run) {
        int at = run;
        while (at < count && to[at] <= time) {
            at++;
        }
        return at;
    }

    boolean isKnown(int run) {
        return rows[run] != UNKNOWN;
    }

    /** Nanoseconds of the run that lie in {@code [windowFrom, windowTo)}. */
    long within(int run, long windowFrom, long windowTo) {
        return Math.max(0, Math.min(to[run], windowTo) - Math.max(from[run], windowFrom));
    }

    /** Whether the run was entered from another known value. */
    boolean changed(int run) {
        return entered[run] && before[run] != UNKNOWN;
    }

    /** The parts of these runs that lie where {@code truth} holds; with gaps between. */
    Intervals during(Truth truth) {
        int room = count + truth.count();
        Intervals out = new Intervals(
                0,
                new long[room],
                new long[room],
                new int[room],
                new boolean[room],
                new int[room],
                new long[room],
                false);
        int kept = 0;
        int step = 0;
        boolean isOpen = false;
        for (int run = 0; run < count; run++) {
            while (step < truth.count() && truth.to(step) <= from[run]) {
                step++;
            }
            for (int i = step; i < truth.count() && truth.from()[i] < to[run]; i++) {
                if (truth.isTrue(i)) {
                    boolean isWhole = truth.from()[i] <= from[run];
                    out.from[kept] = Math.max(from[run], truth.from()[i]);
                    out.to[kept] = Math.min(to[run], truth.to(i));
                    out.rows[kept] = rows[run];
                    out.entered[kept] = isWhole && entered[run];
                    out.before[kept] = isWhole ? before[run] : UNKNOWN;
                    out.since[kept] = since[run];
                    isOpen = open && run == count - 1 && out.to[kept] == to[run];
                    kept++;
                }
            }
        }
        return new Intervals(kept, out.from, out.to, out.rows, out.entered, out.before, out.since, isOpen);
    }

    /** Collects runs, joining equal neighbours. */
    private static final class Builder {
        private final Columns columns;
        private final long rangeFrom;
        private int count;
        private long[] from;
        private long[] to;
        private int[] rows;
        private boolean[] entered;
        private int[] before;
        private long[] since;
        private int lastKnown = UNKNOWN;
        private long lastEntered = NEVER;

        Builder(Columns columns, long rangeFrom) {
            this.columns = columns;
            this.rangeFrom = rangeFrom;
            int room = columns.count() + 1;
            from = new long[room];
            to = new long[room];
            rows = new int[room];
            entered = new boolean[room];
            before = new int[room];
            since = new long[room];
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
                before = Arrays.copyOf(before, count * 2);
                since = Arrays.copyOf(since, count * 2);
            }
            from[count] = start;
            to[count] = end;
            rows[count] = row;
            if (row != UNKNOWN) {
                boolean other = lastKnown == UNKNOWN || !columns.same(lastKnown, row);
                entered[count] = other && columns.times()[row] >= rangeFrom;
                before[count] = lastKnown;
                since[count] = lastEntered;
                lastEntered = entered[count] ? start : other ? NEVER : lastEntered;
            }
            count++;
        }

        Intervals build() {
            return new Intervals(count, from, to, rows, entered, before, since, count > 0);
        }
    }
}
