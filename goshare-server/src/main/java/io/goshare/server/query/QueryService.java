package io.goshare.server.query;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RangeText;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code query}, {@code states} and {@code at}. Stages, always in this order: select, range, where, window,
 * aggregate, fill, group and reduce, order and limit. Safe for many threads.
 */
public final class QueryService {
    private static final List<Param<?>> NOT_BESIDE_AT = List.of(
            Param.FROM,
            Param.TO,
            Param.AROUND,
            Param.RADIUS,
            Param.RANGE,
            Param.WHERE,
            Param.EVERY,
            Param.WINDOW,
            Param.AGG,
            Param.FILL,
            Param.BY,
            Param.REDUCE);

    private final SeriesReader reader;
    private final LongSupplier nowNanos;
    private final Budget.Limits limits;

    /** @param nowNanos the clock: nanoseconds since 1970 */
    public QueryService(SeriesReader reader, LongSupplier nowNanos, Budget.Limits limits) {
        this.reader = reader;
        this.nowNanos = nowNanos;
        this.limits = limits;
    }

    /**
     * One page of the answer: points, or a table; note {@code cursor} where more follow, {@code skipped} where points
     * were passed over that are no numbers.
     *
     * @throws GoShareException {@code bad_request} for a clause that has no meaning here, {@code budget} for a query
     *     too large
     */
    public Reply run(Command command) {
        Budget budget = new Budget(limits, command.require(Param.TIMEOUT));
        boolean isNow = command.get(Param.RANGE).filter(RangeText::isNow).isPresent();
        if (command.verb() == Verb.AT || command.has(Param.AT) || isNow) {
            return at(command, budget, isNow);
        }
        Plan plan = Plan.of(command, nowNanos.getAsLong());
        TimeRange range = plan.span().fixed().orElse(TimeRange.ALL);
        try (SeriesReader.View view = reader.view(plan.selector(), range)) {
            budget.series(view.size());
            if (plan.aggregates().isEmpty() && !(plan.window() instanceof Window.Run)) {
                return points(plan, view, budget);
            }
            return plan.reduce().isPresent() ? groups(plan, view, budget) : table(plan, view, budget);
        }
    }

    private Reply at(Command command, Budget budget, boolean isNow) {
        for (Param<?> param : NOT_BESIDE_AT) {
            if (command.has(param) && !(isNow && param == Param.RANGE)) {
                throw GoShareException.badField(
                        param.name(),
                        "one instant is asked for, beside which " + param + " has no meaning; leave one out");
            }
        }
        Optional<Cursor> cursor = command.get(Param.CURSOR).map(text -> Cursor.parse(text, command));
        long now = cursor.map(Cursor::now).orElseGet(nowNanos::getAsLong);
        ZoneId zone = command.require(Param.TZ);
        long time = command.has(Param.AT) ? Span.instant(command, Param.AT, zone, now) : now;
        try (SeriesReader.View view = reader.view(command.require(Param.SEL), new TimeRange(time, time))) {
            budget.series(view.size());
            Naming naming = Naming.of(command.require(Param.SEL), view);
            Table table = Table.of(naming.columns(
                    List.of(new Column("time", Table.Type.TIME), new Column("value", Table.Type.VALUE))));
            Page page = new Page(table, command.require(Param.LIMIT), cursor, now, Cursor.hash(command));
            for (int i = page.firstSeries(view); i < view.size() && page.isOpen(); i++) {
                Columns point = view.asOf(i, time);
                budget.points(point.count());
                if (point.count() > 0) {
                    boolean known = isKnown(point.times()[0], time, view.staleAfter(i));
                    @Nullable Value[] cells = Arrays.copyOf(naming.cells(view.key(i)), naming.width() + 2);
                    cells[naming.width()] = Value.of(point.times()[0]);
                    cells[naming.width() + 1] = known ? point.value(0) : null;
                    page.add(view.key(i).encoded(), List.of(new Row(time, false, cells)));
                }
            }
            return page.reply();
        }
    }

    private static boolean isKnown(long since, long time, long staleAfter) {
        return since > Long.MAX_VALUE - staleAfter || time < since + staleAfter;
    }

    private static Reply table(Plan plan, SeriesReader.View view, Budget budget) {
        Naming naming = Naming.of(plan.selector(), view);
        SeriesWindows windows = new SeriesWindows(plan, view, budget, naming);
        Page page = page(plan, Table.of(naming.columns(windows.columns())));
        for (int i = page.firstSeries(view); i < view.size() && page.isOpen(); i++) {
            List<Row> rows = windows.rows(i);
            if (plan.newestFirst()) {
                Collections.reverse(rows);
            }
            page.add(view.key(i).encoded(), rows);
        }
        return noted(page.reply(), windows.skipped());
    }

    private static Reply groups(Plan plan, SeriesReader.View view, Budget budget) {
        Naming naming = new Naming(plan.selector(), List.of(), List.of());
        SeriesWindows windows = new SeriesWindows(plan, view, budget, naming);
        Groups groups = new Groups(plan);
        for (int i = 0; i < view.size(); i++) {
            groups.add(view.key(i), windows.rows(i), naming.width());
        }
        Page page = page(plan, Table.of(groups.columns(windows.columns())));
        page.add(new byte[0], groups.rows());
        return noted(page.reply(), windows.skipped());
    }

    private static Page page(Plan plan, Table table) {
        return new Page(table, plan.limit(), plan.cursor(), plan.now(), plan.hash());
    }

    private static Reply points(Plan plan, SeriesReader.View view, Budget budget) {
        Naming naming = new Naming(plan.selector(), List.of(), List.of());
        SeriesWindows windows = new SeriesWindows(plan, view, budget, naming);
        PointBatch.Builder out = new PointBatch.Builder();
        Optional<Cursor> next = Optional.empty();
        for (int i = Page.firstSeries(view, plan.cursor()); i < view.size() && next.isEmpty(); i++) {
            byte[] name = view.key(i).encoded();
            Columns points = windows.points(i, resumed(plan, name, windows.range(i)));
            int room = plan.limit() - out.rows();
            int taken = Math.min(room, points.count());
            int series = taken > 0 ? out.series(name) : 0;
            for (int j = 0; j < taken; j++) {
                copy(points, plan.newestFirst() ? points.count() - 1 - j : j, series, out);
            }
            if (taken < points.count()) {
                int row = plan.newestFirst() ? points.count() - 1 - taken : taken;
                next = Optional.of(new Cursor(plan.hash(), plan.now(), points.times()[row], name));
            }
        }
        Reply reply = Reply.of(new Result.Points(out.build()));
        return noted(next.map(cursor -> reply.with("cursor", cursor)).orElse(reply), windows.skipped());
    }

    /** What is left of a range once the page before has given its part of it. */
    private static TimeRange resumed(Plan plan, byte[] name, TimeRange range) {
        if (plan.cursor().isEmpty() || !Arrays.equals(plan.cursor().get().name(), name)) {
            return range;
        }
        long place = plan.cursor().get().place();
        return plan.newestFirst()
                ? new TimeRange(range.from(), Math.min(range.to(), place + 1))
                : new TimeRange(Math.max(range.from(), place), range.to());
    }

    private static void copy(Columns points, int row, int series, PointBatch.Builder out) {
        Kind kind = points.kind(row);
        long word = points.words()[row];
        if (kind.isBytes()) {
            out.add(series, points.times()[row], kind, points.heap(), (int) (word >>> 32), (int) word);
        } else {
            out.add(series, points.times()[row], kind, PointBatch.scale(points.tags()[row]), word);
        }
    }

    private static Reply noted(Reply reply, long skipped) {
        return skipped == 0 ? reply : reply.with("skipped", skipped);
    }
}
