package io.goshare.server.query;

import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.query.Aggregate.Trait;
import java.util.ArrayList;
import java.util.List;

/** From the points of one series to the rows of its windows. For one query, one thread. */
final class SeriesWindows {
    private final Plan plan;
    private final SeriesReader.View view;
    private final Budget budget;
    private final Naming naming;
    private long skipped;

    SeriesWindows(Plan plan, SeriesReader.View view, Budget budget, Naming naming) {
        this.plan = plan;
        this.view = view;
        this.budget = budget;
        this.naming = naming;
    }

    /** Points that were passed over because they are no numbers. */
    long skipped() {
        return skipped;
    }

    /** The columns behind {@link Naming}'s. */
    List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        if (plan.window() instanceof Window.Run) {
            columns.add(new Column("value", Table.Type.VALUE));
            columns.add(new Column("from", Table.Type.TIME));
            columns.add(new Column("to", Table.Type.TIME));
            columns.add(new Column("open", Table.Type.VALUE));
        } else {
            columns.add(new Column("time", Table.Type.TIME));
            if (plan.window() instanceof Window.Session) {
                columns.add(new Column("last_time", Table.Type.TIME));
            }
            if (plan.perValue()) {
                columns.add(new Column("value", Table.Type.VALUE));
            }
        }
        plan.aggregates()
                .forEach(one ->
                        columns.add(new Column(one.name(), one.is(Trait.TIME) ? Table.Type.TIME : Table.Type.VALUE)));
        return columns;
    }

    /** The range asked for of series {@code index}; empty where it depends on a last point and there is none. */
    TimeRange range(int index) {
        if (plan.span().fixed().isPresent()) {
            return plan.span().fixed().get();
        }
        Columns last = view.asOf(index, Long.MAX_VALUE - 1);
        return last.count() == 0 ? new TimeRange(0, 0) : plan.span().of(plan.zone(), plan.now(), last.times()[0]);
    }

    /** The points of series {@code index} in {@code range} that pass {@code where}. */
    Columns points(int index, TimeRange range) {
        if (range.isEmpty()) {
            return Columns.NONE;
        }
        Columns head = plan.where().needsPrevious() ? before(index, range) : Columns.NONE;
        Columns all = view.read(index, range).after(head);
        budget.points(all.count());
        skipped += plan.where().isNumeric() ? all.others(head.count(), all.count()) : 0;
        Columns passed = plan.where().filter(all);
        int first = passed.firstAtOrAfter(range.from(), 0);
        return first == 0 ? passed : passed.from(first);
    }

    private Columns before(int index, TimeRange range) {
        return range.from() <= TimeRange.ALL.from() ? Columns.NONE : view.asOf(index, range.from() - 1);
    }

    /** The rows of series {@code index}, oldest first, filled. */
    List<Row> rows(int index) {
        TimeRange range = range(index);
        boolean isRun = plan.window() instanceof Window.Run;
        boolean needsRuns = isRun || plan.needsRuns(view.isState(index));
        Columns head = !range.isEmpty() && (needsRuns || plan.needsPrevious(view.isState(index)))
                ? before(index, range)
                : Columns.NONE;
        Columns all = range.isEmpty() ? Columns.NONE : view.read(index, range).after(head);
        budget.points(all.count());
        if (all.count() == 0 && !(isFilled() && plan.span().boundedFrom() && !range.isEmpty())) {
            return List.of();
        }
        Columns points = plan.where().filter(all);
        countSkipped(all, head.count(), points, range);
        Intervals runs = Intervals.of(needsRuns ? all : Columns.NONE, range, horizon(all), view.staleAfter(index));
        Slice slice = new Slice(points, all, runs, plan.where(), view.isState(index));
        Emitter out = new Emitter(plan, budget, naming.cells(view.key(index)), slice, range, needsRuns && !isRun);
        List<Row> rows = out.rows();
        plan.fill().apply(rows, naming.width() + 1);
        return rows;
    }

    private boolean isFilled() {
        return !plan.fill().isNone();
    }

    private void countSkipped(Columns all, int headRows, Columns points, TimeRange range) {
        if (plan.where().isNumeric()) {
            skipped += all.others(headRows, all.count());
        }
        if (plan.isNumeric()) {
            skipped += points.others(points.firstAtOrAfter(range.from(), 0), points.count());
        }
    }

    /** The end of what can be known. */
    private long horizon(Columns all) {
        return all.count() == 0 ? plan.now() : Math.max(plan.now(), all.times()[all.count() - 1] + 1);
    }
}
