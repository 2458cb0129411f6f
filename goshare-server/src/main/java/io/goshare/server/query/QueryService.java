package io.goshare.server.query;

import io.goshare.protocol.Cells;
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
import io.goshare.server.keyvalue.PageRequest;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code query}, {@code states}, {@code census} and {@code at}. Stages, always in this order: select, range,
 * where, transform, window, aggregate, fill, group and reduce, join, order and limit. Safe for many threads.
 */
public final class QueryService implements AutoCloseable {
    private static final Set<Param<?>> BESIDE_AT = Set.of(
            Param.SEL,
            Param.AT,
            Param.TZ,
            Param.ORDER,
            Param.LIMIT,
            Param.OFFSET,
            Param.CURSOR,
            Param.SHAPE,
            Param.EXPLAIN);

    private final SeriesReader reader;
    private final LongSupplier nowNanos;
    private final Budget.Limits limits;
    private final ThreadPoolExecutor helpers;
    private final Leases leases;

    /** @param nowNanos the clock: nanoseconds since 1970 */
    public QueryService(SeriesReader reader, LongSupplier nowNanos, Budget.Limits limits) {
        this(reader, nowNanos, limits, Leases.Limits.DEFAULT);
    }

    QueryService(SeriesReader reader, LongSupplier nowNanos, Budget.Limits limits, Leases.Limits leaseLimits) {
        this.reader = reader;
        this.nowNanos = nowNanos;
        this.limits = limits;
        this.helpers = helpers();
        this.leases = new Leases(
                leaseLimits,
                CompletableFuture.delayedExecutor(leaseLimits.nanos(), TimeUnit.NANOSECONDS, Runnable::run));
    }

    /** A thread for each other core; none waits for work for long, no work waits for a thread. */
    private static ThreadPoolExecutor helpers() {
        int others = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        AtomicInteger made = new AtomicInteger();
        return new ThreadPoolExecutor(0, others, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "goshare-query-" + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Ends the snapshots held for further pages; queries that are under way go on by themselves. */
    @Override
    public void close() {
        leases.close();
        helpers.shutdown();
    }

    /** {@link #run(Command, BooleanSupplier)} for somebody who waits. */
    public Reply run(Command command) {
        return run(command, () -> false);
    }

    /**
     * One page of the answer: points, or a table; note {@code cursor} where more follow, {@code skipped} where points
     * were passed over that are no numbers.
     *
     * @param abandoned whether nobody waits for the answer any more, so that it is given up
     * @throws GoShareException {@code bad_request} for a clause that has no meaning here, {@code budget} for a query
     *     too large
     */
    public Reply run(Command command, BooleanSupplier abandoned) {
        Budget budget = new Budget(limits, command.require(Param.TIMEOUT), abandoned);
        budget.time();
        boolean isNow = command.get(Param.RANGE).filter(RangeText::isNow).isPresent();
        if (command.verb() == Verb.AT || command.has(Param.AT) || isNow) {
            return at(command, budget, isNow);
        }
        Plan plan = Plan.of(command, nowNanos.getAsLong());
        Reading reading = reading(plan, command, budget, abandoned);
        boolean held = false;
        try {
            Page.Answer answer = run(plan, reading);
            Optional<Cursor> next = answer.next();
            if (next.isPresent()) {
                held = true;
                next = Optional.of(next.get()
                        .on(leases.put(reading, plan.cursor().map(Cursor::lease).orElse(0L))));
            }
            return noted(command, reading.budget(), new Page.Answer(answer.reply(), next).noted());
        } finally {
            if (!held) {
                reading.close();
            }
        }
    }

    /** What the page before read from, or a new start. */
    private Reading reading(Plan plan, Command command, Budget budget, BooleanSupplier abandoned) {
        Optional<Cursor> leased = plan.cursor().filter(cursor -> cursor.lease() != 0);
        return leased.isPresent()
                ? leases.take(leased.get().lease())
                        .orElseThrow(() -> leased.get().expired())
                        .continued(plan, command.require(Param.TIMEOUT), abandoned)
                : Reading.open(plan, reader, helpers, budget);
    }

    private static Page.Answer run(Plan plan, Reading reading) {
        if (plan.isOfPoints()) {
            return points(plan, reading);
        } else if (plan.verb() == Verb.CENSUS) {
            return census(plan, reading);
        } else if (plan.reduce().isPresent()) {
            return groups(plan, reading);
        }
        return plan.ranking().isPresent() ? ranked(plan, reading) : table(plan, reading);
    }

    private Reply at(Command command, Budget budget, boolean isNow) {
        for (Param<?> param : command.verb().params()) {
            if (command.has(param) && !BESIDE_AT.contains(param) && !(isNow && param == Param.RANGE)) {
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
            Page page = new Page(
                    table,
                    command.require(Param.LIMIT),
                    command.require(Param.OFFSET),
                    cursor,
                    now,
                    () -> Cursor.hash(command));
            for (int i = page.firstSeries(view); i < view.size() && page.isOpen(); i++) {
                Columns point = view.asOf(i, time);
                budget.points(point);
                if (point.count() > 0) {
                    boolean known = isKnown(point.times()[0], time, view.staleAfter(i));
                    @Nullable Value[] cells = Arrays.copyOf(naming.cells(view.key(i)), naming.width() + 2);
                    cells[naming.width()] = Value.of(point.times()[0]);
                    cells[naming.width() + 1] = known ? point.value(0) : null;
                    page.add(encoded(view, i), new Cells(cells.length, 1).putRow(cells), false);
                }
            }
            return noted(command, budget, page.answer().noted());
        }
    }

    private static boolean isKnown(long since, long time, long staleAfter) {
        return since > Long.MAX_VALUE - staleAfter || time < since + staleAfter;
    }

    private static Page.Answer table(Plan plan, Reading reading) {
        SeriesReader.View view = reading.view();
        Naming naming = Naming.of(plan.selector(), view);
        SeriesWindows windows = reading.windows(naming);
        Ahead<Rows> made = reading.ahead(naming, SeriesWindows::rows);
        Page page = page(plan, Table.of(naming.columns(reading.columns(windows))));
        for (int i = page.firstSeries(view); i < view.size() && page.isOpen(); i++) {
            Rows rows = reading.joined(i, made.get(i));
            page.add(encoded(view, i), rows.cells(), plan.newestFirst());
        }
        return page.answer();
    }

    /** Rows from which the best are chosen, so all are made before the first is told. */
    private static Page.Answer ranked(Plan plan, Reading reading) {
        SeriesReader.View view = reading.view();
        Naming naming = Naming.of(plan.selector(), view);
        SeriesWindows windows = reading.windows(naming);
        int cell = naming.width() + windows.own().size();
        Ranking.Board board =
                new Ranking.Board(plan.ranking().orElseThrow(), cell, !(plan.window() instanceof Window.Tumbling));
        Ahead<Rows> made = reading.ahead(naming, SeriesWindows::rows);
        for (int i = 0; i < view.size(); i++) {
            board.add(reading.joined(i, made.get(i)).list());
        }
        Page page = page(plan, Table.of(naming.columns(reading.columns(windows))));
        page.add(board.rows(plan.newestFirst()));
        return page.answer();
    }

    private static Page.Answer groups(Plan plan, Reading reading) {
        Naming naming = new Naming(plan.selector(), List.of(), List.of());
        SeriesWindows windows = reading.windows(naming);
        Ahead<Rows> made = reading.ahead(naming, SeriesWindows::rows);
        Groups groups = new Groups(plan);
        for (int i = 0; i < reading.view().size(); i++) {
            groups.add(reading.view().key(i), made.get(i).list(), naming.width());
        }
        List<Row> rows = groups.rows();
        if (plan.ranking().isPresent()) {
            int cell = plan.grouping().terms().size() + 1;
            boolean together = !(plan.window() instanceof Window.Tumbling);
            Ranking.Board board = new Ranking.Board(plan.ranking().get(), cell, together);
            board.add(rows);
            rows = board.rows(plan.newestFirst());
        }
        Page page = page(plan, Table.of(groups.columns(windows.columns())));
        page.add(rows);
        return page.answer();
    }

    private static Page.Answer census(Plan plan, Reading reading) {
        Ahead<SeriesWindows.Loaded> made =
                reading.ahead(new Naming(plan.selector(), List.of(), List.of()), SeriesWindows::load);
        Census census = new Census(plan, reading.budget());
        for (int i = 0; i < reading.view().size(); i++) {
            census.add(reading.view().key(i), made.get(i));
        }
        Page page = page(plan, Table.of(census.columns()));
        page.add(census.rows());
        return page.answer();
    }

    private static Supplier<byte[]> encoded(SeriesReader.View view, int index) {
        return () -> view.key(index).encoded();
    }

    private static Page page(Plan plan, Table table) {
        return new Page(table, plan.limit(), plan.offset(), plan.cursor(), plan.now(), plan::hash);
    }

    private static Page.Answer points(Plan plan, Reading reading) {
        SeriesReader.View view = reading.view();
        Ahead<Columns> made = reading.ahead(
                new Naming(plan.selector(), List.of(), List.of()),
                (windows, i) -> due(plan, windows, i, view.key(i).encoded()));
        PointBatch.Builder out = new PointBatch.Builder();
        PageRequest.Meter page = PageRequest.of(plan.limit()).meter();
        Optional<Cursor> next = Optional.empty();
        long passOver = plan.cursor().isPresent() ? 0 : plan.offset();
        for (int i = Page.firstSeries(view, plan.cursor()); i < view.size() && next.isEmpty(); i++) {
            byte[] name = view.key(i).encoded();
            Columns points = made.get(i);
            int first = (int) Math.min(passOver, points.count());
            passOver -= first;
            int end = first;
            int series = first < points.count() && page.hasRoom() ? out.series(name) : 0;
            for (; end < points.count() && page.hasRoom(); end++) {
                page.take(copy(points, plan.newestFirst() ? points.count() - 1 - end : end, series, out));
            }
            if (end < points.count()) {
                int row = plan.newestFirst() ? points.count() - 1 - end : end;
                next = Optional.of(new Cursor(plan.hash(), plan.now(), points.times()[row], name));
            }
        }
        return new Page.Answer(Reply.of(new Result.Points(out.build())), next);
    }

    /**
     * The points of a series that the pages before have not given. A plot, and what adds up, is made of all of them.
     */
    private static Columns due(Plan plan, SeriesWindows windows, int index, byte[] name) {
        TimeRange range = windows.range(index);
        TimeRange rest = resumed(plan, name, range);
        if (plan.plot().isEmpty() && plan.fn().isEmpty() || rest.equals(range)) {
            long passedOver = plan.cursor().isPresent() ? 0 : Math.min(plan.offset(), Integer.MAX_VALUE);
            return windows.points(index, rest, passedOver + plan.limit() + 1);
        }
        Columns all = windows.points(index, range);
        int first = all.firstAtOrAfter(rest.from(), 0);
        return all.first(all.firstAtOrAfter(rest.to(), first)).from(first);
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

    /** Copies a point and tells how many bytes it takes. */
    private static int copy(Columns points, int row, int series, PointBatch.Builder out) {
        Kind kind = points.kind(row);
        long word = points.words()[row];
        if (kind.isBytes()) {
            out.add(series, points.times()[row], kind, points.heap(), (int) (word >>> 32), (int) word);
            return Budget.BYTES_OF_POINT + (int) word;
        }
        out.add(series, points.times()[row], kind, PointBatch.scale(points.tags()[row]), word);
        return Budget.BYTES_OF_POINT;
    }

    private static Reply noted(Command command, Budget budget, Reply reply) {
        Reply told = budget.skipped() == 0 ? reply : reply.with("skipped", budget.skipped());
        return command.require(Param.EXPLAIN) ? told.with("explain", budget.explanation()) : told;
    }
}
