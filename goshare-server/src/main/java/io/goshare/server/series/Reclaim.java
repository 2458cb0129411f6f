package io.goshare.server.series;

import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the disk space of what erases deleted: a period that nothing is left in goes with its directory; of others
 * the rows of the series that were touched are compacted, once an eighth of their store was deleted. Noted in memory:
 * after a crash it is left to the engine's own compactions. For one thread at a time, while no checkpoint is made.
 */
final class Reclaim {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaim.class);
    private static final int WORTH_PART = 8;
    /** Compacted at once, about; between such slices it may be called off. */
    private static final long SLICE_BYTES = 64 << 20;

    /** What was deleted of a period's store. */
    private static final class Deleted {
        final RoaringBitmap ids = new RoaringBitmap();
        long bytes;
    }

    private final LocalSeriesStore store;
    private final Map<Period, Deleted> periods = new HashMap<>();
    private final AtomicLong given = new AtomicLong();

    Reclaim(LocalSeriesStore store) {
        this.store = store;
    }

    /** Bytes given back since the start. Any thread. */
    long bytes() {
        return given.get();
    }

    /** Notes that {@code bytes} of rows of the series {@code ids} were deleted. */
    void deleted(Period period, RoaringBitmap ids, long bytes) {
        Deleted deleted = periods.computeIfAbsent(period, key -> new Deleted());
        deleted.ids.or(ids);
        deleted.bytes += bytes;
    }

    /**
     * Gives back what is worth it. May take long; ends soon once {@code mayGoOn} says no, and is taken up again then.
     */
    void run(BooleanSupplier mayGoOn) {
        List<Period> known = store.periods.all();
        periods.keySet().retainAll(known);
        for (Period period : new ArrayList<>(periods.keySet())) {
            if (!mayGoOn.getAsBoolean()) {
                return;
            }
            if (!store.presence.isEmpty(period)) {
                compact(period, mayGoOn);
            } else if (!store.stores.isPinned(period)) {
                periods.remove(period);
                tell(period, store.drop(period));
            }
        }
    }

    private void compact(Period period, BooleanSupplier mayGoOn) {
        Deleted deleted = periods.get(period);
        StorageEngine engine = store.stores.pin(period);
        try {
            long before = engine.stats().diskBytes();
            if (deleted == null || deleted.bytes < before / WORTH_PART) {
                return;
            }
            int series = deleted.ids.getCardinality();
            int slices = (int) Math.min(series, 1 + before / SLICE_BYTES);
            for (int slice = 0; slice < slices; slice++) {
                if (!mayGoOn.getAsBoolean()) {
                    return;
                }
                int first = deleted.ids.select((int) ((long) series * slice / slices));
                int last = deleted.ids.select((int) ((long) series * (slice + 1) / slices) - 1);
                compact(engine, RowKey.CHUNK, first, last);
                compact(engine, RowKey.PAGE, first / PageValue.SERIES, last / PageValue.SERIES);
            }
            periods.remove(period);
            tell(period, Math.max(0, before - engine.stats().diskBytes()));
        } finally {
            store.stores.unpin(period);
        }
    }

    /**
     * LevelDB compacts a level into the next, and what came to the last one stays as it is, dead rows too. So what is
     * buffered is written to tables first; then two deletions around the rows, of keys that no row has, make a table
     * above those of the last level, which takes all of them along.
     */
    private static void compact(StorageEngine engine, byte table, long first, long last) {
        byte[] from = RowKey.behind(table, first - 1);
        byte[] to = RowKey.behind(table, last);
        engine.compact(from, to);
        WriteBatch around = new WriteBatch().givingSpaceBack();
        around.delete(from);
        around.delete(to);
        engine.write(around);
        engine.compact(from, to);
    }

    private void tell(Period period, long bytes) {
        given.addAndGet(bytes);
        LOG.info("gave back {} bytes of {} after erases", bytes, period.store());
    }
}
