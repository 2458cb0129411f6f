package io.goshare.server.query;

import io.goshare.protocol.Verb;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.series.Rolled;
import io.goshare.server.series.RollupRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads summaries in place of points, wherever the answer is the same: of a state its changes, which are all that runs
 * are made of; of others what a window's aggregates are folded from, if it holds whole windows of the rule. What no
 * summary tells is read from the points. For one query and one thread.
 */
final class Rolling {
    /** Aggregates of a window's points that are folded from summaries. */
    private static final Set<String> FOLDED = Set.of(
            "count", "sum", "mean", "min", "max", "range", "first", "last", "any", "argmin", "argmax", "t_first",
            "t_last");

    /**
     * What is to be read: rows, some of which stand for many.
     *
     * @param headRows how many of them are points before the range
     */
    record Read(Columns columns, int headRows, Totals totals) {}

    /** A stretch of time, and the rows of it; of a summary, or points. */
    private record Part(long from, Columns columns, Optional<Summary> summary) {}

    private final Plan plan;
    private final SeriesReader.View view;
    private final Budget budget;
    private final SummaryCodec codec = new SummaryCodec();
    private final boolean ofStates;
    private final boolean ofOthers;
    private final boolean folds;

    Rolling(Plan plan, SeriesReader.View view, Budget budget) {
        this.plan = plan;
        this.view = view;
        this.budget = budget;
        boolean isPlain = plan.when().isEmpty()
                && plan.where().isEmpty()
                && plan.fn().isEmpty()
                && plan.during().isEmpty()
                && plan.plot().isEmpty();
        this.folds = plan.aggregates().stream().anyMatch(one -> !one.needsRuns(true));
        boolean isFoldable =
                !folds || plan.window() instanceof Window.Whole || tumbling().isPresent();
        boolean runs = plan.window() instanceof Window.Run || plan.window() instanceof Window.Transition;
        boolean ofRuns = plan.verb() == Verb.STATES || plan.verb() == Verb.CENSUS || runs;
        boolean isKnown =
                plan.aggregates().stream().allMatch(one -> FOLDED.contains(one.name()) || one.needsRuns(true));
        boolean hasWindows = runs
                || plan.window() instanceof Window.Whole
                || plan.window() instanceof Window.Tumbling
                || plan.window() instanceof Window.Hopping;
        boolean asks = ofRuns || !plan.aggregates().isEmpty();
        this.ofStates = isPlain && asks && isKnown && isFoldable && hasWindows;
        this.ofOthers = ofStates
                && !plan.needsRuns(false)
                && plan.aggregates().stream().allMatch(one -> FOLDED.contains(one.name()));
    }

    /** The windows, if each is told apart by its start alone. */
    private Optional<WindowClock> tumbling() {
        return plan.window() instanceof Window.Tumbling tumbling && !plan.alignsFirst()
                ? Optional.of(tumbling.clock())
                : Optional.empty();
    }

    /** Whether it is worth a try: some windows hold whole ones of this length. */
    private boolean fits(long every) {
        Optional<WindowClock> clock = folds ? tumbling() : Optional.empty();
        if (clock.isEmpty()) {
            return true;
        }
        if (clock.get() instanceof WindowClock.Fixed fixed) {
            return fixed.nanos() % every == 0 && fixed.origin() % every == 0;
        }
        return clock.get().floor(plan.now()) % every == 0;
    }

    /** The last point that summaries tell of before {@code time}, as one row; no row if there is none. */
    private Columns before(int index, List<RollupRule> rules, long time) {
        Columns newest = Columns.NONE;
        for (RollupRule rule : rules) {
            Optional<Columns> points = view.rolledBefore(index, rule, time)
                    .flatMap(row -> codec.decode(row.summary()))
                    .map(Summary::points);
            if (points.isPresent()) {
                Columns last = points.get().from(points.get().count() - 1);
                newest = newest.count() == 0 || last.times()[0] > newest.times()[0] ? last : newest;
            }
        }
        return newest;
    }

    /** Those of {@code rules}, which keep summaries of series {@code index}, that the question may be answered from. */
    List<RollupRule> serving(int index, List<RollupRule> rules) {
        return (view.isState(index) ? ofStates : ofOthers)
                ? rules.stream().filter(rule -> fits(rule.everyNanos())).toList()
                : List.of();
    }

    /**
     * @param rules that serve
     * @param head points before {@code range}, which come first
     * @param reaches whether one is wanted, if there is any
     */
    Read read(int index, List<RollupRule> rules, TimeRange range, Columns head, boolean reaches) {
        Columns before = reaches && head.count() == 0 ? before(index, rules, range.from()) : head;
        List<Part> parts = new ArrayList<>();
        List<TimeRange> left = List.of(range);
        for (RollupRule rule : rules) {
            List<TimeRange> next = new ArrayList<>();
            for (TimeRange gap : left) {
                addSummaries(index, rule, gap, parts, next);
            }
            left = next;
        }
        budget.rollups(parts.size());
        for (TimeRange gap : left) {
            Columns points = view.read(index, gap);
            if (points.count() > 0) {
                parts.add(new Part(gap.from(), points, Optional.empty()));
            }
        }
        parts.sort(Comparator.comparingLong(Part::from));
        return joined(before, parts);
    }

    /** Adds what summaries tell of {@code gap}, and to {@code left} what they do not. */
    private void addSummaries(int index, RollupRule rule, TimeRange gap, List<Part> parts, List<TimeRange> left) {
        Rolled rolled = view.rolled(index, rule, gap);
        long told = gap.from();
        int row = 0;
        Fit fit = new Fit();
        for (TimeRange span : rolled.covered()) {
            addGap(told, span.from(), left);
            told = span.from();
            for (; row < rolled.rows().size() && rolled.rows().get(row).from() < span.to(); row++) {
                long from = rolled.rows().get(row).from();
                long to = from + rule.everyNanos();
                Optional<Summary> summary = fit.holds(from, to)
                        ? codec.decode(rolled.rows().get(row).summary()).filter(one -> serves(index, one))
                        : Optional.empty();
                if (summary.isPresent()) {
                    parts.add(new Part(from, summary.get().points(), summary));
                } else {
                    addGap(from, to, left);
                }
            }
            told = span.to();
        }
        addGap(told, gap.to(), left);
    }

    private boolean serves(int index, Summary summary) {
        return !view.isState(index)
                || plan.aggregates().stream().allMatch(one -> FOLDED.contains(one.name())) && !plan.needsRuns(true)
                || summary.isOfChanges() && summary.stale() <= view.staleAfter(index);
    }

    private static void addGap(long from, long to, List<TimeRange> left) {
        if (from >= to) {
            return;
        }
        int last = left.size() - 1;
        if (last >= 0 && left.get(last).to() == from) {
            left.set(last, new TimeRange(left.get(last).from(), to));
        } else {
            left.add(new TimeRange(from, to));
        }
    }

    /** Whether one window of the query holds all of a rule's; asked in time order. */
    private final class Fit {
        private long to = Long.MIN_VALUE;
        private long from = Long.MAX_VALUE;

        boolean holds(long first, long end) {
            Optional<WindowClock> clock = folds ? tumbling() : Optional.empty();
            if (clock.isEmpty()) {
                return true;
            }
            if (first >= to || first < from) {
                from = clock.get().floor(first);
                to = clock.get().next(from);
            }
            return end <= to;
        }
    }

    private static Read joined(Columns head, List<Part> parts) {
        int rows = head.count();
        int bytes = head.heap().length;
        int told = 0;
        for (Part part : parts) {
            rows += part.columns.count();
            bytes += part.columns.heap().length;
            told += part.summary.isPresent() ? 1 : 0;
        }
        Columns all = new Columns(rows, new long[rows], new byte[rows], new long[rows], new byte[bytes]);
        Totals totals = new Totals(new int[told], new int[told], new Summary[told]);
        int row = 0;
        int at = 0;
        int heap = 0;
        List<Part> ordered = new ArrayList<>(parts);
        ordered.add(0, new Part(TimeRange.ALL.from(), head, Optional.empty()));
        for (Part part : ordered) {
            Columns one = part.columns;
            System.arraycopy(one.times(), 0, all.times(), row, one.count());
            System.arraycopy(one.tags(), 0, all.tags(), row, one.count());
            System.arraycopy(one.heap(), 0, all.heap(), heap, one.heap().length);
            for (int i = 0; i < one.count(); i++) {
                all.words()[row + i] = one.words()[i] + (one.kind(i).isBytes() ? (long) heap << 32 : 0);
            }
            if (part.summary.isPresent()) {
                totals.starts()[at] = row;
                totals.ends()[at] = row + one.count();
                totals.summaries()[at++] = part.summary.get();
            }
            row += one.count();
            heap += one.heap().length;
        }
        return new Read(all, head.count(), totals);
    }
}
