package io.goshare.server.query;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The clauses {@code join}, {@code with} and {@code tolerance}: beside each row the value that another series had then.
 *
 * @param tolerance nanoseconds that a value may be away from its row
 */
record Join(Kind kind, Selector with, long tolerance) {
    /** Which value. */
    enum Kind {
        /** The newest at or before. */
        ASOF,
        /** The newest before. */
        LT,
        /** The one least far away; of two the older. */
        NEAREST
    }

    static Optional<Join> parse(Command command, Optional<Selector> sel) {
        Optional<String> word = command.get(Param.JOIN);
        if (word.isEmpty()) {
            for (Param<?> param : List.of(Param.WITH, Param.TOLERANCE)) {
                if (command.has(param)) {
                    throw GoShareException.badField("join", param + " is of a join; add join=asof, lt or nearest");
                }
            }
            return Optional.empty();
        }
        Kind kind = Kind.valueOf(word.get().toUpperCase(java.util.Locale.ROOT));
        if (!command.has(Param.WITH)) {
            throw GoShareException.badField("with", "join=" + word.get() + " wants with=…: the series to put beside");
        }
        if (kind == Kind.NEAREST && !command.has(Param.TOLERANCE)) {
            throw GoShareException.badField("tolerance", "join=nearest wants tolerance=…: how far away it looks");
        }
        Selector with = command.require(Param.WITH);
        for (String label : with.labels()) {
            if (!sel.map(Selector::labels).orElse(List.of()).contains(label)) {
                throw GoShareException.badField(
                        "with",
                        "with captures @" + label + ", which sel does not; capture it in both, or write * here");
            }
        }
        return Optional.of(new Join(kind, with, command.get(Param.TOLERANCE).orElse(Long.MAX_VALUE)));
    }

    /** All that is read of the other series for rows in {@code range}. */
    TimeRange reach(TimeRange range) {
        return kind == Kind.NEAREST
                ? new TimeRange(
                        Math.max(TimeRange.ALL.from(), minus(range.from(), tolerance)), plus(range.to(), tolerance))
                : range;
    }

    private static long plus(long a, long b) {
        return a > TimeRange.ALL.to() - b ? TimeRange.ALL.to() : a + b;
    }

    private static long minus(long a, long b) {
        return a < TimeRange.ALL.from() + b ? TimeRange.ALL.from() : a - b;
    }

    List<Column> columns() {
        return List.of(
                new Column("with", Table.Type.VALUE),
                new Column("with_time", Table.Type.TIME),
                new Column("with_value", Table.Type.VALUE));
    }

    /** The other series of one query. For one thread. */
    static final class Joiner implements AutoCloseable {
        private final Join join;
        private final Selector selector;
        private final Bound others;
        private final Budget budget;

        Joiner(Join join, Selector selector, SeriesReader reader, TimeRange range, Budget budget) {
            this.join = join;
            this.selector = selector;
            this.budget = budget;
            this.others = Bound.open(reader, join.with, join.reach(range), budget);
        }

        /** {@code rows} of {@code key} with what stood beside each. */
        Rows join(SeriesKey key, Rows rows) {
            return Rows.of(rows.cells().width() + join.columns().size(), join(key, rows.list()));
        }

        private List<Row> join(SeriesKey key, List<Row> rows) {
            if (rows.isEmpty()) {
                return rows;
            }
            int[] found = others.of(selector.capture(key));
            if (found.length > 1) {
                throw GoShareException.badField(
                        "with",
                        "with finds " + found.length + " series for " + key + ", such as "
                                + others.view().key(found[0]) + " and "
                                + others.view().key(found[1])
                                + "; narrow it, or capture the same segment in both, as in node:@host");
            }
            List<Row> joined = new ArrayList<>(rows.size());
            if (found.length == 0) {
                rows.forEach(row -> joined.add(row.with(null, null, null)));
                return joined;
            }
            TimeRange span =
                    new TimeRange(rows.get(0).time(), rows.get(rows.size() - 1).time() + 1);
            Columns points = others.points(found[0], join.reach(span), budget);
            Value name = Value.of(others.view().key(found[0]).path().toString());
            long stale = others.view().staleAfter(found[0]);
            int before = 0; // how many points are not after the row
            for (Row row : rows) {
                while (before < points.count() && points.times()[before] <= row.time()) {
                    before++;
                }
                int match = match(points, before, row.time(), stale);
                joined.add(
                        match < 0
                                ? row.with(name, null, null)
                                : row.with(name, Value.of(points.times()[match]), points.value(match)));
            }
            return joined;
        }

        private int match(Columns points, int before, long time, long stale) {
            int left = before - 1;
            if (join.kind == Kind.LT && left >= 0 && points.times()[left] == time) {
                left--;
            }
            boolean isKnown = left >= 0 && distance(points, left, time) < stale;
            if (left >= 0 && (!isKnown || distance(points, left, time) > join.tolerance)) {
                left = -1;
            }
            if (join.kind != Kind.NEAREST || before == points.count()) {
                return left;
            }
            long right = distance(points, before, time);
            boolean isNearer = left < 0 || right < distance(points, left, time);
            return isNearer && right <= join.tolerance ? before : left;
        }

        /** Without overflow: whatever is further away than an int64 can say is as far as it can. */
        private static long distance(Columns points, int row, long time) {
            long apart = Math.abs(points.times()[row] - time);
            return apart < 0 || (points.times()[row] ^ time) < 0 && apart < Math.abs(time) ? Long.MAX_VALUE : apart;
        }

        long heldBytes() {
            return others.view().heldBytes();
        }

        @Override
        public void close() {
            others.close();
        }
    }
}
