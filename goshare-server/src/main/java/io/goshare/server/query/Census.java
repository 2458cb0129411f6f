package io.goshare.server.query;

import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many series are in each state along time: the verb {@code census}. A sweep over the edges of runs, without
 * sampling. For one thread.
 */
final class Census {
    /** Where series enter and leave one value; in no order until swept. */
    private static final class Edges {
        private long[] from = new long[8];
        private long[] to = new long[8];
        private int count;

        void add(long start, long end) {
            if (count == from.length) {
                from = Arrays.copyOf(from, count * 2);
                to = Arrays.copyOf(to, count * 2);
            }
            from[count] = start;
            to[count++] = end;
        }

        void sort() {
            Arrays.sort(from, 0, count);
            Arrays.sort(to, 0, count);
        }
    }

    /** What is counted together. */
    private record Group(List<@Nullable Value> terms, Map<@Nullable Value, Edges> values, long[] ends) {}

    private final Plan plan;
    private final Budget budget;
    private final Map<List<@Nullable Value>, Group> groups = new LinkedHashMap<>();

    Census(Plan plan, Budget budget) {
        this.plan = plan;
        this.budget = budget;
    }

    List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        plan.grouping().columns().forEach(name -> columns.add(new Column(name, Table.Type.VALUE)));
        columns.add(new Column("time", Table.Type.TIME));
        for (String name : isWindowed() ? List.of("value", "mean", "min", "max") : List.of("value", "count")) {
            columns.add(new Column(name, Table.Type.VALUE));
        }
        return columns;
    }

    private boolean isWindowed() {
        return plan.window() instanceof Window.Tumbling;
    }

    void add(SeriesKey key, SeriesWindows.Loaded loaded) {
        Intervals runs = loaded.runs();
        if (runs.count() == 0) {
            return;
        }
        Group group = groups.computeIfAbsent(
                plan.grouping().of(key, plan.selector()),
                terms -> new Group(terms, new LinkedHashMap<>(), new long[] {Long.MAX_VALUE, Long.MIN_VALUE}));
        Slice slice = loaded.slice(true);
        for (int run = 0; run < runs.count(); run++) {
            if (slice.passes(run)) {
                Value value = runs.isKnown(run) ? slice.state(run) : null;
                group.values.computeIfAbsent(value, one -> new Edges()).add(runs.from()[run], runs.to()[run]);
            }
        }
        group.ends[0] = Math.min(group.ends[0], runs.from()[0]);
        group.ends[1] = Math.max(group.ends[1], runs.to()[runs.count() - 1]);
    }

    /** Group by group, value by value in the order they were first met, oldest first or newest first. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Group group : groups.values()) {
            group.values.forEach((value, edges) -> {
                edges.sort();
                List<Row> own = new ArrayList<>();
                if (plan.window() instanceof Window.Tumbling tumbling) {
                    windows(group, value, edges, tumbling.clock(), own);
                } else {
                    steps(group, value, edges, own);
                }
                if (plan.newestFirst()) {
                    java.util.Collections.reverse(own);
                }
                rows.addAll(own);
            });
        }
        return rows;
    }

    /** Walks along the times at which a count changes; for one walk. */
    private static final class Walk {
        private final Edges edges;
        private int entered;
        private int left;

        Walk(Edges edges) {
            this.edges = edges;
        }

        /** The next time at which it may change; the greatest if there is none. */
        long next() {
            long in = entered < edges.count ? edges.from[entered] : Long.MAX_VALUE;
            long out = left < edges.count ? edges.to[left] : Long.MAX_VALUE;
            return Math.min(in, out);
        }

        /** The count from {@code time} on. */
        long count(long time) {
            while (entered < edges.count && edges.from[entered] <= time) {
                entered++;
            }
            while (left < edges.count && edges.to[left] <= time) {
                left++;
            }
            return entered - left;
        }
    }

    /** A row for each change of the count; where all that is known ends, no more. */
    private void steps(Group group, @Nullable Value value, Edges edges, List<Row> rows) {
        Walk walk = new Walk(edges);
        long before = -1;
        for (long time = walk.next(); time < group.ends[1]; time = walk.next()) {
            long count = walk.count(time);
            if (count != before) {
                row(group, time, rows, Value.of(time), value, Value.of(count));
                before = count;
            }
        }
    }

    private void windows(Group group, @Nullable Value value, Edges edges, WindowClock clock, List<Row> rows) {
        WindowClock aligned = plan.alignsFirst()
                ? clock.startingAt(plan.span().fixed().orElseThrow().from())
                : clock;
        Walk walk = new Walk(edges);
        long count = 0;
        for (long start = aligned.floor(group.ends[0]); start < group.ends[1]; start = aligned.next(start)) {
            long stop = aligned.next(start);
            long from = Math.max(start, group.ends[0]);
            long to = Math.min(stop, group.ends[1]);
            count = walk.count(from);
            long least = count;
            long most = count;
            double seconds = 0;
            long time = from;
            while (time < to) {
                long next = Math.min(to, walk.next());
                seconds += count * ((next - time) / 1e9);
                time = next;
                if (time < to) {
                    count = walk.count(time);
                    least = Math.min(least, count);
                    most = Math.max(most, count);
                }
            }
            long told = plan.labelsEnd() ? stop : start;
            Value mean = Value.of(seconds / ((to - from) / 1e9));
            row(group, told, rows, Value.of(told), value, mean, Value.of(least), Value.of(most));
        }
    }

    private void row(Group group, long time, List<Row> rows, @Nullable Value... own) {
        budget.rows(1);
        @Nullable Value[] terms = group.terms.toArray(new @Nullable Value[0]);
        rows.add(new Row(time, false, terms).with(own));
    }
}
