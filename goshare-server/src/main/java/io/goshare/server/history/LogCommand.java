package io.goshare.server.history;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.query.Budget;
import io.goshare.server.query.Cursor;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.Span;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every change in a range, in the order of time. Histories stand path by path, so a page looks at the range whole and
 * keeps the first rows behind its cursor.
 */
final class LogCommand {
    private final Changes changes;

    LogCommand(Changes changes) {
        this.changes = changes;
    }

    Reply run(Command command, long clock, Budget budget) {
        boolean ofSeries = command.has(Param.SEL);
        if (ofSeries && command.has(Param.PATH)) {
            throw GoShareException.badField(
                    "sel", "log takes either path=… (namespace values) or sel=… (series); leave one out");
        }
        Optional<Cursor> cursor = command.get(Param.CURSOR).map(text -> Cursor.parse(text, command));
        long now = cursor.map(Cursor::now).orElse(clock);
        TimeRange range = range(command, now, cursor);
        Comparator<StateChange> order = order(command);
        Best<StateChange> page = new Best<>(Math.toIntExact(command.require(Param.LIMIT)), order, StateChange::bytes);
        Consumer<StateChange> collect = change -> {
            if (cursor.isEmpty() || isBehind(change, cursor.get(), command)) {
                page.add(change);
            }
        };
        if (ofSeries) {
            changes.ofSeries(new SelectorFilter(command.require(Param.SEL)), range, budget, collect);
        } else {
            changes.ofNamespace(command.get(Param.PATH), path -> true, range, budget, collect);
        }
        List<StateChange> rows = page.sorted();
        Reply reply = Reply.of(ofSeries ? series(rows) : namespace(rows));
        if (!page.hasMore()) {
            return reply;
        }
        StateChange last = rows.get(rows.size() - 1);
        return reply.with(
                "cursor",
                new Cursor(Cursor.hash(command), now, last.time(), last.key().encoded()));
    }

    private static TimeRange range(Command command, long now, Optional<Cursor> cursor) {
        TimeRange range = Span.of(command, command.require(Param.TZ), now)
                .fixed()
                .orElseThrow(() -> GoShareException.badField(
                        "range",
                        "range=" + command.require(Param.RANGE) + " differs from series to series; send from"));
        boolean open = !command.has(Param.TO) && !command.has(Param.AROUND) && !command.has(Param.RANGE);
        long from = range.from();
        // A clock set back puts new values behind the newest, so the end stays open.
        long to = open ? TimeRange.ALL.to() : range.to();
        if (cursor.isPresent() && !isDescending(command)) {
            from = Math.max(from, cursor.get().place());
        } else if (cursor.isPresent()) {
            to = Math.min(to, cursor.get().place() + 1);
        }
        return new TimeRange(Math.min(from, to), to);
    }

    private static boolean isDescending(Command command) {
        return command.require(Param.ORDER).equals("desc");
    }

    private static Comparator<StateChange> order(Command command) {
        Comparator<StateChange> byTime = Comparator.comparingLong(StateChange::time);
        return (isDescending(command) ? byTime.reversed() : byTime)
                .thenComparing(StateChange::key, (a, b) -> Arrays.compareUnsigned(a.encoded(), b.encoded()));
    }

    private static boolean isBehind(StateChange change, Cursor cursor, Command command) {
        int byTime = Long.compare(change.time(), cursor.place());
        if (byTime != 0) {
            return isDescending(command) ? byTime < 0 : byTime > 0;
        }
        return Arrays.compareUnsigned(change.key().encoded(), cursor.name()) > 0;
    }

    private static Table namespace(List<StateChange> rows) {
        Table table = Table.of("time", "path", "old", "value", "revision");
        for (StateChange row : rows) {
            table.add(
                    Value.of(row.time()),
                    Value.of(row.key().path().toString()),
                    cell(row.old()),
                    cell(row.value()),
                    Value.of(row.revision()));
        }
        return table;
    }

    private static Table series(List<StateChange> rows) {
        Table table = Table.of("time", "path", "tags", "old", "value");
        for (StateChange row : rows) {
            table.add(
                    Value.of(row.time()),
                    Value.of(row.key().path().toString()),
                    Value.of(row.tags()),
                    cell(row.old()),
                    cell(row.value()));
        }
        return table;
    }

    static @Nullable Value cell(Optional<Value> value) {
        return value.orElse(null);
    }
}
