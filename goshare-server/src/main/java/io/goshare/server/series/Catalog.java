package io.goshare.server.series;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Names, ids and settings of series. In memory: the hash of each name, a few bits for each id, and, until the next
 * checkpoint, the names of new series; the rest stands in blocks and sorted runs of the base store. Safe for many
 * threads.
 */
final class Catalog {
    private static final int CACHED_BLOCKS = 1024;
    private static final int CACHED_PARTS = 256;
    private static final int MAX_RUNS = 8;

    /** A series by its name. */
    record Named(byte[] name, int id) {}

    private final StorageEngine base;
    private final Cardinality cardinality;
    private final NameTable table = new NameTable();
    private final PagedInts flags = new PagedInts();
    private final Map<Integer, SeriesSettings> special = new HashMap<>();
    private final PagedNames tail = new PagedNames();
    private final TailOrder tailOrder = new TailOrder(tail);
    private int lastDirty = -1;
    private final TreeSet<Integer> dirtyBlocks = new TreeSet<>();
    private final Map<Integer, SeriesBlock> cache = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<PartKey, int[]> partCache = new LinkedHashMap<>(64, 0.75f, true);
    private List<SeriesRun> runs = List.of();
    private long nextRun = 1;
    private int live;

    private Catalog(StorageEngine base, Cardinality cardinality) {
        this.base = base;
        this.cardinality = cardinality;
    }

    /** Reads the blocks of series into the name table. */
    static Catalog open(StorageEngine base, NameHash hash, Cardinality cardinality) {
        Catalog catalog = new Catalog(base, cardinality);
        byte[] blocks = {Tables.SERIES};
        base.scan(null, blocks, Tables.behind(blocks), (key, value) -> {
            catalog.fill((int) ByteBuffer.wrap(key).getLong(1), SeriesBlock.decode(value), hash);
            return true;
        });
        catalog.runs = List.copyOf(SeriesRun.readAll(base));
        for (SeriesRun run : catalog.runs) {
            catalog.nextRun = Math.max(catalog.nextRun, run.number() + 1);
        }
        return catalog;
    }

    private void fill(int number, SeriesBlock block, NameHash hash) {
        for (int i = 0; i < SeriesBlock.SERIES; i++) {
            byte[] name = block.name(i);
            if (name == null) {
                continue;
            }
            int id = number * SeriesBlock.SERIES + i;
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

    /** Whether anything was declared of any series. */
    synchronized boolean hasSettings() {
        return !special.isEmpty();
    }

    /**
     * Makes a series known. A second time does nothing: a log may be replayed over what a checkpoint wrote.
     *
     * @param admitted whether it was counted when it got its id
     */
    synchronized void register(int id, byte[] name, SeriesKind kind, long high, long low, boolean admitted) {
        if ((flags.get(id) & SeriesBlock.REGISTERED) != 0) {
            return;
        }
        flags.set(id, SeriesBlock.REGISTERED | kind.code() << SeriesBlock.KIND_SHIFT);
        table.put(high, low, id);
        tail.put(id, name);
        tailOrder.add(id);
        if (id / SeriesBlock.SERIES != lastDirty) {
            lastDirty = id / SeriesBlock.SERIES;
            dirtyBlocks.add(lastDirty);
        }
        if (!admitted) {
            cardinality.count(name);
        }
        live++;
    }

    synchronized void drop(RoaringBitmap ids) {
        for (int id : ids) {
            if (isLive(id)) {
                flags.set(id, flags.get(id) | SeriesBlock.DROPPED);
                cardinality.release(name(id));
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

    SeriesInfo info(Named series) {
        return new SeriesInfo(series.id(), SeriesKey.decode(series.name()), settings(series.id()));
    }

    byte[] name(int id) {
        SeriesBlock cached;
        int number = id / SeriesBlock.SERIES;
        synchronized (this) {
            byte[] unwritten = tail.get(id);
            if (unwritten != null) {
                return unwritten;
            }
            cached = cache.get(number);
        }
        SeriesBlock block = cached != null ? cached : readBlock(number);
        byte[] name = block.name(id % SeriesBlock.SERIES);
        if (name == null && cached != null) {
            block = readBlock(number);
            name = block.name(id % SeriesBlock.SERIES);
        }
        if (name == null) {
            throw new EngineException(EngineException.Reason.DAMAGED, "series " + id + " has no name; run verify");
        }
        return name;
    }

    private SeriesBlock readBlock(int number) {
        SeriesBlock block =
                base.get(SeriesBlock.key(number)).map(SeriesBlock::decode).orElseGet(SeriesBlock::new);
        synchronized (this) {
            cache.put(number, block);
            if (cache.size() > CACHED_BLOCKS) {
                cache.remove(cache.keySet().iterator().next());
            }
        }
        return block;
    }

    /** The live series that match, in the order of their names. */
    List<Named> resolve(SeriesFilter filter, NameHash hash) {
        byte[] prefix = filter.prefix();
        if (filter.exact()) {
            hash.of(prefix);
            int id = find(hash.high, hash.low);
            return id == 0 ? List.of() : List.of(new Named(prefix, id));
        }
        List<Named> found = new ArrayList<>();
        List<SeriesRun> sorted;
        synchronized (this) {
            sorted = runs;
            for (NameOrder part : tailOrder.parts()) {
                collect(part, filter, found);
            }
            for (int id : tailOrder.unsorted()) {
                byte[] name = tail.require(id);
                if (isLive(id) && startsWith(name, prefix)) {
                    found.add(new Named(name, id));
                }
            }
        }
        for (SeriesRun run : sorted) {
            collect(new RunOrder(run), filter, found);
        }
        found.removeIf(series -> !filter.matches(SeriesKey.decode(series.name)));
        sort(found);
        return found;
    }

    private void collect(NameOrder order, SeriesFilter filter, List<Named> found) {
        ObjIntConsumer<byte[]> series = (name, id) -> {
            if (accepts(id)) {
                found.add(new Named(name, id));
            }
        };
        SortedMap<String, String> tags = filter.tags();
        if (tags.isEmpty() || !isPlain(tags.firstKey())) {
            order.each(filter.prefix(), series);
        } else {
            order.each(filter.prefix(), tags, series);
        }
    }

    private static boolean isPlain(String name) {
        return name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** A run, whose parts are read when they are needed. */
    private final class RunOrder extends NameOrder {
        private final SeriesRun run;

        RunOrder(SeriesRun run) {
            this.run = run;
        }

        @Override
        int size() {
            int last = run.parts().size() - 1;
            return last * SeriesRun.PART + run.parts().get(last).count();
        }

        @Override
        int id(int place) {
            return ids(run, place / SeriesRun.PART)[place % SeriesRun.PART];
        }

        @Override
        byte[] name(int id) {
            return Catalog.this.name(id);
        }

        @Override
        int seek(byte[] from) {
            int part = run.partOf(from);
            int first = part * SeriesRun.PART;
            return seek(from, first, first + run.parts().get(part).count());
        }
    }

    private record PartKey(long run, int part) {}

    private int[] ids(SeriesRun run, int part) {
        PartKey key = new PartKey(run.number(), part);
        synchronized (this) {
            int[] known = partCache.get(key);
            if (known != null) {
                return known;
            }
        }
        int[] ids = run.ids(base, part);
        synchronized (this) {
            partCache.put(key, ids);
            if (partCache.size() > CACHED_PARTS) {
                partCache.remove(partCache.keySet().iterator().next());
            }
        }
        return ids;
    }

    /** By name, each series once. */
    private static void sort(List<Named> series) {
        series.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
        int[] before = {0};
        series.removeIf(named -> {
            boolean again = named.id == before[0];
            before[0] = named.id;
            return again;
        });
    }

    private void scan(SeriesRun run, byte[] prefix, List<Named> found) {
        for (int part = run.partOf(prefix); part < run.parts().size(); part++) {
            byte[] first = run.parts().get(part).firstName();
            if (!startsWith(first, prefix) && Arrays.compareUnsigned(first, prefix) > 0) {
                return;
            }
            int[] ids = ids(run, part);
            for (int i = lowerBound(ids, prefix); i < ids.length; i++) {
                byte[] name = name(ids[i]);
                if (!startsWith(name, prefix)) {
                    return;
                }
                if (accepts(ids[i])) {
                    found.add(new Named(name, ids[i]));
                }
            }
        }
    }

    /** The next segments behind {@code prefix}; see {@link SeriesStore#children}. */
    List<Path> children(byte[] prefix, byte[] from, int most) {
        byte[] begin = Arrays.compareUnsigned(from, prefix) > 0 ? from : prefix;
        TreeSet<byte[]> found = new TreeSet<>(Arrays::compareUnsigned);
        List<SeriesRun> sorted;
        synchronized (this) {
            sorted = runs;
            tail.forEach((id, name) -> {
                byte[] child = child(name, prefix);
                if (child.length > 0 && Arrays.compareUnsigned(child, begin) >= 0 && isLive(id)) {
                    found.add(child);
                }
            });
        }
        for (SeriesRun run : sorted) {
            found.addAll(children(run, prefix, begin, most));
        }
        return found.stream()
                .limit(most)
                .map(child -> Path.decode(Arrays.copyOf(child, child.length + 1)))
                .toList();
    }

    /** A seek to each child, and over its dropped series to one that lives. */
    private List<byte[]> children(SeriesRun run, byte[] prefix, byte[] begin, int most) {
        List<byte[]> found = new ArrayList<>();
        byte[] position = begin;
        while (position != null && found.size() < most) {
            byte[] name = firstLive(run, position);
            if (name.length == 0 || !startsWith(name, prefix)) {
                break;
            }
            byte[] child = child(name, prefix);
            if (child.length == 0) {
                position = Tables.behind(Arrays.copyOf(prefix, prefix.length + 1)); // the parent itself
            } else {
                found.add(child);
                position = Tables.behind(child);
            }
        }
        return found;
    }

    /** The first live name of {@code run} from {@code from} on; empty if there is none. */
    private byte[] firstLive(SeriesRun run, byte[] from) {
        for (int part = run.partOf(from); part < run.parts().size(); part++) {
            int[] ids = ids(run, part);
            for (int i = lowerBound(ids, from); i < ids.length; i++) {
                if (accepts(ids[i])) {
                    return name(ids[i]);
                }
            }
        }
        return new byte[0];
    }

    /** {@code name} up to the end of the segment behind {@code prefix}; empty if it has none. */
    private static byte[] child(byte[] name, byte[] prefix) {
        if (!startsWith(name, prefix) || name.length <= prefix.length || name[prefix.length] == 0) {
            return new byte[0];
        }
        int end = prefix.length;
        while (name[end] != 0) {
            end++;
        }
        return Arrays.copyOf(name, end + 1);
    }

    private int lowerBound(int[] ids, byte[] prefix) {
        int low = 0;
        int high = ids.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Arrays.compareUnsigned(name(ids[middle]), prefix) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean startsWith(byte[] name, byte[] prefix) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** What a checkpoint is to write: the changes up to the moment it was taken. */
    record Changes(Map<Integer, SeriesBlock> blocks, List<Named> added) {}

    /** Sets aside what changed. While no group is applied. */
    synchronized Changes freeze() {
        Changes changes = new Changes(new HashMap<>(), new ArrayList<>());
        for (int number : dirtyBlocks) {
            SeriesBlock block = new SeriesBlock();
            for (int i = 0; i < SeriesBlock.SERIES; i++) {
                int id = number * SeriesBlock.SERIES + i;
                block.flags[i] = flags.get(id);
                block.name(i, tail.get(id));
                block.settings[i] = special.get(id);
            }
            changes.blocks.put(number, block);
        }
        tail.forEach((id, name) -> changes.added.add(new Named(name, id)));
        dirtyBlocks.clear();
        lastDirty = -1;
        return changes;
    }

    /**
     * Writes a run of the new names, then the blocks: a name in a block is in a run, or the log still has it. May be
     * repeated after a crash.
     */
    void write(Changes changes, FailPoints at) {
        if (!changes.added.isEmpty()) {
            addRun(changes.added);
        }
        at.reach("checkpoint.run");
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        for (Map.Entry<Integer, SeriesBlock> entry : changes.blocks.entrySet()) {
            SeriesBlock block = entry.getValue();
            SeriesBlock before = readBlock(entry.getKey());
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
            changes.blocks.keySet().forEach(cache::remove);
            changes.added.forEach(series -> tail.remove(series.id));
            tailOrder.shrink();
        }
    }

    private void addRun(List<Named> added) {
        List<Named> sorted = new ArrayList<>(added);
        List<SeriesRun> kept = new ArrayList<>(runs);
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        if (kept.size() >= MAX_RUNS) {
            int largest = kept.stream().mapToInt(SeriesRun::size).max().orElse(0);
            int all = kept.stream().mapToInt(SeriesRun::size).sum();
            for (SeriesRun run : runs) {
                if (run.size() < largest || all - largest > largest / 2) {
                    scan(run, new byte[0], sorted);
                    run.delete(batch);
                    kept.remove(run);
                }
            }
        }
        sort(sorted);
        int[] ids = sorted.stream().mapToInt(Named::id).toArray();
        kept.add(
                SeriesRun.write(nextRun++, ids, sorted.stream().map(Named::name).toList(), batch));
        base.write(batch);
        synchronized (this) {
            runs = List.copyOf(kept);
        }
    }
}
