package io.goshare.server.series;

import io.goshare.server.commit.Tables;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which series may have chunks or fragments in which period: never too few. Read from the base store when a period is
 * first asked for. Safe for many threads. docs/storage-format.md, "Presence".
 *
 * <pre>
 *   key      'B'  from of the period (8, sign bit flipped)  id / 65,536 (4)          big-endian
 *   value    see IdBitmap
 * </pre>
 */
final class Presence {
    private final StorageEngine base;
    private final Map<Long, RoaringBitmap> series = new HashMap<>();
    private final Set<Long> dirty = new HashSet<>();

    Presence(StorageEngine base) {
        this.base = base;
    }

    synchronized boolean contains(Period period, int id) {
        return of(period).contains(id);
    }

    synchronized boolean isEmpty(Period period) {
        return of(period).isEmpty();
    }

    synchronized boolean intersects(Period period, RoaringBitmap ids) {
        return RoaringBitmap.intersects(of(period), ids);
    }

    /** The series of {@code ids} that may be there. */
    synchronized RoaringBitmap and(Period period, RoaringBitmap ids) {
        return RoaringBitmap.and(of(period), ids);
    }

    /** Notes that a series may be there; true if that is new. */
    synchronized boolean add(Period period, int id) {
        boolean added = of(period).checkedAdd(id);
        if (added) {
            dirty.add(period.from());
        }
        return added;
    }

    /** Notes that the series {@code gone} have no rows there any more. While no checkpoint but the caller's is made. */
    synchronized void remove(Period period, RoaringBitmap gone) {
        if (!gone.isEmpty()) {
            of(period).andNot(gone);
            dirty.add(period.from());
        }
    }

    /**
     * Deletes the rows of a period that goes, once {@code batch} is written; {@link #forget} it when its readers ended.
     */
    void delete(Period period, WriteBatch batch) {
        byte[] prefix = prefix(period.from());
        base.scan(null, prefix, Tables.behind(prefix), (key, value) -> {
            batch.delete(key);
            return true;
        });
    }

    /** Lets go of a period whose rows are deleted. While no checkpoint is made. */
    synchronized void forget(Period period) {
        series.remove(period.from());
        dirty.remove(period.from());
    }

    /** The series that may be in {@code period}. */
    synchronized RoaringBitmap all(Period period) {
        return of(period).clone();
    }

    private RoaringBitmap of(Period period) {
        RoaringBitmap known = series.get(period.from());
        if (known == null) {
            known = read(period.from());
            series.put(period.from(), known);
        }
        return known;
    }

    private RoaringBitmap read(long from) {
        RoaringBitmap all = new RoaringBitmap();
        byte[] prefix = prefix(from);
        base.scan(null, prefix, Tables.behind(prefix), (key, value) -> {
            IdBitmap.decodeInto(value, ByteBuffer.wrap(key).getInt(9), all);
            return true;
        });
        return all;
    }

    /** Writes what changed. */
    void write() {
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        synchronized (this) {
            for (long from : dirty) {
                RoaringBitmap all = series.getOrDefault(from, new RoaringBitmap());
                byte[] prefix = prefix(from);
                base.scan(null, prefix, Tables.behind(prefix), (key, value) -> {
                    batch.delete(key);
                    return true;
                });
                for (int high = 0; !all.isEmpty() && high <= all.last() >>> 16; high++) {
                    RoaringBitmap part = all.clone();
                    part.remove(0L, (long) high << 16);
                    part.remove(high + 1L << 16, 1L << 32);
                    if (!part.isEmpty()) {
                        batch.put(
                                key(from, high), IdBitmap.encode(RoaringBitmap.addOffset(part, -((long) high << 16))));
                    }
                }
            }
            dirty.clear();
        }
        base.write(batch);
    }

    private static byte[] prefix(long from) {
        return ByteBuffer.allocate(9)
                .put(Tables.PRESENCE)
                .putLong(from ^ Long.MIN_VALUE)
                .array();
    }

    private static byte[] key(long from, int high) {
        return ByteBuffer.allocate(13)
                .put(Tables.PRESENCE)
                .putLong(from ^ Long.MIN_VALUE)
                .putInt(high)
                .array();
    }
}
