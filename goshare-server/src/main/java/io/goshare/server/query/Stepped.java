package io.goshare.server.query;

import io.goshare.protocol.Cells;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates over runs, clipped at the window's edges: a value holds from its point until the next, or until it is
 * stale. Times are seconds, exact to the nanosecond wherever a float64 can say it. Unknown time counts for nothing but
 * {@code unknown}.
 */
final class Stepped {
    /** Nanoseconds of a tenth of a second. */
    private static final long TENTH = 100_000_000;

    private Stepped() {}

    /** What is done with each known run that passes {@code where} and reaches into the window. */
    private interface Visitor {
        void run(int run, long nanos);
    }

    private static void each(Slice slice, Visitor visitor) {
        Intervals runs = slice.runs;
        for (int run = slice.firstRun(); run < runs.count() && runs.from()[run] < slice.to; run++) {
            if (runs.isKnown(run) && slice.passes(run)) {
                visitor.run(run, runs.within(run, slice.from, slice.to));
            }
        }
    }

    /** Nanoseconds as seconds with as few digits after the point as they need, at least one. */
    static Value seconds(long nanos) {
        long mantissa = nanos;
        int scale = 9;
        while (scale > 1 && mantissa % 10 == 0) {
            mantissa /= 10;
            scale--;
        }
        return Value.isExact(mantissa, scale) ? Value.decimal(mantissa, scale) : Value.of(nanos / 1e9);
    }

    /** Puts {@link #seconds(long)} into {@code row}. */
    static void seconds(long nanos, Cells row) {
        if (nanos % TENTH == 0) {
            row.put(Kind.DECIMAL, 1, nanos / TENTH);
        } else {
            row.put(seconds(nanos));
        }
    }

    static @Nullable Value duration(Slice slice, Literal value) {
        return known(slice) == 0 ? null : seconds(dwell(slice, value));
    }

    /** The part of the known time that had this value; null where nothing is known. */
    static @Nullable Value share(Slice slice, Literal value) {
        long known = known(slice);
        return known == 0 ? null : Value.of((double) dwell(slice, value) / known);
    }

    /** Known time of the window, whatever {@code where} asks for: shares are of this. */
    static long known(Slice slice) {
        long total = 0;
        Intervals runs = slice.runs;
        for (int run = slice.firstRun(); run < runs.count() && runs.from()[run] < slice.to; run++) {
            total += runs.isKnown(run) ? runs.within(run, slice.from, slice.to) : 0;
        }
        return total;
    }

    private static long dwell(Slice slice, Literal value) {
        long[] total = {0};
        each(
                slice,
                (run, nanos) ->
                        total[0] += value.equalTo(slice.states, slice.runs.rows()[run]) ? nanos : 0);
        return total[0];
    }

    /** How often the state became this value; from a value to itself with unknown time between is no entry. */
    static Value entries(Slice slice, Literal value) {
        long[] total = {0};
        each(
                slice,
                (run, nanos) -> total[0] += slice.entered(run)
                                && value.equalTo(slice.states, slice.runs.rows()[run])
                        ? 1
                        : 0);
        return Value.of(total[0]);
    }

    /** How often one known value followed another. */
    static Value transitions(Slice slice) {
        long[] total = {0};
        each(slice, (run, nanos) -> total[0] += slice.changed(run) ? 1 : 0);
        return Value.of(total[0]);
    }

    static Value unknown(Slice slice) {
        long total = slice.beforeRuns();
        Intervals runs = slice.runs;
        for (int run = slice.firstRun(); run < runs.count() && runs.from()[run] < slice.to; run++) {
            total += runs.isKnown(run) ? 0 : runs.within(run, slice.from, slice.to);
        }
        return seconds(total);
    }

    /** Time with this value per time that it was left inside the window; null where it never was. */
    static @Nullable Value mtbf(Slice slice, Literal good) {
        long failures = failures(slice, good);
        return failures == 0 ? null : Value.of(dwell(slice, good) / 1e9 / failures);
    }

    /** Known time without this value per time that it was left inside the window; null where it never was. */
    static @Nullable Value mttr(Slice slice, Literal good) {
        long failures = failures(slice, good);
        return failures == 0 ? null : Value.of((known(slice) - dwell(slice, good)) / 1e9 / failures);
    }

    private static long failures(Slice slice, Literal good) {
        long[] total = {0};
        each(slice, (run, nanos) -> {
            boolean left = slice.changed(run)
                    && good.equalTo(slice.states, slice.runs.before()[run])
                    && !good.equalTo(slice.states, slice.runs.rows()[run]);
            total[0] += left ? 1 : 0;
        });
        return total[0];
    }

    /** The longest time that it had this value without a break, as far as the window shows it. */
    static @Nullable Value longest(Slice slice, Literal value) {
        long[] best = {0};
        each(
                slice,
                (run, nanos) -> best[0] =
                        value.equalTo(slice.states, slice.runs.rows()[run]) ? Math.max(best[0], nanos) : best[0]);
        return known(slice) == 0 ? null : seconds(best[0]);
    }

    /** The first of {@code severities}, worst first, that held at all; null if none of them did. */
    static @Nullable Value worst(Slice slice, List<Literal> severities) {
        int[] best = {severities.size(), -1};
        each(slice, (run, nanos) -> {
            for (int i = 0; i < best[0]; i++) {
                if (severities.get(i).equalTo(slice.states, slice.runs.rows()[run])) {
                    best[0] = i;
                    best[1] = run;
                }
            }
        });
        return best[1] < 0 ? null : slice.state(best[1]);
    }

    /**
     * How often the state began to flap: changes of which each lies among {@code least} that come within {@code nanos}
     * are one flapping.
     */
    static Value flaps(Slice slice, int least, long nanos) {
        long[] times = new long[slice.runs.count()];
        int[] changes = {0};
        each(slice, (run, dwell) -> {
            if (slice.changed(run)) {
                times[changes[0]++] = slice.runs.from()[run];
            }
        });
        long flaps = 0;
        int covered = -1; // last change of the flapping before
        for (int i = 0; i + least <= changes[0]; i++) {
            if (times[i + least - 1] - times[i] <= nanos) {
                flaps += i > covered ? 1 : 0;
                covered = i + least - 1;
            }
        }
        return Value.of(flaps);
    }

    /** When the value that holds as the window ends was entered; null if that was before the range. */
    static @Nullable Value changeTime(Slice slice) {
        int[] last = {-1};
        each(slice, (run, nanos) -> last[0] = run);
        return last[0] >= 0 && slice.runs.entered()[last[0]]
                ? Value.of(slice.runs.from()[last[0]])
                : null;
    }

    /** The sum of value times seconds; null where no number is known. */
    static @Nullable Value integral(Slice slice) {
        double[] weighted = weighted(slice);
        return weighted[1] == 0 ? null : Value.of(weighted[0]);
    }

    /** The average of the numbers, weighted by the time each held. */
    static @Nullable Value average(Slice slice) {
        double[] weighted = weighted(slice);
        return weighted[1] == 0 ? null : Value.of(weighted[0] / weighted[1]);
    }

    /** The sum of number times seconds, and the seconds. */
    private static double[] weighted(Slice slice) {
        ExactSum sum = new ExactSum();
        long[] time = {0};
        each(slice, (run, nanos) -> {
            int row = slice.runs.rows()[run];
            if (slice.states.isNumber(row)) {
                sum.add(slice.states.number(row) * (nanos / 1e9));
                time[0] += nanos;
            }
        });
        return new double[] {sum.toDouble(), time[0] / 1e9};
    }
}
