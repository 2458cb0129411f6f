package io.goshare.server.series;

import io.goshare.protocol.column.ColumnCodec;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The third step of a checkpoint: slices go to chunks and pages, period by period in time order, and erases rewrite
 * what they touch. Each store written is synced before the next.
 */
final class DataStep {
    private static final int CHUNK_FROM = 500;
    private static final long BATCH_BYTES = 1 << 20;
    private static final int PAGE_POINTS = 64 << 10;
    private static final long PAGE_BYTES = 1 << 20;

    private final LocalSeriesStore store;
    private final LocalSeriesStore.Frozen frozen;
    private final Runnable yield;
    private final ColumnCodec codec = new ColumnCodec();
    private final ChunkReader reader = new ChunkReader();

    /** Points of one series with one sequence; packed as a chunk if they were frozen so. */
    private record Piece(
            Sequence sequence,
            long first,
            long last,
            byte @Nullable [] packed,
            @Nullable Points points) {}

    DataStep(LocalSeriesStore store, LocalSeriesStore.Frozen frozen, Runnable yield) {
        this.store = store;
        this.frozen = frozen;
        this.yield = yield;
    }

    void run() {
        TreeMap<Long, Period> periods = new TreeMap<>();
        for (Heads heads : frozen.generations()) {
            for (int id = heads.next(0); id >= 0; id = heads.next(id + 1)) {
                for (Piece piece : pieces(heads, id)) {
                    addPeriods(piece, periods);
                }
            }
        }
        for (Erasures.Erase erase : frozen.erasures().erases()) {
            for (Period period : store.periods.in(erase.range())) {
                if (store.presence.intersects(period, erase.ids())) {
                    periods.put(period.from(), period);
                }
            }
        }
        for (Period period : periods.values()) {
            writePeriod(period);
            store.config.failPoints().reach("checkpoint.period");
        }
    }

    private void addPeriods(Piece piece, Map<Long, Period> periods) {
        Points points = piece.points;
        long time = piece.first;
        while (time <= piece.last) {
            Period period = store.periods.require(time);
            periods.put(period.from(), period);
            if (piece.last < period.to()) {
                return;
            }
            if (points == null) {
                points = decode(piece);
            }
            int next = points.firstAtOrAfter(period.to());
            time = points.times()[next];
        }
    }

    private Points decode(Piece piece) {
        return piece.points != null
                ? piece.points
                : ChunkValue.decode(Objects.requireNonNull(piece.packed), piece.first, reader);
    }

    /** What a generation holds of a series, oldest first. */
    private static List<Piece> pieces(Heads heads, int id) {
        List<Piece> pieces = new ArrayList<>();
        for (Slice slice = heads.slices(id); slice != null; slice = slice.previous()) {
            pieces.add(0, new Piece(slice.sequence(), slice.first(), slice.last(), slice.value(), null));
        }
        heads.head(id).ifPresent(head -> {
            long[] times = head.points().times();
            pieces.add(new Piece(head.sequence(), times[0], times[head.points().count() - 1], null, head.points()));
        });
        return pieces;
    }

    private void writePeriod(Period period) {
        StorageEngine engine = store.stores.pin(period);
        try {
            store.stores.written(period);
            store.chunkEnds.begin();
            TreeSet<Long> pagedGroups = new TreeSet<>();
            for (Heads heads : frozen.generations()) {
                writeGeneration(heads, period, engine, pagedGroups);
            }
            new EraseStep(store, frozen.erasures(), period, engine).run();
            GroupMerge merge = new GroupMerge(store, frozen.erasures(), period, engine);
            for (long group : pagedGroups) {
                merge.mergeIfMany(group);
                yield.run();
            }
            engine.sync();
        } finally {
            store.stores.unpin(period);
        }
    }

    private void writeGeneration(Heads heads, Period period, StorageEngine engine, Set<Long> pagedGroups) {
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        List<Fragment> page = new ArrayList<>();
        int pagePoints = 0;
        long pageBytes = 0;
        for (int id = heads.next(0); id >= 0; id = heads.next(id + 1)) {
            long group = id / PageValue.SERIES;
            if (!page.isEmpty() && page.get(0).id() / PageValue.SERIES != group) {
                flush(page, batch, pagedGroups);
                pagePoints = 0;
                pageBytes = 0;
            }
            for (Piece piece : pieces(heads, id)) {
                if (piece.first >= period.to() || piece.last < period.from()) {
                    continue;
                }
                Fragment rest = place(id, piece, period, engine, batch);
                if (rest.points().count() > 0) {
                    page.add(rest);
                    pagePoints += rest.points().count();
                    pageBytes += rest.points().heap().length;
                }
                if (pagePoints > PAGE_POINTS || pageBytes > PAGE_BYTES) {
                    flush(page, batch, pagedGroups);
                    pagePoints = 0;
                    pageBytes = 0;
                }
            }
            if (batch.bytes() > BATCH_BYTES) {
                batch = write(batch, engine);
            }
        }
        flush(page, batch, pagedGroups);
        write(batch, engine);
    }

    private WriteBatch write(WriteBatch batch, StorageEngine engine) {
        store.writeNumbers.reserve(store.base);
        engine.write(batch);
        store.config.failPoints().reach("checkpoint.batch");
        yield.run();
        return new WriteBatch().givingSpaceBack();
    }

    /** Puts a piece's points of the period into a chunk if they may stand there; else gives them back for a page. */
    private Fragment place(int id, Piece piece, Period period, StorageEngine engine, WriteBatch batch) {
        boolean whole = piece.first >= period.from() && piece.last < period.to();
        boolean erased = frozen.erasures().touches(id, piece.sequence, piece.first, piece.last);
        SeriesSettings settings = store.catalog.settings(id);
        byte[] packed = whole && !erased && !settings.changeOnly() ? piece.packed : null;
        store.presence.add(period, id);
        store.rollups.changed(
                period,
                engine,
                id,
                Math.max(piece.first, period.from()),
                Math.min(piece.last, period.to() - 1),
                false,
                batch);
        if (packed != null
                && mayBeChunk(
                        id,
                        period,
                        engine,
                        piece.first,
                        ChunkValue.header(packed, piece.first).count())) {
            putChunk(id, period, piece.first, piece.last, packed, batch);
            return new Fragment(id, piece.sequence, Points.NONE);
        }
        Points points = frozen.erasures().apply(id, piece.sequence, decode(piece));
        points = points.slice(points.firstAtOrAfter(period.from()), points.firstAtOrAfter(period.to()));
        if (settings.changeOnly()) {
            points = ChangeOnly.thin(points, settings.staleAfterNanos());
        }
        int n = points.count();
        if (n > 0 && mayBeChunk(id, period, engine, points.times()[0], n)) {
            byte[] value = ChunkValue.encode(points, piece.sequence, codec);
            putChunk(id, period, points.times()[0], points.times()[n - 1], value, batch);
            return new Fragment(id, piece.sequence, Points.NONE);
        }
        return new Fragment(id, piece.sequence, points);
    }

    private boolean mayBeChunk(int id, Period period, StorageEngine engine, long first, int count) {
        return count >= CHUNK_FROM && first > store.chunkEnds.newest(id, period, engine, reader);
    }

    private void putChunk(int id, Period period, long first, long last, byte[] value, WriteBatch batch) {
        batch.put(new RowKey(RowKey.CHUNK, id, first, store.writeNumbers.take()).encode(), value);
        store.chunkEnds.put(id, period, last);
    }

    private void flush(List<Fragment> page, WriteBatch batch, Set<Long> pagedGroups) {
        if (!page.isEmpty()) {
            pagedGroups.add((long) page.get(0).id() / PageValue.SERIES);
            putPage(store, page, batch, codec);
            page.clear();
        }
    }

    /** Adds a page of these fragments of one group. */
    static void putPage(LocalSeriesStore store, List<Fragment> page, WriteBatch batch, ColumnCodec codec) {
        page.sort(Comparator.comparingInt(Fragment::id).thenComparing(Fragment::sequence));
        long first = Long.MAX_VALUE;
        for (Fragment fragment : page) {
            first = Math.min(first, fragment.points().times()[0]);
        }
        long group = page.get(0).id() / PageValue.SERIES;
        RowKey key = new RowKey(RowKey.PAGE, group, first, store.writeNumbers.take());
        batch.put(key.encode(), PageValue.encode(page, codec));
    }
}
