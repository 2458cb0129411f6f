package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import io.goshare.server.engine.StorageEngine;

/** Tells reads that a door's own thread may do from those that would hold up others. */
final class ShortReads {
    private static final int MOST_SERIES = 4;
    private static final int MOST_POINTS = 16_000;
    private static final int MOST_PERIODS = 2;
    private static final int CHUNK_POINTS = 1000;

    private ShortReads() {}

    static boolean isShort(LocalSeriesStore store, SeriesFilter filter, TimeRange range) {
        if (!filter.exact() && filter.tags().isEmpty()) {
            return false;
        }
        Found series = store.catalog.resolve(filter, store.newHash());
        if (series.size() > MOST_SERIES) {
            return false;
        }
        int points = 0;
        try {
            for (int id : series.ids()) {
                points += store.committer.startRead(() -> store.unsealed.points(id, range, MOST_POINTS));
                points += points > MOST_POINTS ? 0 : pointsInPlace(store, id, range);
            }
        } catch (PeriodStores.GoneException e) {
            return false; // retention is at work; the read itself looks again
        }
        return points <= MOST_POINTS;
    }

    private static int pointsInPlace(LocalSeriesStore store, int id, TimeRange range) {
        int points = 0;
        int periods = 0;
        for (Period period : store.periods.in(range)) {
            if (store.presence.contains(period, id)) {
                if (++periods > MOST_PERIODS) {
                    return MOST_POINTS + 1;
                }
                points += CHUNK_POINTS * chunks(store, period, id, range);
            }
        }
        return points;
    }

    private static int chunks(LocalSeriesStore store, Period period, int id, TimeRange range) {
        StorageEngine engine = store.stores.pin(period);
        try {
            int[] found = {0};
            engine.scan(
                    null,
                    RowKey.before(RowKey.CHUNK, id, range.to()),
                    RowKey.behind(RowKey.CHUNK, id),
                    (key, value) -> ++found[0] <= MOST_POINTS / CHUNK_POINTS
                            && RowKey.decode(key).first() > range.from());
            return found[0];
        } finally {
            store.stores.unpin(period);
        }
    }
}
