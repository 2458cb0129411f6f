package io.goshare.server.query;

import io.goshare.protocol.Cells;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.query.Window.Hopping;
import io.goshare.server.query.Window.Session;
import io.goshare.server.query.Window.Tumbling;
import io.goshare.server.series.ChunkSummary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Moves a window along one series and makes a row of each. For one series, one thread. */
final class Emitter {
    private static final int COUNTED_TOGETHER = 256;

    private final Plan plan;
    private final Budget budget;
    private final @Nullable Value[] names;
    private final Slice slice;
    private final List<ChunkSummary> told;
    private final TimeRange range;
    private final boolean stepped;
    private final boolean sharesKnown;
    private final Optional<Truth> during;
    private final Rows rows;
    private int made;

    // What one window has of each value, by its id + 1: the first run, nanoseconds, entries; and the order they came in
    private int[] first = {};
    private long[] nanos = {};
    private long[] entries = {};
    private int[] order = {};
    private @Nullable Value[] texts = {}; // of values that are texts, by id + 1

    /**
     * @param names the first cells of each row
     * @param width how many cells a row has
     * @param room rows that there is room for at first
     * @param told what stands in {@code slice} for points that are no rows of it
     * @param stepped whether a window holds something if a run reaches into it, without a point
     * @param during where the condition of {@code while} holds, if there is one
     */
    Emitter(
            Plan plan,
            Budget budget,
            @Nullable Value[] names,
            int width,
            int room,
            Slice slice,
            List<ChunkSummary> told,
            TimeRange range,
            boolean stepped,
            Optional<Truth> during) {
        this.plan = plan;
        this.budget = budget;
        this.names = names;
        this.slice = slice;
        this.told = told;
        this.range = range;
        this.stepped = stepped;
        this.sharesKnown = plan.aggregates().stream().anyMatch(one -> one.name().equals("share"));
        this.during = during;
        this.rows = new Rows(width, room);
    }

    /** The rows, oldest first. */
    Rows rows() {
        Columns points = slice.points;
        int first = points.firstAtOrAfter(range.from(), 0);
        Window window = plan.window();
        if (window instanceof Tumbling tumbling) {
            tumble(aligned(tumbling.clock(), first), first);
        } else if (window instanceof Hopping hopping) {
            hop(hopping, first);
        } else if (window instanceof Session session) {
            sessions(session.gapNanos(), first);
        } else if (window instanceof Window.Count count) {
            counts(count.points(), first);
        } else if (window instanceof Window.Run) {
            plan.plot().ifPresentOrElse(this::plot, () -> runs(first));
        } else if (window instanceof Window.Transition) {
            transitions();
        } else if (window instanceof Window.During) {
            during(first);
        } else if (plan.aggregates().isEmpty()) {
            points(first);
        } else {
            slice.window(first, points.count(), range.from(), range.to());
            emit(wholeTime(first));
        }
        budget.rows(made);
        return rows;
    }

    /** Counts a row or an empty window; the budget, which threads share, is told now and then. */
    private void count() {
        if (++made == COUNTED_TOGETHER) {
            budget.rows(made);
            made = 0;
        }
    }

    private WindowClock aligned(WindowClock clock, int first) {
        if (!plan.alignsFirst()) {
            return clock;
        }
        return clock.startingAt(plan.span().boundedFrom() ? range.from() : begin(first));
    }

    /** Series that are put together meet at one time. */
    private long wholeTime(int first) {
        return plan.span().boundedFrom() || plan.reduce().isPresent() ? range.from() : begin(first);
    }

    /** The time of the first point or run. */
    private long begin(int first) {
        long point = first < slice.points.count() ? slice.points.times()[first] : Long.MAX_VALUE;
        long summary = told.isEmpty() ? Long.MAX_VALUE : told.get(0).first();
        long run = stepped && slice.runs.count() > 0 ? slice.runs.from()[0] : Long.MAX_VALUE;
        return Math.min(Math.min(point, summary), run);
    }

    /** What follows the last point or run. */
    private long end() {
        int count = slice.points.count();
        long point = count > 0 ? slice.points.times()[count - 1] + 1 : Long.MIN_VALUE;
        long summary =
                told.isEmpty() ? Long.MIN_VALUE : told.get(told.size() - 1).last() + 1;
        long run = stepped && slice.runs.count() > 0 ? slice.runs.to()[slice.runs.count() - 1] : Long.MIN_VALUE;
        return Math.max(Math.max(point, summary), run);
    }

    private void tumble(WindowClock clock, int first) {
        boolean filled = !plan.fill().isNone();
        long from = filled && plan.span().boundedFrom() ? range.from() : begin(first);
        long to = filled && plan.span().boundedTo() ? range.to() : end();
        if (from >= to) {
            return;
        }
        Columns points = slice.points;
        int row = first;
        long start = clock.floor(from);
        while (start < to) {
            long next = clock.next(start);
            int end = row;
            while (end < points.count() && points.times()[end] < next) {
                end++;
            }
            slice.window(row, end, Math.max(start, range.from()), Math.min(next, range.to()));
            emit(plan.labelsEnd() ? next : start);
            row = end;
            long data = Math.min(row < points.count() ? points.times()[row] : Long.MAX_VALUE, slice.nextTold());
            if (!filled && !stepped && data == Long.MAX_VALUE) {
                return;
            }
            start = !filled && !stepped ? clock.floor(data) : next;
        }
    }

    private void hop(Hopping hopping, int first) {
        Columns points = slice.points;
        long from = begin(first);
        long to = end();
        if (from >= to) {
            return;
        }
        long size = hopping.sizeNanos();
        WindowClock clock = aligned(hopping.clock(), first);
        long start = clock.floor(plan.span().boundedFrom() ? Math.max(range.from(), minus(from, size)) : from);
        while (start < to) {
            long stop = start > Long.MAX_VALUE - size ? Long.MAX_VALUE : start + size;
            int row = points.firstAtOrAfter(Math.max(start, range.from()), 0);
            int end = points.firstAtOrAfter(stop, row);
            slice.window(row, end, Math.max(start, range.from()), Math.min(stop, range.to()));
            emit(plan.labelsEnd() ? stop : start);
            long next = clock.next(start);
            if (!stepped && row == end && row < points.count()) {
                next = Math.max(next, clock.next(clock.floor(minus(points.times()[row], size))));
            }
            start = next;
        }
    }

    private static long minus(long a, long b) {
        return a < Long.MIN_VALUE + 1 + b ? Long.MIN_VALUE + 1 : a - b;
    }

    private void sessions(long gap, int first) {
        Columns points = slice.points;
        int row = first;
        while (row < points.count()) {
            int end = row + 1;
            while (end < points.count() && points.times()[end] - points.times()[end - 1] <= gap) {
                end++;
            }
            long last = points.times()[end - 1];
            slice.window(row, end, points.times()[row], last + 1);
            emit(points.times()[row], Value.of(points.times()[row]), Value.of(last));
            row = end;
        }
    }

    private void counts(int size, int first) {
        Columns points = slice.points;
        for (int row = first; row < points.count(); row = Math.min(points.count(), row + size)) {
            int end = Math.min(points.count(), row + size);
            long last = points.times()[end - 1];
            slice.window(row, end, points.times()[row], last + 1);
            emit(points.times()[row], Value.of(points.times()[row]), Value.of(last));
        }
    }

    private void points(int first) {
        Columns points = slice.points;
        for (int row = first; row < points.count(); row++) {
            emit(points.times()[row], Value.of(points.times()[row]), points.value(row));
        }
    }

    private void runs(int first) {
        Intervals runs = slice.runs;
        int row = first;
        for (int run = 0; run < runs.count(); run++) {
            long from = runs.from()[run];
            long to = runs.to()[run];
            row = slice.points.firstAtOrAfter(from, row);
            slice.window(row, slice.points.firstAtOrAfter(to, row), from, to);
            if (slice.passes(run)) {
                boolean open = runs.open() && run == runs.count() - 1;
                emit(from, value(run), Value.of(from), end(to, open), Value.of(open));
            }
        }
    }

    private @Nullable Value value(int run) {
        return slice.runs.isKnown(run) ? slice.state(run) : null;
    }

    /** Empty for what is open until now. */
    private @Nullable Value end(long to, boolean open) {
        return open && (!plan.span().boundedTo() || to < range.to()) ? null : Value.of(to);
    }

    private void plot(Plot plot) {
        Intervals runs = slice.runs;
        if (runs.count() == 0) {
            return;
        }
        long last = runs.to()[runs.count() - 1];
        plot.runs(slice, runs.from()[0], last, (from, to, run, changes) -> {
            boolean open = runs.open() && to == last;
            emit(from, value(run), Value.of(from), end(to, open), Value.of(open), Value.of(changes));
        });
    }

    private void transitions() {
        Intervals runs = slice.runs;
        slice.window(0, 0, range.from(), range.to());
        for (int run = 0; run < runs.count(); run++) {
            if (slice.passes(run) && slice.changed(run)) {
                long since = runs.since()[run];
                emit(
                        runs.from()[run],
                        Value.of(runs.from()[run]),
                        slice.states.value(runs.before()[run]),
                        slice.state(run),
                        since == Intervals.NEVER ? null : Stepped.seconds(runs.from()[run] - since));
            }
        }
    }

    private void during(int first) {
        Truth truth = during.orElseThrow();
        int row = first;
        for (int step = 0; step < truth.count(); step++) {
            if (truth.isTrue(step)) {
                long from = truth.from()[step];
                long to = truth.to(step);
                row = slice.points.firstAtOrAfter(from, row);
                slice.window(row, slice.points.firstAtOrAfter(to, row), from, to);
                boolean open = step == truth.count() - 1;
                emit(from, Value.of(from), end(to, open), Value.of(open));
            }
        }
    }

    private void emit(long time) {
        if (plan.isMatrix()) {
            matrix(time);
        } else if (plan.perValue()) {
            perValue(time);
        } else if (slice.hasPoints() || stepped && slice.hasRuns()) {
            emit(time, Value.of(time));
        } else {
            count();
            if (!plan.fill().isNone()) {
                Cells row = begin(time, true).put(Value.of(time));
                plan.aggregates().forEach(aggregate -> row.put(null));
            }
        }
    }

    /** A row of the names, {@code own} and the aggregates. */
    private void emit(long time, @Nullable Value... own) {
        count();
        Cells row = begin(time, false);
        for (Value cell : own) {
            row.put(cell);
        }
        for (Aggregate aggregate : plan.aggregates()) {
            row.put(aggregate.of(slice));
        }
    }

    /** Begins a row and puts the names. */
    private Cells begin(long time, boolean isEmpty) {
        Cells row = rows.begin(time, isEmpty);
        if (row.rows() > 0) {
            return row.putAgain(0, names.length);
        }
        for (Value name : names) {
            row.put(name);
        }
        return row;
    }

    private void matrix(long time) {
        Map<Matrix.Pair, Matrix.Cell> cells = Matrix.of(slice);
        Map<Value, Long> totals = new HashMap<>();
        cells.forEach((pair, cell) -> totals.merge(pair.old(), cell.count, Long::sum));
        cells.forEach((pair, cell) -> {
            count();
            double share = (double) cell.count / totals.getOrDefault(pair.old(), 1L);
            Value dwell = Double.isNaN(cell.dwell()) ? null : Value.of(cell.dwell());
            begin(time, false)
                    .put(Value.of(time))
                    .put(pair.old())
                    .put(pair.entered())
                    .put(Value.of(cell.count))
                    .put(Value.of(share))
                    .put(dwell);
        });
    }

    /** One row per value that held in the window, in the order they came; unknown time is a row without a value. */
    private void perValue(long time) {
        Intervals runs = slice.runs;
        int[] ids = slice.ids();
        int size = slice.values() + 1;
        if (first.length < size) {
            first = new int[size];
            texts = new @Nullable Value[size];
            nanos = new long[size];
            entries = new long[size];
            order = new int[size];
        }
        int found = 0;
        nanos[0] = slice.passingBeforeRuns();
        if (nanos[0] > 0) {
            order[found++] = 0;
        }
        for (int run = slice.firstRun(); run < runs.count() && runs.from()[run] < slice.to; run++) {
            if (slice.passes(run)) {
                int at = ids[run] + 1;
                if (nanos[at] == 0) {
                    first[at] = run;
                    order[found++] = at;
                }
                nanos[at] += runs.within(run, slice.from, slice.to);
                entries[at] += slice.entered(run) ? 1 : 0;
            }
        }
        long known = sharesKnown ? Stepped.known(slice) : 0;
        for (int i = 0; i < found; i++) {
            emit(time, order[i], known);
            nanos[order[i]] = 0;
            entries[order[i]] = 0;
        }
    }

    /** The row of one value, whose id is {@code at} - 1. */
    private void emit(long time, int at, long known) {
        count();
        boolean isKnown = at > 0;
        Cells row = begin(time, false).put(Kind.INTEGER, 0, time).put(isKnown ? state(at) : null);
        for (Aggregate aggregate : plan.aggregates()) {
            switch (aggregate.name()) {
                case "duration" -> Stepped.seconds(nanos[at], row);
                case "share" -> row.put(isKnown ? Value.of((double) nanos[at] / known) : null);
                default -> row.put(isKnown ? Value.of(entries[at]) : null);
            }
        }
    }

    /** The value whose id is {@code at} - 1. Equal numbers may be spelled in several ways, equal texts in one. */
    private Value state(int at) {
        Value known = texts[at];
        if (known == null) {
            known = slice.state(first[at]);
            texts[at] = known.kind().isBytes() ? known : null;
        }
        return known;
    }
}
