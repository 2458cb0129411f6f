package io.goshare.server.datastore;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Durations;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.format.PointsRead;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.TimeText;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.keyvalue.PageRequest;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.Span;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesFilter;
import io.goshare.server.series.SeriesInfo;
import io.goshare.server.series.SeriesKind;
import io.goshare.server.series.SeriesSettings;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Writing series and what is declared of them; reading them is the query service's. */
final class SeriesCommands {
    /** Clauses that read other series than those of {@code sel}. */
    private static final List<Param<?>> MORE_SERIES = List.of(Param.WHEN, Param.WHILE, Param.WINDOW, Param.JOIN);

    private static final TimeRange NOTHING = new TimeRange(0, 0);
    private static final int MAX_DECLARED = 10_000;

    private final SeriesStore store;
    private final RetentionRules retention;
    private final Writes writes;
    private final LongSupplier now;

    SeriesCommands(SeriesStore store, RetentionRules retention, Writes writes, LongSupplier now) {
        this.store = store;
        this.retention = retention;
        this.writes = writes;
        this.now = now;
    }

    CompletableFuture<Reply> write(Command command) {
        if (!(command.body() instanceof Body.Points points)) {
            throw GoShareException.badField("body", "write needs points as its body, such as CSV: path,value,time");
        }
        PointBatch batch = Limits.points(points.batch());
        if (command.has(Param.TIME)) {
            batch = timed(batch, time(command.require(Param.TIME)));
        }
        List<RejectedRow> tooOld = retention.refusals(batch);
        if (command.require(Param.PARTIAL).equals("allow")) {
            return writePartly(command, batch, points, tooOld);
        }
        if (!tooOld.isEmpty()) {
            RejectedRow first = tooOld.get(0);
            throw GoShareException.badRow(first.row(), first.field(), first.reason());
        }
        return writes.commit(
                command,
                List.of(store.points(batch)),
                receipt -> Reply.done().with("points", receipt.outcomes().get(0)));
    }

    /** Writes the rows that are good; the reply is a table of the others, where there are any. */
    private CompletableFuture<Reply> writePartly(
            Command command, PointBatch batch, Body.Points body, List<RejectedRow> tooOld) {
        List<RejectedRow> refusals = merged(tooOld, store.refusals(batch));
        PointBatch good = refusals.isEmpty() ? batch : without(batch, refusals);
        List<RejectedRow> inBody = new ArrayList<>(body.rejected());
        RowNumbers numbers = new RowNumbers(body.rejected());
        refusals.forEach(row -> inBody.add(new RejectedRow(numbers.inBody(row.row()), row.field(), row.reason())));
        Table told = Table.of("row", "field", "reason");
        inBody.stream()
                .sorted(Comparator.comparingLong(RejectedRow::row))
                .limit(PointsRead.MAX_TOLD)
                .forEach(row -> tell(told, row));
        long rejected = body.rejectedRows() + refusals.size();
        return writes.commit(
                command,
                List.of(store.points(good)),
                receipt -> (rejected == 0 ? Reply.done() : Reply.of(told))
                        .with("points", receipt.outcomes().get(0))
                        .with("rejected", rejected));
    }

    /** Both in the order of their rows, each row once. */
    private static List<RejectedRow> merged(List<RejectedRow> a, List<RejectedRow> b) {
        SortedMap<Long, RejectedRow> byRow = new TreeMap<>();
        a.forEach(row -> byRow.put(row.row(), row));
        b.forEach(row -> byRow.putIfAbsent(row.row(), row));
        return List.copyOf(byRow.values());
    }

    private static void tell(Table table, RejectedRow row) {
        table.add(Value.of(row.row()), row.field() == null ? null : Value.of(row.field()), Value.of(row.reason()));
    }

    /** Rows of a batch by their numbers in the body, of which some were left out: asked for in ascending order. */
    private static final class RowNumbers {
        private final long[] leftOut;
        private int passed;

        RowNumbers(List<RejectedRow> rejected) {
            leftOut = rejected.stream().mapToLong(RejectedRow::row).sorted().toArray();
        }

        long inBody(long row) {
            while (passed < leftOut.length && leftOut[passed] <= row + passed) {
                passed++;
            }
            return row + passed;
        }
    }

    private static PointBatch without(PointBatch batch, List<RejectedRow> refusals) {
        PointBatch.Builder out = new PointBatch.Builder(batch.rows());
        for (int i = 0; i < batch.seriesCount(); i++) {
            out.series(batch.name(i));
        }
        int refused = 0;
        for (int row = 0; row < batch.rows(); row++) {
            if (refused < refusals.size() && refusals.get(refused).row() == row + 1) {
                refused++;
            } else {
                out.add(batch.series()[row], batch.times()[row], batch.value(row));
            }
        }
        return out.build();
    }

    private long time(String text) {
        TimeText time;
        try {
            time = TimeText.parse(text);
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField("time", "time=" + text + " " + e.getMessage());
        }
        return Requests.instant("time", time, now.getAsLong(), ZoneOffset.UTC);
    }

    /** The batch with {@code time} where it says none. */
    private static PointBatch timed(PointBatch batch, long time) {
        PointBatch.Builder out = new PointBatch.Builder(batch.rows());
        for (int i = 0; i < batch.seriesCount(); i++) {
            out.series(batch.name(i));
        }
        for (int row = 0; row < batch.rows(); row++) {
            long own = batch.times()[row];
            out.add(batch.series()[row], own == PointBatch.NO_TIME ? time : own, batch.value(row));
        }
        return out.build();
    }

    private static SeriesFilter filter(Command command) {
        return new SelectorFilter(command.require(Param.SEL));
    }

    /** Whether a query reads so little that it need not be handed to another thread. */
    boolean isShort(Command command) {
        if (MORE_SERIES.stream().anyMatch(command::has)) {
            return false;
        }
        TimeRange range = NOTHING;
        if (command.verb() == Verb.QUERY) {
            boolean ends = command.has(Param.FROM) || command.has(Param.TO);
            if (ends == command.has(Param.RANGE) || command.has(Param.AT)) {
                return false;
            }
            Optional<TimeRange> asked =
                    Span.of(command, command.require(Param.TZ), now.getAsLong()).fixed();
            if (asked.isEmpty()) {
                return false;
            }
            range = asked.get();
        }
        return store.isShort(filter(command), range);
    }

    Reply list(Command command) {
        Optional<byte[]> from = Cursors.of(command);
        PageRequest.Meter meter = Requests.page(command).meter();
        Table table = Table.of("path", "tags", "kind", "unit", "strict", "change_only", "stale_after");
        SeriesFilter filter = command.has(Param.SEL) ? filter(command) : SeriesFilter.all();
        OptionalLong at = Requests.at(command, now.getAsLong());
        try (SeriesView view = store.view(filter, NOTHING)) {
            for (int i = 0; i < view.size(); i++) {
                SeriesInfo series = view.series(i);
                byte[] name = series.key().encoded();
                if (from.isPresent() && Arrays.compareUnsigned(name, from.get()) < 0) {
                    continue;
                }
                if (!meter.hasRoom() || !meter.look()) {
                    return Cursors.note(Reply.of(table), command.verb(), Optional.of(name));
                }
                if (at.isPresent() && view.asOf(i, at.getAsLong()).count() == 0) {
                    continue;
                }
                meter.take(name.length + 64L);
                add(table, series);
            }
        }
        return Reply.of(table);
    }

    private static void add(Table table, SeriesInfo series) {
        SeriesSettings settings = series.settings();
        String key = series.key().toString();
        String path = series.key().path().toString();
        table.add(
                Value.of(path),
                Value.of(key.substring(path.length())),
                Value.of(settings.kind().name().toLowerCase(Locale.ROOT)),
                settings.unit().isEmpty() ? null : Value.of(settings.unit()),
                settings.strict()
                        .map(kind -> Value.of(String.valueOf(kind.letter())))
                        .orElse(null),
                Value.of(settings.changeOnly()),
                settings.staleAfterNanos() == SeriesSettings.NEVER_STALE
                        ? null
                        : Value.of(Durations.print(settings.staleAfterNanos())));
    }

    CompletableFuture<Reply> settings(Command command) {
        List<Mutation> changes = new ArrayList<>();
        try (SeriesView view = store.view(filter(command), TimeRange.ALL)) {
            if (view.size() == 0 || view.size() > MAX_DECLARED) {
                throw new GoShareException(
                        view.size() == 0 ? ErrorCode.NOT_FOUND : ErrorCode.BUDGET,
                        command.require(Param.SEL) + " finds " + view.size() + " series; settings are of 1 to "
                                + MAX_DECLARED + " series that have points");
            }
            for (int i = 0; i < view.size(); i++) {
                changes.add(store.settings(SeriesFilter.of(view.series(i).key()), declared(command, view, i)));
            }
        }
        return writes.commit(command, changes, receipt -> Reply.done().with("series", KeyValueCommands.sum(receipt)));
    }

    private static SeriesSettings declared(Command command, SeriesView view, int index) {
        SeriesSettings before = view.series(index).settings();
        Optional<Kind> strict = before.strict();
        if (command.has(Param.STRICT)) {
            strict = command.require(Param.STRICT) ? newest(view, index) : Optional.empty();
        }
        try {
            return new SeriesSettings(
                    command.get(Param.KIND)
                            .map(kind -> SeriesKind.valueOf(kind.toUpperCase(Locale.ROOT)))
                            .orElse(before.kind()),
                    command.get(Param.UNIT).orElse(before.unit()),
                    strict,
                    command.has(Param.CHANGE_ONLY) ? command.require(Param.CHANGE_ONLY) : before.changeOnly(),
                    command.get(Param.STALE_AFTER).orElse(before.staleAfterNanos()));
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField("stale_after", String.valueOf(e.getMessage()));
        }
    }

    /** The kind of the newest point, which a strict series takes from then on. */
    private static Optional<Kind> newest(SeriesView view, int index) {
        Points point = view.asOf(index, TimeRange.ALL.to() - 1);
        return point.count() == 0 ? Optional.empty() : Optional.of(PointBatch.kind(point.tags()[0]));
    }

    CompletableFuture<Reply> erase(Command command) {
        TimeRange range = Requests.range(command, now.getAsLong());
        confirm(command);
        return writes.commit(command, List.of(store.erase(filter(command), range)), receipt -> {
            long series = KeyValueCommands.sum(receipt);
            Audit.deleted(command, "series' points", series, receipt.revision());
            return Reply.done().with("series", series);
        });
    }

    CompletableFuture<Reply> drop(Command command) {
        confirm(command);
        return writes.commit(command, List.of(store.drop(filter(command))), receipt -> {
            long series = KeyValueCommands.sum(receipt);
            Audit.deleted(command, "series", series, receipt.revision());
            return Reply.done().with("series", series);
        });
    }

    private void confirm(Command command) {
        try (SeriesView view = store.view(filter(command), NOTHING)) {
            Requests.confirmed(command, view.size(), command.require(Param.SEL).toString(), "series");
        }
    }
}
