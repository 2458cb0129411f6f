package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Committer;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.series.SeriesReport;
import io.goshare.server.series.SeriesStore;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What the server tells of itself. */
final class ServerCommands {
    private static final Map<Byte, String> TABLES = Map.ofEntries(
            Map.entry(Tables.META, "meta"),
            Map.entry(Tables.PERIODS, "periods"),
            Map.entry(Tables.KEY_VALUE, "kv"),
            Map.entry(Tables.EXPIRY, "kv_expiry"),
            Map.entry(Tables.NAMESPACE, "ns_current"),
            Map.entry(Tables.HISTORY, "ns_history"),
            Map.entry(Tables.CHANGES, "changes"),
            Map.entry(Tables.SERIES, "series"),
            Map.entry(Tables.SERIES_ORDER, "series_order"),
            Map.entry(Tables.POSTINGS, "postings"),
            Map.entry(Tables.PRESENCE, "presence"),
            Map.entry(Tables.LAST_KEPT, "last_kept"),
            Map.entry(Tables.REQUESTS, "requests"),
            Map.entry(Tables.LOG, "log"));

    private final StorageEngine base;
    private final Committer committer;
    private final SeriesStore series;
    private final ServerFacts facts;
    private final Metrics metrics;

    ServerCommands(StorageEngine base, Committer committer, SeriesStore series, ServerFacts facts, Metrics metrics) {
        this.base = base;
        this.committer = committer;
        this.series = series;
        this.facts = facts;
        this.metrics = metrics;
    }

    /**
     * Facts as rows; with {@code storage} rows and bytes per table, and the facts as notes. Counting reads all rows.
     */
    Reply info(Command command) {
        Map<String, String> info = facts.info();
        if (command.require(Param.STORAGE)) {
            return Reply.of(storage()).with(info).with("revision", committer.revision());
        }
        Table table = Table.of("name", "value");
        info.forEach((name, value) -> table.add(Value.of(name), Value.of(value)));
        table.add(Value.of("revision"), Value.of(committer.revision()));
        return Reply.of(table);
    }

    private Table storage() {
        Map<String, long[]> sizes = new TreeMap<>();
        base.scan(null, new byte[] {0}, null, (key, value) -> {
            String table = TABLES.getOrDefault(key[0], "unknown");
            long[] size = sizes.computeIfAbsent(table, name -> new long[2]);
            size[0]++;
            size[1] += key.length + value.length;
            return true;
        });
        Table table = Table.of("table", "rows", "bytes");
        sizes.forEach((name, size) -> table.add(Value.of(name), Value.of(size[0]), Value.of(size[1])));
        SeriesReport report = series.report();
        report.rows().forEach((name, rows) -> {
            if (!sizes.containsKey(name)) {
                table.add(Value.of(name), Value.of(rows), null);
            }
        });
        table.add(Value.of("unsealed_points"), Value.of(report.unsealedPoints()), Value.of(report.unsealedBytes()));
        return table;
    }

    Reply health() {
        String ailment = facts.ailment().orElse("");
        if (!ailment.isEmpty()) {
            throw new GoShareException(ErrorCode.UNAVAILABLE, ailment);
        }
        return Reply.of(Table.of("state").add(Value.of("ok")));
    }

    Reply metrics(int readsQueued, int subscriptions) {
        Map<String, Double> gauges = new TreeMap<>(facts.gauges());
        Runtime runtime = Runtime.getRuntime();
        gauges.put("goshare_revision", (double) committer.revision());
        gauges.put("goshare_reads_queued", (double) readsQueued);
        gauges.put("goshare_subscriptions", (double) subscriptions);
        gauges.put("goshare_heap_used_bytes", (double) (runtime.totalMemory() - runtime.freeMemory()));
        gauges.put("goshare_heap_max_bytes", (double) runtime.maxMemory());
        gauges.put("goshare_disk_bytes{store=\"base\"}", (double) base.stats().diskBytes());
        byte[] text = metrics.print(gauges).getBytes(StandardCharsets.UTF_8);
        return Reply.of(new Result.Document("text/plain; version=0.0.4; charset=utf-8", text));
    }
}
