package io.goshare.server.series;

import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Rewrites the chunks and pages of a period's store that erases touch. A chunk or page is never overwritten: one batch
 * deletes it and puts what is left, under the same sequence.
 */
final class EraseStep {
    private static final long BATCH_BYTES = 1 << 20;

    private final LocalSeriesStore store;
    private final Erasures erasures;
    private final Period period;
    private final StorageEngine engine;
    private final ColumnCodec codec = new ColumnCodec();
    private final StoreReader reader;
    private WriteBatch batch = new WriteBatch().givingSpaceBack();

    EraseStep(LocalSeriesStore store, Erasures erasures, Period period, StorageEngine engine) {
        this.store = store;
        this.erasures = erasures;
        this.period = period;
        this.engine = engine;
        this.reader = new StoreReader(engine, null, new ChunkReader());
    }

    void run() {
        RoaringBitmap erased = new RoaringBitmap();
        for (Erasures.Erase erase : erasures.erases()) {
            if (erase.range().from() < period.to() && erase.range().to() > period.from()) {
                RoaringBitmap here = store.presence.and(period, erase.ids());
                erased.or(here);
                here.forEach((IntConsumer) id -> noteRollups(id, erase));
            }
        }
        write();
        long lastGroup = -1;
        for (int id : erased) {
            rewriteChunks(id);
            long group = id / PageValue.SERIES;
            if (group != lastGroup) {
                lastGroup = group;
                rewritePages(group);
            }
            if (batch.bytes() > BATCH_BYTES) {
                write();
            }
        }
        write();
    }

    private void noteRollups(int id, Erasures.Erase erase) {
        long to = Math.min(erase.range().to(), period.to());
        if (erase.expired()) {
            store.rollups.expire(period, engine, id, to, batch);
        } else {
            long from = Math.max(erase.range().from(), period.from());
            store.rollups.changed(period, engine, id, from, to - 1, true, batch);
        }
        if (batch.bytes() > BATCH_BYTES) {
            write();
        }
    }

    private void write() {
        store.writeNumbers.reserve(store.base);
        engine.write(batch);
        store.config.failPoints().reach("checkpoint.erase");
        batch = new WriteBatch().givingSpaceBack();
    }

    private void rewriteChunks(int id) {
        for (StoreReader.Chunk chunk : reader.chunks(id, new TimeRange(period.from(), period.to()))) {
            ChunkValue header = chunk.header();
            if (!erasures.touches(id, header.sequence(), chunk.key().first(), header.last())) {
                continue;
            }
            Points before = reader.decode(chunk);
            Points left = erasures.apply(id, header.sequence(), before);
            if (left.count() == before.count()) {
                continue;
            }
            batch.delete(chunk.key().encode());
            if (left.count() > 0) {
                RowKey key = new RowKey(RowKey.CHUNK, id, left.times()[0], store.writeNumbers.take());
                batch.put(key.encode(), ChunkValue.encode(left, header.sequence(), codec));
            }
        }
    }

    private void rewritePages(long group) {
        for (StoreReader.Page page : reader.pages(group, period.to())) {
            List<Fragment> left = new ArrayList<>();
            boolean changed = false;
            for (Fragment fragment : reader.decode(page)) {
                Points points = erasures.apply(fragment.id(), fragment.sequence(), fragment.points());
                changed |= points.count() < fragment.points().count();
                if (points.count() > 0) {
                    left.add(new Fragment(fragment.id(), fragment.sequence(), points));
                }
            }
            if (changed) {
                batch.delete(page.key().encode());
                if (!left.isEmpty()) {
                    DataStep.putPage(store, left, batch, codec);
                }
            }
        }
    }
}
