package io.goshare.server.query;

import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.query.Aggregate.Trait;
import io.goshare.server.series.ChunkSummary;
import io.goshare.server.series.RollupRule;
import io.goshare.server.series.SummaryFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the points of one series to the rows of its windows. For one query, for one thread. */
final class SeriesWindows {
    /** Rows that a series is given room for before it has any. */
    private static final int MOST_GUESSED = 1024;

    private final Plan plan;
    private final SeriesReader.View view;
    private final Optional<ConditionReader> during;
    private final Budget budget;
    private final Naming naming;
    private final int width;
    private int lastRows; // of the series before, as a guess for the next
    private final Needs ofStates;
    private final Needs ofOthers;
    private final boolean isWhereNumeric;
    private final boolean isNumeric;
    private Optional<Rolling> rolling = Optional.empty();

    /** What is asked of each series, states apart from others. */
    private record Needs(boolean runs, int reach, Optional<SummaryFilter> headers) {}

    /** @param during tells when the condition of {@code while} holds */
    SeriesWindows(Plan plan, SeriesReader.View view, Optional<ConditionReader> during, Budget budget, Naming naming) {
        this.plan = plan;
        this.view = view;
        this.during = during;
        this.budget = budget;
        this.naming = naming;
        this.width = naming.width() + columns().size();
        this.ofStates = needs(plan, true);
        this.ofOthers = needs(plan, false);
        this.isWhereNumeric = plan.where().isNumeric();
        this.isNumeric = plan.isNumeric() || plan.fn().isNumeric();
    }

    private static Needs needs(Plan plan, boolean isState) {
        boolean runs = plan.needsRuns(isState);
        int reach = plan.reach(isState);
        return new Needs(runs, reach, runs ? Optional.empty() : WideWindows.of(plan));
    }

    /**
     * What there is of one series in its range.
     *
     * @param points that passed, perhaps with points before the range in front
     * @param told points that {@code points} leaves out
     * @param truth when the condition of {@code while} holds, if there is one
     */
    record Loaded(
            TimeRange range,
            Columns points,
            Totals totals,
            List<ChunkSummary> told,
            Columns states,
            Intervals runs,
            Where where,
            boolean isEmpty,
            Optional<Truth> truth) {
        Slice slice(boolean isState) {
            boolean hasBeginning = range.from() != TimeRange.ALL.from() && truth.isEmpty();
            return new Slice(
                    points, totals, told, states, runs, where, isState, hasBeginning ? range.from() : Long.MAX_VALUE);
        }
    }

    /** The columns behind {@link Naming}'s. */
    List<Column> columns() {
        List<Column> columns = new ArrayList<>(own());
        if (plan.isMatrix()) {
            List.of("count", "share", "dwell").forEach(name -> columns.add(value(name)));
        } else {
            plan.aggregates()
                    .forEach(one -> columns.add(
                            new Column(one.name(), one.is(Trait.TIME) ? Table.Type.TIME : Table.Type.VALUE)));
        }
        return columns;
    }

    /** Those of the window itself. */
    List<Column> own() {
        Window window = plan.window();
        if (window instanceof Window.Run) {
            return plan.plot().isPresent()
                    ? List.of(value("value"), time("from"), time("to"), value("open"), value("changes"))
                    : List.of(value("value"), time("from"), time("to"), value("open"));
        } else if (window instanceof Window.During) {
            return List.of(time("from"), time("to"), value("open"));
        } else if (window instanceof Window.Transition) {
            return List.of(time("time"), value("old"), value("new"), value("held"));
        } else if (window instanceof Window.Session || window instanceof Window.Count) {
            return List.of(time("time"), time("last_time"));
        } else if (plan.isMatrix()) {
            return List.of(time("time"), value("old"), value("new"));
        }
        return plan.perValue() || plan.aggregates().isEmpty()
                ? List.of(time("time"), value("value"))
                : List.of(time("time"));
    }

    private static Column value(String name) {
        return new Column(name, Table.Type.VALUE);
    }

    private static Column time(String name) {
        return new Column(name, Table.Type.TIME);
    }

    /** The range asked for of series {@code index}; empty where it depends on a last point and there is none. */
    TimeRange range(int index) {
        if (plan.span().fixed().isPresent()) {
            return plan.span().fixed().get();
        }
        Columns last = view.asOf(index, Long.MAX_VALUE - 1);
        return last.count() == 0 ? new TimeRange(0, 0) : plan.span().of(plan.zone(), plan.now(), last.times()[0]);
    }

    /** The points of series {@code index} in {@code range} that pass, as {@code fn} makes them. */
    Columns points(int index, TimeRange range) {
        Columns passed = load(index, range).points();
        int first = passed.firstAtOrAfter(range.from(), 0);
        Columns inside = first == 0 ? passed : passed.from(first);
        if (plan.plot().isEmpty()) {
            return inside;
        }
        budget.skipped(inside.others(0, inside.count()));
        return plan.plot().get().of(inside);
    }

    /**
     * The first points of {@code range} that pass, or the last of it if the newest come first: {@code most} of them or
     * some more, or all there are. Where points can be told one by one, no more is read than that takes, about.
     */
    Columns points(int index, TimeRange range, long most) {
        if (!plan.fn().isEmpty() || plan.plot().isPresent() || plan.during().isPresent()) {
            return points(index, range);
        }
        Columns found = Columns.NONE;
        TimeRange rest = range;
        long wanted = most;
        while (!rest.isEmpty() && found.count() < most) {
            TimeRange part = view.part(index, rest, wanted, plan.newestFirst());
            Columns passed = points(index, part);
            found = plan.newestFirst() ? found.after(passed) : passed.after(found);
            rest = plan.newestFirst() ? new TimeRange(rest.from(), part.from()) : new TimeRange(part.to(), rest.to());
            wanted *= 4;
        }
        return found;
    }

    /** What there is of series {@code index}. */
    Loaded load(int index) {
        return load(index, range(index));
    }

    private Loaded load(int index, TimeRange range) {
        if (range.isEmpty()) {
            return new Loaded(
                    range,
                    Columns.NONE,
                    Totals.NONE,
                    List.of(),
                    Columns.NONE,
                    Intervals.NONE,
                    plan.where(),
                    true,
                    Optional.empty());
        }
        Needs needs = view.isState(index) ? ofStates : ofOthers;
        List<RollupRule> rules = view.rollups(index);
        List<RollupRule> serving = rules.isEmpty() ? rules : rolling().serving(index, rules);
        if (serving.isEmpty() && needs.headers.isPresent()) {
            return loadWithHeaders(index, range, needs.reach, needs.headers.get());
        }
        Rolling.Read read = serving.isEmpty()
                ? points(index, range, needs.reach)
                : rolling().read(index, serving, range, before(index, range, needs.reach), needs.reach > 0);
        Columns all = read.columns();
        budget.points(all);
        Columns points = plan.where().filter(all);
        countSkipped(all, read.headRows(), points, read.totals(), range);
        SeriesReader.States states = new SeriesReader.States(Columns.NONE, Intervals.NONE);
        Where where = plan.where();
        if (!plan.fn().isEmpty()) {
            points = plan.fn().apply(points, range.from());
            where = Where.NONE;
            states = needs.runs || during.isPresent() ? runs(index, points, range) : states;
        } else if (needs.runs || during.isPresent()) {
            states = view.states(index, all, range, horizon(all));
        }
        Optional<Truth> truth = truth(index, range, states);
        Intervals runs = needs.runs ? states.runs() : Intervals.NONE;
        if (truth.isPresent()) {
            points = during(points, range, truth.get());
            runs = runs.during(truth.get());
        }
        return new Loaded(
                range,
                points,
                read.totals(),
                List.of(),
                states.rows(),
                runs,
                where,
                all.count() == 0 && runs.count() == 0,
                truth);
    }

    /** The points alone, and as many before the range as are asked for. */
    private Rolling.Read points(int index, TimeRange range, int reach) {
        if (reach == 1) {
            Columns all = view.readWithPrevious(index, range);
            return new Rolling.Read(all, all.firstAtOrAfter(range.from(), 0), Totals.NONE);
        }
        Columns head = before(index, range, reach);
        return new Rolling.Read(view.read(index, range).after(head), head.count(), Totals.NONE);
    }

    private Rolling rolling() {
        Rolling made = rolling.orElseGet(() -> new Rolling(plan, view, budget));
        rolling = Optional.of(made);
        return made;
    }

    /** @param reach 0, or 1 for a point before the range */
    private Loaded loadWithHeaders(int index, TimeRange range, int reach, SummaryFilter filter) {
        SeriesReader.Summarized found =
                reach == 0 ? view.summarize(index, range, filter) : view.summarizeWithPrevious(index, range, filter);
        Columns points = found.points();
        budget.points(points);
        budget.headers(found.summaries().size());
        if (isNumeric) {
            budget.skipped(points.others(points.firstAtOrAfter(range.from(), 0), points.count()));
            found.summaries().forEach(told -> budget.skipped(told.points() - told.numbers()));
        }
        boolean isEmpty = points.count() == 0 && found.summaries().isEmpty();
        return new Loaded(
                range,
                points,
                Totals.NONE,
                found.summaries(),
                Columns.NONE,
                Intervals.NONE,
                Where.NONE,
                isEmpty,
                Optional.empty());
    }

    private SeriesReader.States runs(int index, Columns points, TimeRange range) {
        return new SeriesReader.States(points, Intervals.of(points, range, horizon(points), view.staleAfter(index)));
    }

    /** {@code count} points before the range; fewer where there are not so many. */
    private Columns before(int index, TimeRange range, int count) {
        Columns head = Columns.NONE;
        long time = range.from();
        for (int i = 0; i < count && time > TimeRange.ALL.from(); i++) {
            Columns one = view.asOf(index, time - 1);
            if (one.count() == 0) {
                break;
            }
            head = head.after(one);
            time = one.times()[0];
        }
        return head;
    }

    private Optional<Truth> truth(int index, TimeRange range, SeriesReader.States own) {
        return during.map(
                condition -> condition.truth(plan.selector().capture(view.key(index)), range, Optional.of(own)));
    }

    /** The points in {@code range} at whose time the condition holds; those before the range stay. */
    private static Columns during(Columns points, TimeRange range, Truth truth) {
        int[] rows = new int[points.count()];
        int kept = 0;
        for (int i = 0; i < points.count(); i++) {
            long time = points.times()[i];
            int step = time < range.from() || time >= truth.end() ? -1 : truth.at(time);
            if (time < range.from() || step >= 0 && truth.isTrue(step)) {
                rows[kept++] = i;
            }
        }
        return points.only(rows, kept);
    }

    /** The rows of series {@code index}, oldest first, filled. */
    Rows rows(int index) {
        Loaded loaded = load(index);
        boolean filled = !plan.fill().isNone()
                && plan.span().boundedFrom()
                && !loaded.range().isEmpty();
        boolean holds = plan.window() instanceof Window.During && loaded.truth().isPresent();
        if (loaded.isEmpty() && !filled && !holds) {
            return new Rows(width, 0);
        }
        boolean isState = view.isState(index);
        boolean stepped = (isState ? ofStates : ofOthers).runs && !plan.window().isOfRuns();
        Emitter out = new Emitter(
                plan,
                budget,
                naming.cells(key(index)),
                width,
                lastRows,
                loaded.slice(isState),
                loaded.told(),
                loaded.range(),
                stepped,
                loaded.truth());
        Rows rows = out.rows();
        lastRows = Math.min(rows.count(), MOST_GUESSED);
        return plan.fill().isNone() ? rows : plan.fill().applied(rows, naming.width() + 1);
    }

    SeriesKey key(int index) {
        return view.key(index);
    }

    private void countSkipped(Columns all, int headRows, Columns points, Totals totals, TimeRange range) {
        if (isWhereNumeric) {
            budget.skipped(all.others(headRows, all.count()));
        }
        if (isNumeric) {
            budget.skipped(totals.others(points, points.firstAtOrAfter(range.from(), 0), points.count()));
        }
    }

    /** The end of what can be known. */
    private long horizon(Columns all) {
        return all.count() == 0 ? plan.now() : Math.max(plan.now(), all.times()[all.count() - 1] + 1);
    }
}
