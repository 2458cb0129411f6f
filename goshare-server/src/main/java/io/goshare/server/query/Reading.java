package io.goshare.server.query;

import io.goshare.protocol.Table.Column;
import io.goshare.protocol.model.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/** All that one query reads from: its series, those of its condition and of its join. Open until closed. */
final class Reading implements AutoCloseable {
    private Plan plan;
    private final Budget budget;
    private final SeriesReader.View view;
    private final ThreadPoolExecutor helpers;
    private Optional<ConditionReader> during = Optional.empty();
    private Optional<Join.Joiner> joiner = Optional.empty();

    private Reading(Plan plan, SeriesReader.View view, ThreadPoolExecutor helpers, Budget budget) {
        this.plan = plan;
        this.budget = budget;
        this.helpers = helpers;
        this.view = view;
    }

    static Reading open(Plan plan, SeriesReader reader, ThreadPoolExecutor helpers, Budget budget) {
        TimeRange range = plan.span().fixed().orElse(TimeRange.ALL);
        Reading reading = new Reading(plan, view(plan, reader, range, budget), helpers, budget);
        try {
            budget.series(reading.view.size());
            plan.during().ifPresent(condition -> {
                String field = plan.window() instanceof Window.During ? "window" : "while";
                reading.during = Optional.of(new ConditionReader(reader, field, condition, range, plan.now(), budget));
            });
            reading.joiner = plan.join()
                    .map(join -> new Join.Joiner(join, plan.selector(), reader, reading.told(range), budget));
            return reading;
        } catch (RuntimeException e) {
            reading.close();
            throw e;
        }
    }

    /** This for the next page, which may read and make as much again. */
    Reading continued(Plan next, long timeoutNanos, BooleanSupplier abandoned) {
        plan = next;
        budget.restart(timeoutNanos, abandoned);
        return this;
    }

    Budget budget() {
        return budget;
    }

    /** Bytes of memory that it keeps from being used for anything else, about. */
    long heldBytes() {
        return view.heldBytes()
                + during.map(ConditionReader::heldBytes).orElse(0L)
                + joiner.map(Join.Joiner::heldBytes).orElse(0L);
    }

    private static SeriesReader.View view(Plan plan, SeriesReader reader, TimeRange range, Budget budget) {
        if (plan.when().isEmpty()) {
            return reader.view(plan.selector(), range);
        }
        TimeRange wider = new TimeRange(Math.max(TimeRange.ALL.from(), range.from() - 1), range.to());
        return new ConditionView(new ConditionReader(reader, "when", plan.when().get(), wider, plan.now(), budget));
    }

    /** The times that rows may bear: windows begin before the range and end behind it. */
    private TimeRange told(TimeRange range) {
        WindowClock clock;
        long size = 0;
        if (plan.window() instanceof Window.Tumbling tumbling) {
            clock = tumbling.clock();
        } else if (plan.window() instanceof Window.Hopping hopping) {
            clock = hopping.clock();
            size = hopping.sizeNanos();
        } else {
            return range;
        }
        if (range.equals(TimeRange.ALL)) {
            return range;
        }
        long from = range.from() < TimeRange.ALL.from() + size ? range.from() : clock.floor(range.from() - size);
        long to = clock.next(clock.next(clock.floor(range.to())));
        to = to > TimeRange.ALL.to() - size - 1 ? TimeRange.ALL.to() : to + size + 1;
        return new TimeRange(from, to);
    }

    SeriesReader.View view() {
        return view;
    }

    SeriesWindows windows(Naming naming) {
        return new SeriesWindows(plan, view, during, budget, naming);
    }

    /** What {@code work} makes of each series, on several threads where it takes long. */
    <T> Ahead<T> ahead(Naming naming, BiFunction<SeriesWindows, Integer, T> work) {
        SeriesWindows own = windows(naming);
        return new Ahead<>(
                index -> work.apply(own, index),
                () -> {
                    SeriesWindows other = new SeriesWindows(plan, view.fork(), during, budget, naming);
                    return index -> work.apply(other, index);
                },
                helpers,
                helpers.getMaximumPoolSize(),
                view.size(),
                Ahead.PATIENCE);
    }

    /** The columns of a page's rows behind those that name the series. */
    List<Column> columns(SeriesWindows windows) {
        List<Column> columns = new ArrayList<>(windows.columns());
        plan.join().ifPresent(join -> columns.addAll(join.columns()));
        return columns;
    }

    /** {@code rows} of series {@code index} with what the join puts beside. */
    Rows joined(int index, Rows rows) {
        return joiner.isPresent() ? joiner.get().join(view.key(index), rows) : rows;
    }

    @Override
    public void close() {
        try {
            joiner.ifPresent(Join.Joiner::close);
        } finally {
            try {
                during.ifPresent(ConditionReader::close);
            } finally {
                view.close();
            }
        }
    }
}
