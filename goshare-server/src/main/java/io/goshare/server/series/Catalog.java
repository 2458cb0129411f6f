package io.goshare.server.series;

import io.goshare.protocol.model.Path;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.roaringbitmap.RoaringBitmap;

/**
 * Names, ids and settings of series. In memory: the hash of each name, a few bits for each id, and, until the next
 * checkpoint, the names of new series; the rest stands in blocks, sorted runs and postings of the base store. Safe for
 * many threads.
 */
final class Catalog {
    /** A series by its name. */
    record Named(byte[] name, int id) {}

    private final StorageEngine base;
    private final Cardinality cardinality;
    private final NameTable table = new NameTable();
    private final PagedInts flags = new PagedInts();
    private final Map<Integer, SeriesSettings> special = new HashMap<>();
    private final SeriesNames names;
    private final NameIndex index;
    private final FoundCache foundLately = new FoundCache();
    private final RoaringBitmap dropped = new RoaringBitmap();
    private int lastDirty = -1;
    private final TreeSet<Integer> dirtyBlocks = new TreeSet<>();
    private int live;

    private Catalog(StorageEngine base, NameHash hash, Cardinality cardinality) {
        this.base = base;
        this.cardinality = cardinality;
        this.names = new SeriesNames(this, base);
        int[] highest = {0};
        byte[] blocks = {Tables.SERIES};
        base.scan(null, blocks, Tables.behind(blocks), (key, value) -> {
            int number = (int) ByteBuffer.wrap(key).getLong(1);
            highest[0] = Math.max(highest[0], fill(number, SeriesBlock.decode(value), hash));
            return true;
        });
        this.index = new NameIndex(this, base, names, highest[0]);
    }

    /** Reads the blocks of series into the name table. */
    static Catalog open(StorageEngine base, NameHash hash, Cardinality cardinality) {
        return new Catalog(base, hash, cardinality);
    }

    /** The highest id of the block. */
    private int fill(int number, SeriesBlock block, NameHash hash) {
        int highest = 0;
        for (int i = 0; i < SeriesBlock.SERIES; i++) {
            byte[] name = block.name(i);
            if (name == null) {
                continue;
            }
            int id = number * SeriesBlock.SERIES + i;
            highest = id;
            flags.set(id, block.flags[i]);
            SeriesSettings settings = block.settings[i];
            if (settings != null) {
                special.put(id, settings);
            }
            if ((block.flags[i] & SeriesBlock.DROPPED) == 0) {
                hash.of(name);
                table.put(hash.high, hash.low, id);
                cardinality.count(name);
                live++;
            }
        }
        return highest;
    }

    /** Names that stand in memory and in the log alone. Any thread, as of a moment ago. */
    int unsaved() {
        return names.unsaved();
    }

    /** Whether a checkpoint is wanted for the sake of the index: an older version wrote these series. */
    boolean owesPostings() {
        return index.owesPostings();
    }

    /** Live series. */
    synchronized int size() {
        return live;
    }

    /** The live series with a name of this hash; 0 if there is none. */
    synchronized int find(long high, long low) {
        int id = table.get(high, low);
        return isLive(id) ? id : 0;
    }

    /** Whether a name that no live series has was given an id: it is counted then. */
    synchronized boolean isAssigned(long high, long low) {
        int id = table.get(high, low);
        return id != 0 && flags.get(id) == 0;
    }

    /** An id for a name that no live series has: a new one, and the same until the series is registered. */
    synchronized int assign(byte[] name, long high, long low, IntSupplier newId) {
        if (isAssigned(high, low)) {
            return table.get(high, low);
        }
        cardinality.count(name);
        int id = newId.getAsInt();
        table.put(high, low, id);
        return id;
    }

    private boolean isLive(int id) {
        return (flags.get(id) & (SeriesBlock.REGISTERED | SeriesBlock.DROPPED)) == SeriesBlock.REGISTERED;
    }

    /** Whether the series may get points: it was not dropped. */
    synchronized boolean accepts(int id) {
        return isLive(id);
    }

    /** Sets to 0 the ids that may not get points. */
    synchronized void keepLive(int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != 0 && !isLive(ids[i])) {
                ids[i] = 0;
            }
        }
    }

    /** Takes away the ids that may not get points; asks one by one, so that commits need not wait for all. */
    void keepLive(RoaringBitmap ids) {
        RoaringBitmap gone = new RoaringBitmap();
        for (int id : ids) {
            if (!accepts(id)) {
                gone.add(id);
            }
        }
        ids.andNot(gone);
    }

    /** Whether anything was declared of any series. */
    synchronized boolean hasSettings() {
        return !special.isEmpty();
    }

    /** Makes a series known. A second time does nothing: a log may be replayed over what a checkpoint wrote. */
    synchronized void register(int id, byte[] name, SeriesKind kind, long high, long low) {
        if ((flags.get(id) & SeriesBlock.REGISTERED) != 0) {
            return;
        }
        if (table.get(high, low) != id) { // the log's; others were counted when they got their ids
            cardinality.count(name);
            table.put(high, low, id);
        }
        flags.set(id, SeriesBlock.REGISTERED | kind.code() << SeriesBlock.KIND_SHIFT);
        names.add(id, name);
        index.add(id);
        if (id / SeriesBlock.SERIES != lastDirty) {
            lastDirty = id / SeriesBlock.SERIES;
            dirtyBlocks.add(lastDirty);
        }
        live++;
        foundLately.added(id);
    }

    synchronized void drop(RoaringBitmap ids) {
        foundLately.dropped();
        for (int id : ids) {
            if (isLive(id)) {
                flags.set(id, flags.get(id) | SeriesBlock.DROPPED);
                cardinality.release(names.name(id));
                dropped.add(id);
                dirtyBlocks.add(id / SeriesBlock.SERIES);
                live--;
            }
        }
    }

    synchronized void set(RoaringBitmap ids, SeriesSettings settings) {
        for (int id : ids) {
            special.put(id, settings);
            flags.set(id, flags.get(id) | SeriesBlock.HAS_SETTINGS);
            dirtyBlocks.add(id / SeriesBlock.SERIES);
        }
    }

    synchronized SeriesSettings settings(int id) {
        SeriesSettings own = special.get(id);
        return own != null ? own : SeriesSettings.of(SeriesKind.of(flags.get(id) >>> SeriesBlock.KIND_SHIFT & 3));
    }

    /** The settings that were declared; empty where they are only inferred. */
    synchronized Optional<SeriesSettings> declared(int id) {
        return Optional.ofNullable(special.get(id));
    }

    byte[] name(int id) {
        return names.name(id);
    }

    /** The live series that match, in the order of their names. */
    Found resolve(SeriesFilter filter, NameHash hash) {
        if (filter.exact()) {
            hash.of(filter.prefix());
            int id = find(hash.high, hash.low);
            return new Found(id == 0 ? List.of() : List.of(new Named(filter.prefix(), id)));
        }
        Optional<FoundCache.Known> known;
        FoundCache.Moment now;
        synchronized (this) {
            known = foundLately.get(filter);
            now = foundLately.now();
        }
        if (known.isPresent() && known.get().newer().length == 0) {
            return known.get().found();
        }
        Found found = known.map(before -> before.found().with(index.judge(filter, before.newer())))
                .orElseGet(() -> new Found(index.resolve(filter)));
        synchronized (this) {
            foundLately.put(filter, found, now);
        }
        return found;
    }

    /** The live series that match. */
    RoaringBitmap ids(SeriesFilter filter, NameHash hash) {
        return filter.exact() ? resolve(filter, hash).ids() : index.ids(filter);
    }

    /** The next segments behind {@code prefix}; see {@link SeriesStore#children}. */
    List<Path> children(byte[] prefix, byte[] from, int most) {
        return index.children(prefix, from, most);
    }

    /** What a checkpoint is to write: the changes up to the moment it was taken. */
    record Changes(Map<Integer, SeriesBlock> blocks, List<Named> added, RoaringBitmap dropped) {}

    /** Sets aside what changed. While no group is applied. */
    synchronized Changes freeze() {
        Changes changes = new Changes(new HashMap<>(), new ArrayList<>(), dropped.clone());
        for (int number : dirtyBlocks) {
            SeriesBlock block = new SeriesBlock();
            for (int i = 0; i < SeriesBlock.SERIES; i++) {
                int id = number * SeriesBlock.SERIES + i;
                block.flags[i] = flags.get(id);
                block.name(i, names.unwritten().get(id));
                block.settings[i] = special.get(id);
            }
            changes.blocks.put(number, block);
        }
        names.unwritten().forEach((id, name) -> changes.added.add(new Named(name, id)));
        dirtyBlocks.clear();
        dropped.clear();
        lastDirty = -1;
        return changes;
    }

    /** Writes the index of the new names, then their blocks. May be repeated after a crash. */
    void write(Changes changes, FailPoints at) {
        index.write(changes.added, changes.dropped, at);
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        for (Map.Entry<Integer, SeriesBlock> entry : changes.blocks.entrySet()) {
            SeriesBlock block = entry.getValue();
            SeriesBlock before = names.block(entry.getKey());
            for (int i = 0; i < SeriesBlock.SERIES; i++) {
                if (block.name(i) == null && (block.flags[i] & SeriesBlock.REGISTERED) != 0) {
                    block.name(i, before.name(i));
                }
            }
            batch.put(SeriesBlock.key(entry.getKey()), block.encode());
            if (batch.bytes() > 1 << 20) {
                base.write(batch);
                batch = new WriteBatch().givingSpaceBack();
            }
        }
        base.write(batch);
        synchronized (this) {
            names.written(changes.blocks.keySet(), changes.added);
            index.shrink();
        }
    }
}
