package io.goshare.server.series;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.series.Catalog.Named;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Names by id: those that no checkpoint wrote yet are in memory, the others in their blocks. Guarded by the catalog.
 */
final class SeriesNames {
    private static final int CACHED_BLOCKS = 1024;

    private final Catalog catalog;
    private final StorageEngine base;
    private final PagedNames tail = new PagedNames();
    private final Map<Integer, SeriesBlock> cache = new LinkedHashMap<>(64, 0.75f, true);
    private volatile int unsaved;

    SeriesNames(Catalog catalog, StorageEngine base) {
        this.catalog = catalog;
        this.base = base;
    }

    /** Names that stand in memory and in the log alone. Any thread, as of a moment ago. */
    int unsaved() {
        return unsaved;
    }

    /** Names in memory only. While the catalog is locked. */
    PagedNames unwritten() {
        return tail;
    }

    void add(int id, byte[] name) {
        synchronized (catalog) {
            tail.put(id, name);
            unsaved = tail.size();
        }
    }

    /** Lets go of names that are in blocks now, and of what was known of these blocks. */
    void written(Collection<Integer> blocks, Collection<Named> named) {
        synchronized (catalog) {
            blocks.forEach(cache::remove);
            named.forEach(series -> tail.remove(series.id()));
            unsaved = tail.size();
        }
    }

    byte[] name(int id) {
        int number = id / SeriesBlock.SERIES;
        SeriesBlock cached;
        synchronized (catalog) {
            byte[] unwritten = tail.get(id);
            if (unwritten != null) {
                return unwritten;
            }
            cached = cache.get(number);
        }
        byte[] name = cached == null ? null : cached.name(id % SeriesBlock.SERIES);
        return name != null ? name : required(cached(number), id);
    }

    private static byte[] required(SeriesBlock block, int id) {
        byte[] name = block.name(id % SeriesBlock.SERIES);
        if (name == null) {
            throw new EngineException(EngineException.Reason.DAMAGED, "series " + id + " has no name; run verify");
        }
        return name;
    }

    /** Hands over the names of {@code ids}, which have one, in the order of ids: each block is read once. */
    void each(RoaringBitmap ids, PagedNames.Visitor visitor) {
        boolean many = ids.getLongCardinality() > CACHED_BLOCKS;
        SeriesBlock block = new SeriesBlock();
        int number = -1;
        for (int id : ids) {
            byte[] name = inMemory(id);
            if (name == null) {
                if (id / SeriesBlock.SERIES != number) {
                    number = id / SeriesBlock.SERIES;
                    block = known(number, many);
                }
                name = block.name(id % SeriesBlock.SERIES);
            }
            if (name == null) { // it left memory since the block was read
                block = cached(number);
                name = required(block, id);
            }
            visitor.name(id, name);
        }
    }

    private byte @Nullable [] inMemory(int id) {
        synchronized (catalog) {
            return tail.get(id);
        }
    }

    /** A block from the cache, which those read for many do not enter. */
    private SeriesBlock known(int number, boolean many) {
        SeriesBlock known;
        synchronized (catalog) {
            known = cache.get(number);
        }
        return known != null ? known : many ? block(number) : cached(number);
    }

    /** As it stands; empty if it is not written. */
    SeriesBlock block(int number) {
        return base.get(SeriesBlock.key(number)).map(SeriesBlock::decode).orElseGet(SeriesBlock::new);
    }

    private SeriesBlock cached(int number) {
        SeriesBlock block = block(number);
        synchronized (catalog) {
            cache.put(number, block);
            if (cache.size() > CACHED_BLOCKS) {
                cache.remove(cache.keySet().iterator().next());
            }
        }
        return block;
    }
}
