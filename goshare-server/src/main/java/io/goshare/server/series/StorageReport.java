package io.goshare.server.series;

import io.goshare.server.commit.Tables;
import io.goshare.server.engine.StorageEngine;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts rows. */
final class StorageReport {
    private static final Map<Byte, String> TABLES = Map.ofEntries(
            Map.entry(Tables.META, "meta"),
            Map.entry(Tables.PERIODS, "periods"),
            Map.entry(Tables.KEY_VALUE, "kv"),
            Map.entry(Tables.EXPIRY, "expiry"),
            Map.entry(Tables.NAMESPACE, "ns"),
            Map.entry(Tables.HISTORY, "history"),
            Map.entry(Tables.CHANGES, "changes"),
            Map.entry(Tables.SERIES, "series"),
            Map.entry(Tables.SERIES_ORDER, "order"),
            Map.entry(Tables.POSTINGS, "postings"),
            Map.entry(Tables.PRESENCE, "presence"),
            Map.entry(Tables.LAST_KEPT, "kept"),
            Map.entry(Tables.REQUESTS, "requests"),
            Map.entry(Tables.LOG, "log"),
            Map.entry(RowKey.CHUNK, "chunk"),
            Map.entry(RowKey.PAGE, "page"),
            Map.entry(RollupRow.SUMMARY, "rollup"),
            Map.entry(RollupRow.COVER, "rollup cover"),
            Map.entry(RollupRow.MARK, "rollup mark"),
            Map.entry(RollupRow.FINAL, "rollup final"));

    private StorageReport() {}

    static SeriesReport of(LocalSeriesStore store, long points) {
        SortedMap<String, Long> rows = new TreeMap<>();
        rows.put("chunk", 0L);
        rows.put("page", 0L);
        rows.put("log", 0L);
        count(store.base, rows);
        for (Period period : store.periods.all()) {
            if (store.presence.isEmpty(period)) {
                continue;
            }
            store.exclusively(() -> {
                if (store.periods.all().contains(period)) {
                    count(store.stores.pin(period), rows);
                    store.stores.unpin(period);
                }
                return rows;
            });
        }
        return new SeriesReport(
                store.catalog.size(),
                points,
                store.unsealed.bytes(),
                store.committer.logBytes(),
                store.committer.log().sealed(),
                rows);
    }

    private static void count(StorageEngine engine, SortedMap<String, Long> rows) {
        engine.scan(null, new byte[] {1}, null, (key, value) -> {
            rows.merge(TABLES.getOrDefault(key[0], "table " + key[0]), 1L, Long::sum);
            return true;
        });
    }
}
