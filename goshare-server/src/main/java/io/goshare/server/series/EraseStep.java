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
    private long deletedBytes;
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
        RoaringBitmap left = new RoaringBitmap();
        long lastGroup = -1;
        for (int id : erased) {
            rewriteChunks(id, left);
            long group = id / PageValue.SERIES;
            if (group != lastGroup) {
                lastGroup = group;
                rewritePages(group, left);
            }
            if (batch.bytes() > BATCH_BYTES) {
                write();
            }
        }
        write();
        boolean hasSummaries = !store.rollups.covers(period, engine).isEmpty();
        RoaringBitmap gone = hasSummaries ? new RoaringBitmap() : RoaringBitmap.andNot(erased, left);
        store.presence.remove(period, gone);
        if (deletedBytes > 0 || !gone.isEmpty()) {
            store.reclaim.deleted(period, erased, deletedBytes);
        }
    }

    private void delete(RowKey key, byte[] value) {
        byte[] row = key.encode();
        batch.delete(row);
        deletedBytes += row.length + value.length;
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

    /** Adds {@code id} to {@code present} if a chunk of it is there afterwards. */
    private void rewriteChunks(int id, RoaringBitmap present) {
        for (StoreReader.Chunk chunk : reader.chunks(id, new TimeRange(period.from(), period.to()))) {
            ChunkValue header = chunk.header();
            if (!erasures.touches(id, header.sequence(), chunk.key().first(), header.last())) {
                present.add(id);
                continue;
            }
            Points before = reader.decode(chunk);
            Points left = erasures.apply(id, header.sequence(), before);
            if (left.count() > 0) {
                present.add(id);
            }
            if (left.count() == before.count()) {
                continue;
            }
            delete(chunk.key(), chunk.value());
            if (left.count() > 0) {
                RowKey key = new RowKey(RowKey.CHUNK, id, left.times()[0], store.writeNumbers.take());
                batch.put(key.encode(), ChunkValue.encode(left, header.sequence(), codec));
            }
        }
    }

    /** Adds those to {@code present} that pages of {@code group} hold afterwards. */
    private void rewritePages(long group, RoaringBitmap present) {
        for (StoreReader.Page page : reader.pages(group, period.to())) {
            List<Fragment> left = new ArrayList<>();
            boolean changed = false;
            for (Fragment fragment : reader.decode(page)) {
                Points points = erasures.apply(fragment.id(), fragment.sequence(), fragment.points());
                changed |= points.count() < fragment.points().count();
                if (points.count() > 0) {
                    present.add(fragment.id());
                    left.add(new Fragment(fragment.id(), fragment.sequence(), points));
                }
            }
            if (changed) {
                delete(page.key(), page.value());
                if (!left.isEmpty()) {
                    DataStep.putPage(store, left, batch, codec);
                }
            }
        }
    }
}
