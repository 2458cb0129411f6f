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

/** A query whose clauses have been read and held against each other. Immutable, for one run. */
record Plan(
        Selector selector,
        Span span,
        ZoneId zone,
        long now,
        Where where,
        Window window,
        List<Aggregate> aggregates,
        Fill fill,
        Grouping grouping,
        Optional<Aggregate> reduce,
        boolean newestFirst,
        int limit,
        Optional<Cursor> cursor,
        int hash) {

    static Plan of(Command command, long clock) {
        Selector selector = command.require(Param.SEL);
        Optional<Cursor> cursor = command.get(Param.CURSOR).map(text -> Cursor.parse(text, command));
        long now = cursor.map(Cursor::now).orElse(clock);
        ZoneId zone = command.require(Param.TZ);
        Window window = command.verb() == Verb.STATES
                ? new Window.Run()
                : Window.parse(command.get(Param.EVERY), command.get(Param.WINDOW), zone, now);
        Plan plan = new Plan(
                selector,
                Span.of(command, zone, now),
                zone,
                now,
                command.get(Param.WHERE).map(Where::parse).orElse(Where.NONE),
                window,
                command.get(Param.AGG).map(text -> Aggregate.parse("agg", text)).orElse(List.of()),
                command.get(Param.FILL).map(Fill::parse).orElse(Fill.NONE),
                command.get(Param.BY)
                        .map(text -> Grouping.parse(text, selector))
                        .orElse(Grouping.ALL),
                command.get(Param.REDUCE).map(Plan::reduce),
                command.require(Param.ORDER).equals("desc"),
                Math.toIntExact(command.require(Param.LIMIT)),
                cursor,
                Cursor.hash(command));
        plan.check(command);
        return plan;
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

    private void check(Command command) {
        if (aggregates.isEmpty()) {
            for (Param<?> param : List.of(Param.EVERY, Param.FILL, Param.BY, Param.REDUCE)) {
                if (command.has(param)) {
                    throw GoShareException.badField(
                            param.name(), param + " works on aggregates; add agg=mean or another");
                }
            }
            if (window instanceof Window.Session) {
                throw GoShareException.badField("agg", "window=session:… wants an aggregate; add agg=count or another");
            }
        }
        if (command.has(Param.BY) && reduce.isEmpty()) {
            throw GoShareException.badField(
                    "reduce", "by wants to know how series are put together; add reduce=sum or another");
        }
        boolean own = window instanceof Window.Session || window instanceof Window.Run;
        if (own && (reduce.isPresent() || !fill.isNone())) {
            throw GoShareException.badField(
                    "window",
                    "each series has its own runs and sessions, so fill, by and reduce have no meaning; use every=…");
        }
        if (!fill.isNone() && !(window instanceof Window.Tumbling)) {
            throw GoShareException.badField("fill", "fill works on the windows of every=…, which do not overlap");
        }
        if (window instanceof Window.Run && where.needsPrevious()) {
            throw GoShareException.badField("where", "runs differ from their neighbours already; leave changed out");
        }
        checkPerValue(own);
    }

    private void checkPerValue(boolean own) {
        long perValue =
                aggregates.stream().filter(one -> one.is(Trait.PER_VALUE)).count();
        if (perValue > 0 && (perValue < aggregates.size() || reduce.isPresent() || !fill.isNone() || own)) {
            throw GoShareException.badField(
                    "agg",
                    "duration, share and entries without a value give a row for each value, so they stand alone, with"
                            + " every at most; beside others write share:down");
        }
    }

    boolean perValue() {
        return !aggregates.isEmpty() && aggregates.get(0).is(Trait.PER_VALUE);
    }

    boolean needsRuns(boolean isState) {
        return aggregates.stream().anyMatch(one -> one.needsRuns(isState));
    }

    boolean needsPrevious(boolean isState) {
        return where.needsPrevious()
                || needsRuns(isState)
                || aggregates.stream().anyMatch(one -> one.is(Trait.PREVIOUS));
    }

    boolean isNumeric() {
        return aggregates.stream().anyMatch(one -> one.is(Trait.NUMERIC));
    }
}
