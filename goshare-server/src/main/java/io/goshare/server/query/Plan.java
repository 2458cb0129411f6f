package io.goshare.server.query;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Selector;
import io.goshare.server.query.Aggregate.Trait;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A query whose clauses have been read and held against each other. Immutable, for one run.
 *
 * @param selector of the series asked for; with {@code when} that of {@link ConditionView}
 * @param when the condition that stands in their place
 * @param during the condition of {@code while} or {@code window=while:…}
 * @param alignsFirst whether windows begin where the range or the series does
 * @param labelsEnd whether the time of a window is its end
 * @param command that this was made of
 */
record Plan(
        Verb verb,
        Selector selector,
        Optional<Condition> when,
        Span span,
        ZoneId zone,
        long now,
        Where where,
        Transform fn,
        Optional<Condition> during,
        Window window,
        boolean alignsFirst,
        boolean labelsEnd,
        List<Aggregate> aggregates,
        Fill fill,
        Grouping grouping,
        Optional<Aggregate> reduce,
        Optional<Join> join,
        Optional<Ranking> ranking,
        Optional<Plot> plot,
        boolean newestFirst,
        int limit,
        long offset,
        Optional<Cursor> cursor,
        Command command) {

    static Plan of(Command command, long clock) {
        Optional<Condition> when = command.get(Param.WHEN).map(text -> Condition.parse("when", text));
        if (when.isPresent() == command.has(Param.SEL)) {
            throw GoShareException.badField(
                    when.isPresent() ? "when" : "sel",
                    when.isPresent()
                            ? "sel and when both say what is asked for; leave one out, or write while for the condition"
                            : command.verb().word() + " needs sel=…: " + Param.SEL.help() + "; or when=…");
        }
        Selector selector = when.map(condition -> ConditionView.selector(condition.labels("when")))
                .orElseGet(() -> command.require(Param.SEL));
        Optional<Cursor> cursor = command.get(Param.CURSOR).map(text -> Cursor.parse(text, command));
        long now = cursor.map(Cursor::now).orElse(clock);
        ZoneId zone = command.require(Param.TZ);
        Optional<Plot> plot = command.get(Param.PLOT).map(Plot::parse);
        Window window =
                command.verb() == Verb.STATES || plot.isPresent() && plot.get().isOfRuns()
                        ? new Window.Run()
                        : Window.parse(command, zone, now);
        Plan plan = new Plan(
                command.verb(),
                selector,
                when,
                Span.of(command, zone, now),
                zone,
                now,
                command.get(Param.WHERE).map(Where::parse).orElse(Where.NONE),
                command.get(Param.FN).map(Transform::parse).orElse(Transform.NONE),
                during(command, window, selector),
                window,
                command.get(Param.ALIGN).orElse("").equals("first"),
                command.require(Param.LABEL).equals("end"),
                command.get(Param.AGG).map(text -> Aggregate.parse("agg", text)).orElse(List.of()),
                command.get(Param.FILL).map(Fill::parse).orElse(Fill.NONE),
                command.get(Param.BY)
                        .map(text -> Grouping.parse(text, selector))
                        .orElse(Grouping.ALL),
                command.get(Param.REDUCE).map(Plan::reduce),
                Join.parse(command, Optional.of(selector)),
                Ranking.parse(command),
                plot,
                command.require(Param.ORDER).equals("desc"),
                Math.toIntExact(command.require(Param.LIMIT)),
                command.require(Param.OFFSET),
                cursor,
                command);
        new PlanCheck(plan, command).check();
        return plan;
    }

    /** {@link Cursor#hash} of the query. */
    int hash() {
        return Cursor.hash(command);
    }

    private static Optional<Condition> during(Command command, Window window, Selector selector) {
        String field = window instanceof Window.During ? "window" : "while";
        if (window instanceof Window.During && command.has(Param.WHILE)) {
            throw GoShareException.badField(
                    "while", "window=while:… and while both give a condition; join them by and");
        }
        Optional<String> text =
                window instanceof Window.During own ? Optional.of(own.condition()) : command.get(Param.WHILE);
        Optional<Condition> condition = text.map(one -> Condition.parse(field, one));
        condition.ifPresent(one -> one.labels(field).forEach(label -> {
            if (!selector.labels().contains(label)) {
                throw GoShareException.badField(
                        field,
                        field + " captures @" + label + ", which the series asked for do not; capture it in sel too, or"
                                + " write * here");
            }
        }));
        return condition;
    }

    private static Aggregate reduce(String text) {
        List<Aggregate> all = Aggregate.parse("reduce", text);
        if (all.size() != 1 || !all.get(0).is(Trait.ACROSS)) {
            throw GoShareException.badField(
                    "reduce",
                    "reduce=" + text + " is not one aggregate of values at one time, such as sum, mean, max, p99");
        }
        return all.get(0);
    }

    /** Whether the answer is points as they are, series by series. */
    boolean isOfPoints() {
        return verb == Verb.QUERY && aggregates.isEmpty() && window instanceof Window.Whole && join.isEmpty();
    }

    boolean isMatrix() {
        return !aggregates.isEmpty() && aggregates.get(0).name().equals(Aggregate.MATRIX);
    }

    boolean perValue() {
        return !aggregates.isEmpty() && aggregates.get(0).is(Trait.PER_VALUE);
    }

    boolean needsRuns(boolean isState) {
        return verb == Verb.CENSUS || window.isOfRuns() || aggregates.stream().anyMatch(one -> one.needsRuns(isState));
    }

    /** How many points before the range are looked at. */
    int reach(boolean isState) {
        boolean needsOne = where.needsPrevious()
                || when.isEmpty() && (needsRuns(isState) || during.isPresent())
                || aggregates.stream().anyMatch(one -> one.is(Trait.PREVIOUS));
        return (needsOne ? 1 : 0) + fn.reach();
    }

    boolean isNumeric() {
        return aggregates.stream().anyMatch(one -> one.is(Trait.NUMERIC));
    }
}
