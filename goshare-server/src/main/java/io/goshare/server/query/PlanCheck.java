package io.goshare.server.query;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.server.query.Aggregate.Trait;
import java.util.List;

/** Holds the clauses of one query against each other: what has no meaning together is refused with the remedy. */
record PlanCheck(Plan plan, Command command) {
    void check() {
        Window window = plan.window();
        if (plan.aggregates().isEmpty() && plan.verb() == Verb.QUERY) {
            withoutAggregates();
        }
        if (command.has(Param.BY) && plan.reduce().isEmpty() && plan.verb() == Verb.QUERY) {
            throw bad("reduce", "by wants to know how series are put together; add reduce=sum or another");
        }
        if (window.isOwn() && (plan.reduce().isPresent() || !plan.fill().isNone())) {
            throw bad(
                    "window",
                    "each series has its own runs, sessions and the like, so fill, by and reduce have no meaning; use"
                            + " every=…");
        }
        if (!plan.fill().isNone() && !(window instanceof Window.Tumbling)) {
            throw bad("fill", "fill works on the windows of every=…, which do not overlap");
        }
        if (window.isOfRuns() && plan.where().needsPrevious()) {
            throw bad("where", "runs differ from their neighbours already; leave changed out");
        }
        if (window instanceof Window.Transition && !plan.aggregates().isEmpty()) {
            throw bad("agg", "window=transition lists changes, which have nothing to aggregate; leave agg out");
        }
        if (plan.labelsEnd() && !command.has(Param.EVERY)) {
            throw bad("label", "label=end is of the windows of every=…; add every=1h or leave label out");
        }
        if (plan.verb() == Verb.CENSUS && !(window instanceof Window.Whole || window instanceof Window.Tumbling)) {
            throw bad("window", "census takes every=… only");
        }
        perValue();
        range();
        condition();
        result();
    }

    private static GoShareException bad(String field, String message) {
        return GoShareException.badField(field, message);
    }

    private void withoutAggregates() {
        for (Param<?> param : List.of(Param.EVERY, Param.FILL, Param.BY, Param.REDUCE, Param.TOP, Param.BOTTOM)) {
            if (command.has(param)) {
                throw bad(param.name(), param + " works on aggregates; add agg=mean or another");
            }
        }
        Window window = plan.window();
        if (window instanceof Window.Session || window instanceof Window.Count || window instanceof Window.During) {
            throw bad(
                    "agg", "window=" + command.require(Param.WINDOW) + " wants an aggregate; add agg=count or another");
        }
    }

    private void perValue() {
        long perValue = plan.aggregates().stream()
                .filter(one -> one.is(Trait.PER_VALUE))
                .count();
        if (perValue == 0) {
            return;
        }
        boolean alone = perValue == plan.aggregates().size()
                && plan.reduce().isEmpty()
                && plan.fill().isNone()
                && !plan.window().isOwn();
        if (!alone) {
            throw bad(
                    "agg",
                    "duration, share and entries without a value give a row for each value, so they stand alone, with"
                            + " every at most; beside others write share:down");
        }
        boolean matrix = plan.aggregates().stream().anyMatch(one -> one.name().equals(Aggregate.MATRIX));
        if (matrix && plan.aggregates().size() > 1) {
            throw bad("agg", "matrix gives a row for each pair of values, so it stands alone");
        }
    }

    private void range() {
        if (plan.alignsFirst() && !plan.span().boundedFrom() && plan.reduce().isPresent()) {
            throw bad("align", "align=first gives each series windows of its own, which do not meet; add from=…");
        }
        if (plan.alignsFirst() && !plan.span().boundedFrom() && plan.verb() == Verb.CENSUS) {
            throw bad("align", "align=first begins where each series does; a census of them wants from=…");
        }
        if (plan.when().isPresent() && plan.span().latest().isPresent()) {
            throw bad("range", "a condition has no last point; give from and to");
        }
    }

    private void condition() {
        if (plan.when().isEmpty()) {
            return;
        }
        if (!plan.fn().isEmpty()) {
            throw bad("fn", "when is true or false along time, which fn has nothing to do with; leave fn out");
        }
        for (Condition.Atom atom : plan.when().get().atoms()) {
            if (atom.selector().isEmpty()) {
                throw bad(
                        "when",
                        "when: " + atom.text() + " names no series; write it before, as in node:web1:state=down");
            }
        }
    }

    private void result() {
        if (plan.join().isPresent() && (plan.reduce().isPresent() || plan.plot().isPresent())) {
            throw bad("join", "join puts values beside the rows of each series; leave reduce and plot out");
        }
        if (plan.plot().isPresent()) {
            for (Param<?> param : List.of(Param.EVERY, Param.WINDOW, Param.AGG)) {
                if (command.has(param)) {
                    throw bad("plot", "plot thins out points or runs by itself; leave " + param + " out");
                }
            }
        }
        if (plan.ranking().isPresent() && plan.perValue()) {
            throw bad("top", "top and bottom rank by one aggregate; write share:down rather than share");
        }
    }
}
