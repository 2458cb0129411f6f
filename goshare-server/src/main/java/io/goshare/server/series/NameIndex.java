package io.goshare.server.series;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import io.goshare.server.series.Catalog.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/**
 * Finds series: a literal beginning by the order of names, a tag of a literal path by a seek in it, other literal parts
 * by postings. Names that no checkpoint wrote yet are looked through. Guarded by the catalog.
 */
final class NameIndex {
    static final Comparator<Named> BY_NAME = (a, b) -> Arrays.compareUnsigned(a.name(), b.name());

    private static final int CACHED_PARTS = 256;
    private static final int MAX_RUNS = 8;
    /** So few names are judged sooner than bitmaps are read. */
    private static final int FEW = 256;
    /** Seeks for a tag, of some 20 names each, that cost more than bitmaps. */
    private static final int MOST_SEEKS = 200;

    private final Catalog catalog;
    private final StorageEngine base;
    private final SeriesNames names;
    private final Postings postings;
    private final TailOrder tailOrder;
    private final Map<PartKey, int[]> partCache = new LinkedHashMap<>(64, 0.75f, true);
    private List<SeriesRun> runs;
    private long nextRun = 1;
    /** Ids up to this one stand in blocks that an older version wrote, without postings; 0 if there are none. */
    private volatile int owed;

    /** @param highest id in blocks */
    NameIndex(Catalog catalog, StorageEngine base, SeriesNames names, int highest) {
        this.catalog = catalog;
        this.base = base;
        this.names = names;
        this.tailOrder = new TailOrder(names.unwritten());
        this.postings = new Postings(base);
        this.owed = highest > postings.watermark() ? highest : 0;
        this.runs = List.copyOf(SeriesRun.readAll(base));
        for (SeriesRun run : runs) {
            nextRun = Math.max(nextRun, run.number() + 1);
        }
    }

    /** Whether series stand in their place without postings. */
    boolean owesPostings() {
        return owed > 0;
    }

    /** Takes a series whose name is in memory. */
    void add(int id) {
        synchronized (catalog) {
            tailOrder.add(id);
        }
    }

    /** Lets go of names that stand in their place. */
    void shrink() {
        synchronized (catalog) {
            tailOrder.shrink();
        }
    }

    /** The live series that match. */
    RoaringBitmap ids(SeriesFilter filter) {
        RoaringBitmap ids = whileRunsMerge(() -> candidates(filter));
        if (!filter.prefixSuffices()) {
            RoaringBitmap judged = new RoaringBitmap();
            names.each(ids, (id, name) -> {
                if (filter.matches(SeriesKey.decode(name))) {
                    judged.add(id);
                }
            });
            return judged;
        }
        return ids;
    }

    /** The live series that match, in the order of their names. */
    List<Named> resolve(SeriesFilter filter) {
        List<Named> found = new ArrayList<>();
        boolean judge = !filter.prefixSuffices();
        names.each(whileRunsMerge(() -> candidates(filter)), (id, name) -> {
            if (!judge || filter.matches(SeriesKey.decode(name))) {
                found.add(new Named(name, id));
            }
        });
        found.sort(BY_NAME);
        return found;
    }

    /** Those of {@code ids}, which have names, that match. */
    List<Named> judge(SeriesFilter filter, int[] ids) {
        List<Named> matching = new ArrayList<>();
        for (int id : ids) {
            byte[] name = names.name(id);
            if (NameOrder.startsWith(name, filter.prefix())
                    && (filter.prefixSuffices() || filter.matches(SeriesKey.decode(name)))) {
                matching.add(new Named(name, id));
            }
        }
        return matching;
    }

    /** Live series, all that match among them; no others where the prefix suffices. */
    private RoaringBitmap candidates(SeriesFilter filter) {
        RoaringBitmap found = new RoaringBitmap();
        byte[] prefix = filter.prefix();
        List<SeriesRun> sorted;
        synchronized (catalog) {
            sorted = runs;
            List<NameOrder> parts = tailOrder.parts();
            if (!collectByTag(parts, filter, Integer.MAX_VALUE, found)) {
                parts.forEach(part -> part.collect(prefix, found));
            }
            for (int id : tailOrder.unsorted()) {
                if (NameOrder.startsWith(names.unwritten().require(id), prefix)) {
                    found.add(id);
                }
            }
        }
        List<NameOrder> orders = new ArrayList<>();
        sorted.forEach(run -> orders.add(new RunOrder(run)));
        if (!collectByTag(orders, filter, MOST_SEEKS, found)) {
            collect(orders, filter, found);
        }
        catalog.keepLive(found);
        return found;
    }

    /** Whether a tag that is told of a whole path found them. */
    private static boolean collectByTag(
            List<NameOrder> orders, SeriesFilter filter, int mostSeeks, RoaringBitmap found) {
        SortedMap<String, String> tags = filter.tags();
        if (tags.isEmpty() || !isPlain(tags.firstKey())) {
            return false;
        }
        for (NameOrder order : orders) {
            if (!order.collect(filter.prefix(), tags, mostSeeks, found)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(String name) {
        return name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private void collect(List<NameOrder> orders, SeriesFilter filter, RoaringBitmap found) {
        byte[] prefix = filter.prefix();
        List<NamePart> parts = filter.parts();
        if (!parts.isEmpty() && owed == 0) {
            int most = 0;
            for (NameOrder order : orders) {
                most += order.end(prefix) - order.seek(prefix);
            }
            if (most > FEW) {
                RoaringBitmap posted = postings.find(parts);
                if (posted.getLongCardinality() < most) {
                    found.or(posted);
                    return;
                }
            }
        }
        orders.forEach(order -> order.collect(prefix, found));
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
        void addIds(int from, int to, RoaringBitmap found) {
            for (int place = from; place < to; ) {
                int[] part = ids(run, place / SeriesRun.PART);
                int first = place % SeriesRun.PART;
                int end = Math.min(part.length, first + to - place);
                for (int i = first; i < end; i++) {
                    found.add(part[i]);
                }
                place += end - first;
            }
        }

        @Override
        int id(int place) {
            return ids(run, place / SeriesRun.PART)[place % SeriesRun.PART];
        }

        @Override
        byte[] name(int id) {
            return names.name(id);
        }

        @Override
        int seek(byte[] from) {
            int part = run.partOf(from);
            int first = part * SeriesRun.PART;
            return seek(from, first, first + run.parts().get(part).count());
        }
    }

    private record PartKey(long run, int part) {}

    /** A run that was asked for was merged with others meanwhile: look at the runs again. */
    private static final class MergedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MergedException(SeriesRun run) {
            super("run " + run.number() + " was merged", null, false, false);
        }
    }

    private int[] ids(SeriesRun run, int part) {
        PartKey key = new PartKey(run.number(), part);
        synchronized (catalog) {
            int[] known = partCache.get(key);
            if (known != null) {
                return known;
            }
        }
        int[] ids = run.ids(base, part).orElseThrow(() -> missing(run));
        synchronized (catalog) {
            partCache.put(key, ids);
            if (partCache.size() > CACHED_PARTS) {
                partCache.remove(partCache.keySet().iterator().next());
            }
        }
        return ids;
    }

    private RuntimeException missing(SeriesRun run) {
        synchronized (catalog) {
            return runs.contains(run)
                    ? new EngineException(
                            EngineException.Reason.DAMAGED,
                            "a part of run " + run.number() + " of series is missing; run verify")
                    : new MergedException(run);
        }
    }

    private static <T> T whileRunsMerge(Supplier<T> search) {
        try {
            return search.get();
        } catch (MergedException e) {
            return whileRunsMerge(search);
        }
    }

    /** The next segments behind {@code prefix}; see {@link SeriesStore#children}. */
    List<Path> children(byte[] prefix, byte[] from, int most) {
        return whileRunsMerge(() -> findChildren(prefix, from, most));
    }

    private List<Path> findChildren(byte[] prefix, byte[] from, int most) {
        byte[] begin = Arrays.compareUnsigned(from, prefix) > 0 ? from : prefix;
        TreeSet<byte[]> found = new TreeSet<>(Arrays::compareUnsigned);
        List<SeriesRun> sorted;
        synchronized (catalog) {
            sorted = runs;
            names.unwritten().forEach((id, name) -> {
                byte[] child = child(name, prefix);
                if (child.length > 0 && Arrays.compareUnsigned(child, begin) >= 0 && catalog.accepts(id)) {
                    found.add(child);
                }
            });
        }
        for (SeriesRun run : sorted) {
            found.addAll(children(new RunOrder(run), prefix, begin, most));
        }
        return found.stream()
                .limit(most)
                .map(child -> Path.decode(Arrays.copyOf(child, child.length + 1)))
                .toList();
    }

    /** A seek to each child, and over its dropped series to one that lives. */
    private List<byte[]> children(NameOrder order, byte[] prefix, byte[] begin, int most) {
        List<byte[]> found = new ArrayList<>();
        byte[] position = begin;
        while (position != null && found.size() < most) {
            byte[] name = firstLive(order, position);
            if (name.length == 0 || !NameOrder.startsWith(name, prefix)) {
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

    /** The first live name from {@code from} on; empty if there is none. */
    private byte[] firstLive(NameOrder order, byte[] from) {
        for (int place = order.seek(from); place < order.size(); place++) {
            if (catalog.accepts(order.id(place))) {
                return names.name(order.id(place));
            }
        }
        return new byte[0];
    }

    /** {@code name} up to the end of the segment behind {@code prefix}; empty if it has none. */
    private static byte[] child(byte[] name, byte[] prefix) {
        if (!NameOrder.startsWith(name, prefix) || name.length <= prefix.length || name[prefix.length] == 0) {
            return new byte[0];
        }
        int end = prefix.length;
        while (name[end] != 0) {
            end++;
        }
        return Arrays.copyOf(name, end + 1);
    }

    /**
     * Writes a run and postings of new names, before their blocks: a name in a block is in both, or the log still has
     * it. Takes dropped series out of the postings. May be repeated after a crash.
     *
     * @param added in the order of ids
     */
    void write(List<Named> added, RoaringBitmap dropped, FailPoints at) {
        if (!added.isEmpty()) {
            addRun(added);
        }
        at.reach("checkpoint.run");
        post(added);
        if (!dropped.isEmpty()) {
            PostingsWriter writer = PostingsWriter.removing(base);
            names.each(dropped, writer::series);
            writer.finish();
        }
        at.reach("checkpoint.postings");
    }

    private void post(List<Named> added) {
        int highest = owed;
        PostingsWriter writer = PostingsWriter.adding(base, postings.watermark());
        for (int number = postings.watermark() / SeriesBlock.SERIES;
                owed > 0 && number <= owed / SeriesBlock.SERIES;
                number++) {
            SeriesBlock block = names.block(number);
            for (int i = 0; i < SeriesBlock.SERIES; i++) {
                byte[] name = block.name(i);
                if (name != null) {
                    writer.series(number * SeriesBlock.SERIES + i, name);
                }
            }
        }
        for (Named series : added) {
            writer.series(series.id(), series.name());
            highest = Math.max(highest, series.id());
        }
        writer.finish();
        if (highest > postings.watermark()) {
            postings.reached(highest);
        }
        owed = 0;
    }

    private void addRun(List<Named> added) {
        List<Named> sorted = new ArrayList<>(added);
        List<SeriesRun> kept = new ArrayList<>(runs);
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        if (kept.size() >= MAX_RUNS) {
            int largest = kept.stream().mapToInt(SeriesRun::size).max().orElse(0);
            int all = kept.stream().mapToInt(SeriesRun::size).sum();
            RoaringBitmap merged = new RoaringBitmap();
            for (SeriesRun run : runs) {
                if (run.size() < largest || all - largest > largest / 2) {
                    for (int part = 0; part < run.parts().size(); part++) {
                        merged.add(run.ids(base, part).orElseThrow(() -> missing(run)));
                    }
                    run.delete(batch);
                    kept.remove(run);
                }
            }
            catalog.keepLive(merged);
            added.forEach(series -> merged.remove(series.id()));
            names.each(merged, (id, name) -> sorted.add(new Named(name, id)));
        }
        sorted.sort(BY_NAME);
        int[] ids = sorted.stream().mapToInt(Named::id).toArray();
        kept.add(
                SeriesRun.write(nextRun++, ids, sorted.stream().map(Named::name).toList(), batch));
        base.write(batch);
        synchronized (catalog) {
            runs = List.copyOf(kept);
        }
    }
}
