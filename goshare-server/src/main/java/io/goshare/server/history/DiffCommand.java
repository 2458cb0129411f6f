package io.goshare.server.history;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.Table.Type;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.keyvalue.Page;
import io.goshare.server.keyvalue.PageRequest;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.namespace.NamespaceValue;
import io.goshare.server.query.Budget;
import io.goshare.server.query.Cursor;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.Span;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What was added, changed and removed between two instants, in the order of names. What is equal at both is left out.
 */
final class DiffCommand {
    private static final Column PATH = new Column("path", Type.VALUE);
    private static final Column TAGS = new Column("tags", Type.VALUE);
    private static final Column CHANGE = new Column("change", Type.VALUE);
    private static final Column OLD = new Column("old", Type.VALUE);
    private static final Column VALUE = new Column("value", Type.VALUE);
    private static final Column SINCE = new Column("since", Type.TIME);

    private final NamespaceStore namespace;
    private final SeriesStore series;

    DiffCommand(NamespaceStore namespace, SeriesStore series) {
        this.namespace = namespace;
        this.series = series;
    }

    /** A value and when it came to hold. */
    private record Held(Value value, long since) {}

    /** The two instants; {@code to} empty for now. */
    private record Between(long from, OptionalLong to, long now) {}

    Reply run(Command command, long clock, Budget budget) {
        boolean ofSeries = command.has(Param.SEL);
        if (ofSeries && command.has(Param.PATH)) {
            throw GoShareException.badField(
                    "sel", "diff takes either path=… (namespace values) or sel=… (series); leave one out");
        }
        Optional<Cursor> cursor = command.get(Param.CURSOR).map(text -> Cursor.parse(text, command));
        long now = cursor.map(Cursor::now).orElse(clock);
        ZoneId zone = command.require(Param.TZ);
        long from = Span.instant(command, Param.FROM, zone, now);
        OptionalLong to = command.has(Param.TO)
                ? OptionalLong.of(Span.instant(command, Param.TO, zone, now))
                : OptionalLong.empty();
        if (to.orElse(now) < from) {
            throw GoShareException.badField(
                    "to",
                    "to=" + command.get(Param.TO).map(Object::toString).orElse("now") + " is before from="
                            + command.require(Param.FROM) + "; exchange them");
        }
        Between between = new Between(from, to, now);
        PageRequest page = PageRequest.of(Math.toIntExact(command.require(Param.LIMIT)))
                .within(Duration.ofNanos(command.require(Param.TIMEOUT)));
        Optional<byte[]> begin = cursor.map(Cursor::name);
        Diff diff = new Diff(Table.of(
                ofSeries ? List.of(PATH, TAGS, CHANGE, OLD, VALUE, SINCE) : List.of(PATH, CHANGE, OLD, VALUE, SINCE)));
        Optional<byte[]> next = ofSeries
                ? series(command, between, begin, page, budget, diff)
                : namespace(command.get(Param.PATH), between, begin, page, diff);
        Reply reply = Reply.of(diff.table);
        return next.map(name -> reply.with("cursor", new Cursor(Cursor.hash(command), now, 0, name)))
                .orElse(reply);
    }

    private static final class Diff {
        private final Table table;

        Diff(Table table) {
            this.table = table;
        }

        /** The bytes of the row added; 0 if there is no difference. */
        long add(List<Value> name, @Nullable Held before, @Nullable Held after) {
            if (before == null ? after == null : after != null && before.value.equals(after.value)) {
                return 0;
            }
            String change = before == null ? "added" : after == null ? "removed" : "changed";
            @Nullable Value[] cells = Arrays.copyOf(name.toArray(new Value[0]), name.size() + 4);
            cells[name.size()] = Value.of(change);
            cells[name.size() + 1] = before == null ? null : before.value;
            cells[name.size() + 2] = after == null ? null : after.value;
            cells[name.size() + 3] = after == null ? null : Value.of(after.since);
            table.add(cells);
            return 64L
                    + (before == null ? 0 : before.value.bytes().length)
                    + (after == null ? 0 : after.value.bytes().length);
        }
    }

    private Optional<byte[]> namespace(
            Optional<Path> root, Between between, Optional<byte[]> begin, PageRequest page, Diff diff) {
        Values before = new Values(root, OptionalLong.of(between.from), begin);
        Values after = new Values(root, between.to, begin);
        PageRequest.Meter meter = page.meter();
        while (true) {
            NamespaceValue a = before.peek();
            NamespaceValue b = after.peek();
            if (a == null && b == null) {
                return Optional.empty();
            }
            int order = a == null ? 1 : b == null ? -1 : a.path().compareTo(b.path());
            Path path = (a != null && (b == null || order <= 0) ? a : Objects.requireNonNull(b)).path();
            if (!meter.hasRoom() || !meter.look()) {
                return Optional.of(path.encoded());
            }
            long bytes = diff.add(
                    List.of(Value.of(path.toString())),
                    order <= 0 ? before.take() : null,
                    order >= 0 ? after.take() : null);
            if (bytes > 0) {
                meter.take(bytes);
            }
        }
    }

    /** The values of a subtree as of one instant, in the order of paths. */
    private final class Values {
        private static final int ROWS = 1_000;

        private final Optional<Path> root;
        private final OptionalLong at;
        private final Deque<NamespaceValue> read = new ArrayDeque<>();
        private Optional<byte[]> next;
        private boolean begun;

        Values(Optional<Path> root, OptionalLong at, Optional<byte[]> begin) {
            this.root = root;
            this.at = at;
            this.next = begin;
        }

        @Nullable
        NamespaceValue peek() {
            while (read.isEmpty() && (!begun || next.isPresent())) {
                Page<NamespaceValue> page = namespace.subtree(root, at, next, PageRequest.of(ROWS));
                begun = true;
                read.addAll(page.rows());
                next = page.next();
            }
            return read.peek();
        }

        Held take() {
            NamespaceValue value = read.remove();
            return new Held(value.value(), value.since());
        }
    }

    private Optional<byte[]> series(
            Command command, Between between, Optional<byte[]> begin, PageRequest page, Budget budget, Diff diff) {
        PageRequest.Meter meter = page.meter();
        long to = between.to.orElse(between.now);
        TimeRange range = new TimeRange(between.from, to == Long.MAX_VALUE ? to : to + 1);
        try (SeriesView view = series.view(new SelectorFilter(command.require(Param.SEL)), range)) {
            budget.series(view.size());
            for (int i = 0; i < view.size(); i++) {
                SeriesKey key = view.series(i).key();
                byte[] name = key.encoded();
                if (begin.isPresent() && Arrays.compareUnsigned(name, begin.get()) < 0) {
                    continue;
                }
                if (!meter.hasRoom() || !meter.look()) {
                    return Optional.of(name);
                }
                String path = key.path().toString();
                List<Value> names =
                        List.of(Value.of(path), Value.of(key.toString().substring(path.length())));
                long bytes = diff.add(names, held(view, i, between.from), held(view, i, to));
                if (bytes > 0) {
                    meter.take(bytes);
                }
            }
        }
        return Optional.empty();
    }

    /** What is known of a series at an instant: nothing before its first point, nor once it is stale. */
    private static @Nullable Held held(SeriesView view, int index, long time) {
        Points point = view.asOf(index, time);
        if (point.count() == 0) {
            return null;
        }
        long since = point.times()[0];
        long staleAfter = view.series(index).settings().staleAfterNanos();
        boolean known = since > Long.MAX_VALUE - staleAfter || time < since + staleAfter;
        return known ? new Held(point.value(0), since) : null;
    }
}
