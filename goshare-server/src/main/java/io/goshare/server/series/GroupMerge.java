package io.goshare.server.series;

import io.goshare.protocol.column.ColumnCodec;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Merges the pages of a group of 64 series: each series' fragments go to the chunks they fall in or beside, what is
 * still too small to one new page. Inputs go and outputs come in one batch; an output's sequence is the highest of its
 * series' inputs. Erases are applied to inputs first; only those whose log entries are synced may be given.
 */
final class GroupMerge {
    static final int MOST_PAGES = 8;
    private static final int CHUNK_FROM = 500;
    private static final int CHUNK_POINTS = 1000;
    private static final int CHUNK_MOST = 1500;

    private final LocalSeriesStore store;
    private final Erasures erasures;
    private final Period period;
    private final StorageEngine engine;
    private final ColumnCodec codec = new ColumnCodec();
    private final StoreReader reader;

    GroupMerge(LocalSeriesStore store, Erasures erasures, Period period, StorageEngine engine) {
        this.store = store;
        this.erasures = erasures;
        this.period = period;
        this.engine = engine;
        this.reader = new StoreReader(engine, null, new ChunkReader());
    }

    void mergeIfMany(long group) {
        List<StoreReader.Page> pages = reader.pages(group, period.to());
        if (pages.size() > MOST_PAGES) {
            merge(pages);
        }
    }

    private void merge(List<StoreReader.Page> pages) {
        Map<Integer, List<Fragment>> bySeries = new TreeMap<>();
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        for (StoreReader.Page page : pages) {
            for (Fragment fragment : reader.decode(page)) {
                bySeries.computeIfAbsent(fragment.id(), id -> new ArrayList<>()).add(fragment);
            }
            batch.delete(page.key().encode());
        }
        List<Fragment> left = new ArrayList<>();
        bySeries.forEach((id, fragments) -> mergeSeries(id, fragments, batch, left));
        if (!left.isEmpty()) {
            DataStep.putPage(store, left, batch, codec);
        }
        store.writeNumbers.reserve(store.base);
        engine.write(batch);
        store.config.failPoints().reach("checkpoint.merge");
    }

    private void mergeSeries(int id, List<Fragment> fragments, WriteBatch batch, List<Fragment> left) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Fragment fragment : fragments) {
            Points points = fragment.points();
            first = Math.min(first, points.times()[0]);
            last = Math.max(last, points.times()[points.count() - 1]);
        }
        List<StoreReader.Chunk> chunks = chunksAround(id, first, last);
        Sequence highest = Sequence.LOWEST;
        for (Fragment fragment : fragments) {
            highest = highest.max(fragment.sequence());
        }
        List<Points> laid = visible(id, fragments);
        PointsBuilder rest = new PointsBuilder();
        List<Region> regions = new ArrayList<>();
        long from = Long.MIN_VALUE;
        for (int i = 0; i <= chunks.size(); i++) {
            long to = i < chunks.size() ? chunks.get(i).key().first() : Long.MAX_VALUE;
            Points within = within(laid, from, to);
            if (within.count() > 0) {
                Region region = new Region(i == 0 ? null : chunks.get(i - 1), within);
                regions.add(region);
                highest = highest.max(region.sequence());
            }
            from = to;
        }
        for (Region region : regions) {
            spread(id, region, fragments, highest, batch, rest);
        }
        Points small = rest.build();
        if (small.count() > 0) {
            left.add(new Fragment(id, highest, small));
        }
    }

    /** Points of fragments from a chunk's first time on, up to the next chunk. */
    private record Region(StoreReader.@Nullable Chunk chunk, Points points) {
        boolean overlaps() {
            return chunk != null && points.times()[0] <= chunk.header().last();
        }

        boolean joins() {
            return chunk != null
                    && (overlaps() || chunk.header().count() + points.count() <= CHUNK_POINTS + CHUNK_POINTS / 5);
        }

        Sequence sequence() {
            return chunk != null && joins() ? chunk.header().sequence() : Sequence.LOWEST;
        }
    }

    /** Chunks that reach into {@code [first, last]}, and the one before, oldest first. */
    private List<StoreReader.Chunk> chunksAround(int id, long first, long last) {
        List<StoreReader.Chunk> found = new ArrayList<>();
        engine.scan(null, RowKey.before(RowKey.CHUNK, id, last + 1), RowKey.behind(RowKey.CHUNK, id), (key, value) -> {
            StoreReader.Chunk chunk = StoreReader.Chunk.of(key, value);
            found.add(0, chunk);
            return chunk.key().first() > first;
        });
        return found;
    }

    /** The fragments' points after erases, in the order of their sequences. */
    private List<Points> visible(int id, List<Fragment> fragments) {
        fragments.sort(Comparator.comparing(Fragment::sequence));
        List<Points> visible = new ArrayList<>();
        for (Fragment fragment : fragments) {
            visible.add(erasures.apply(id, fragment.sequence(), fragment.points()));
        }
        return visible;
    }

    private static Points within(List<Points> laid, long from, long to) {
        PointsBuilder within = new PointsBuilder();
        for (Points points : laid) {
            within.lay(points, points.firstAtOrAfter(from), points.firstAtOrAfter(to));
        }
        return within.build();
    }

    private void spread(
            int id, Region region, List<Fragment> fragments, Sequence highest, WriteBatch batch, PointsBuilder rest) {
        StoreReader.Chunk chunk = region.chunk();
        if (chunk == null || !region.joins()) {
            if (region.points().count() >= CHUNK_FROM) {
                putChunks(id, region.points(), highest, batch);
            } else {
                rest.lay(region.points(), 0, region.points().count());
            }
            return;
        }
        Points joined = join(id, chunk, fragments, region.points());
        batch.delete(chunk.key().encode());
        putChunks(id, joined, highest, batch);
    }

    /** The chunk's points and the fragments', each in the place that its sequence gives it. */
    private Points join(int id, StoreReader.Chunk chunk, List<Fragment> fragments, Points region) {
        Sequence sequence = chunk.header().sequence();
        List<Fragment> inputs = new ArrayList<>(fragments);
        inputs.add(new Fragment(id, sequence, reader.decode(chunk)));
        long from = Math.min(chunk.key().first(), region.times()[0]);
        long to = Math.max(chunk.header().last(), region.times()[region.count() - 1]) + 1;
        return within(visible(id, inputs), from, to);
    }

    /** Puts these points as chunks of about 1,000. */
    private void putChunks(int id, Points points, Sequence sequence, WriteBatch batch) {
        int n = points.count();
        int parts = n == 0 ? 0 : n <= CHUNK_MOST ? 1 : (n + CHUNK_POINTS / 2) / CHUNK_POINTS;
        for (int part = 0; part < parts; part++) {
            Points piece = points.slice((int) ((long) n * part / parts), (int) ((long) n * (part + 1) / parts));
            RowKey key = new RowKey(RowKey.CHUNK, id, piece.times()[0], store.writeNumbers.take());
            batch.put(key.encode(), ChunkValue.encode(piece, sequence, codec));
            store.chunkEnds.raise(id, piece.times()[piece.count() - 1]);
        }
    }
}
