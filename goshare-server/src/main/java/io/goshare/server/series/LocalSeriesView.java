package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Failures;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * A read of this process's series. Its start: the series are found and the stores they need pinned; then, while no
 * group is applied and no checkpoint lets go of points, heads are copied and snapshots taken. If what was found no
 * longer holds by then, it starts over.
 */
final class LocalSeriesView implements SeriesView {
    private static final class Pinned {
        final Period period;
        final StorageEngine engine;

        @Nullable
        Snapshot snapshot;

        Pinned(Period period, StorageEngine engine) {
            this.period = period;
            this.engine = engine;
        }
    }

    private final LocalSeriesStore store;
    private final TimeRange range;
    private final List<Catalog.Named> series;
    private final List<Pinned> pinned;
    private final HeadView memory;
    private final ChunkReader reader = new ChunkReader();
    private boolean closed;

    private LocalSeriesView(
            LocalSeriesStore store, TimeRange range, List<Catalog.Named> series, List<Pinned> pinned, HeadView memory) {
        this.store = store;
        this.range = range;
        this.series = series;
        this.pinned = pinned;
        this.memory = memory;
    }

    static LocalSeriesView open(LocalSeriesStore store, SeriesFilter filter, TimeRange range) {
        try {
            LocalSeriesView view = null;
            while (view == null) {
                view = tryOpen(store, filter, range);
            }
            return view;
        } catch (EngineException e) {
            throw Failures.of(e);
        }
    }

    private static @Nullable LocalSeriesView tryOpen(LocalSeriesStore store, SeriesFilter filter, TimeRange range) {
        long version = store.version();
        List<Catalog.Named> series = store.catalog.resolve(filter, store.newHash());
        RoaringBitmap ids = new RoaringBitmap();
        series.forEach(named -> ids.add(named.id()));
        List<Pinned> pinned = new ArrayList<>();
        try {
            for (Period period : store.periods.in(range)) {
                if (store.presence.intersects(period, ids)) {
                    pinned.add(new Pinned(period, store.stores.pin(period)));
                }
            }
            HeadView memory = store.committer.startRead(() -> {
                if (store.version() != version) {
                    return null;
                }
                pinned.forEach(pin -> pin.snapshot = pin.engine.snapshot());
                return store.headView(series);
            });
            if (memory == null) {
                unpin(store, pinned);
                return null;
            }
            return new LocalSeriesView(store, range, series, pinned, memory);
        } catch (PeriodStores.GoneException e) {
            unpin(store, pinned);
            return null;
        } catch (RuntimeException e) {
            unpin(store, pinned);
            throw e;
        }
    }

    private static void unpin(LocalSeriesStore store, List<Pinned> pinned) {
        for (Pinned pin : pinned) {
            if (pin.snapshot != null) {
                pin.snapshot.close();
            }
            store.stores.unpin(pin.period);
        }
        pinned.clear();
    }

    @Override
    public long revision() {
        return memory.revision();
    }

    @Override
    public TimeRange range() {
        return range;
    }

    @Override
    public int size() {
        return series.size();
    }

    @Override
    public SeriesInfo series(int index) {
        return store.catalog.info(series.get(index));
    }

    @Override
    public Points read(int index, TimeRange part) {
        if (part.from() < range.from() || part.to() > range.to()) {
            throw new IllegalArgumentException(part + " is not in " + range);
        }
        int id = series.get(index).id();
        List<Fragment> found = new ArrayList<>();
        try {
            for (Pinned pin : pinned) {
                TimeRange span = pin.period.span();
                if (span.from() < part.to() && span.to() > part.from() && store.presence.contains(pin.period, id)) {
                    new StoreReader(pin.engine, pin.snapshot, reader).collect(id, part, found);
                }
            }
        } catch (EngineException e) {
            throw Failures.of(e);
        }
        collectMemory(index, part, found);
        return merge(found, part);
    }

    private Points merge(List<Fragment> found, TimeRange part) {
        if (found.size() > 1) {
            found.sort(Comparator.comparing(Fragment::sequence));
        }
        PointsBuilder merged = new PointsBuilder();
        for (Fragment fragment : found) {
            Points points = memory.erasures().apply(fragment.id(), fragment.sequence(), fragment.points());
            int from = points.firstAtOrAfter(part.from());
            int to = points.firstAtOrAfter(part.to());
            if (found.size() == 1) {
                return points.slice(from, to);
            }
            merged.lay(points, from, to);
        }
        return merged.build();
    }

    private void collectMemory(int index, TimeRange part, List<Fragment> found) {
        int id = series.get(index).id();
        for (Heads heads : memory.frozen()) {
            collectSlices(id, heads.slices(id), part, found);
            heads.head(id).ifPresent(head -> found.add(new Fragment(id, head.sequence(), head.points())));
        }
        collectSlices(id, memory.slices()[index], part, found);
        HeadPoints head = memory.heads()[index];
        if (head != null) {
            found.add(new Fragment(id, head.sequence(), head.points()));
        }
    }

    private void collectSlices(int id, @Nullable Slice newest, TimeRange part, List<Fragment> found) {
        for (Slice slice = newest; slice != null; slice = slice.previous()) {
            if (slice.first() < part.to() && slice.last() >= part.from()) {
                found.add(new Fragment(id, slice.sequence(), ChunkValue.decode(slice.value(), slice.first(), reader)));
            }
        }
    }

    @Override
    public Points asOf(int index, long time) {
        int id = series.get(index).id();
        List<Fragment> inMemory = new ArrayList<>();
        long behind = time == Long.MAX_VALUE ? time : time + 1;
        collectMemory(index, new TimeRange(TimeRange.ALL.from(), behind), inMemory);
        Newest best = Newest.NONE;
        for (Fragment fragment : inMemory) {
            best = best.or(fragment, time, memory.erasures());
        }
        List<Period> periods = store.periods.in(new TimeRange(TimeRange.ALL.from(), behind));
        try {
            for (int i = periods.size() - 1;
                    i >= 0 && best.time() < periods.get(i).to();
                    i--) {
                if (store.presence.contains(periods.get(i), id)) {
                    Pinned pin = pin(periods.get(i));
                    best = new StoreReader(pin.engine, pin.snapshot, reader).newest(id, time, memory.erasures(), best);
                }
            }
            Optional<Fragment> kept = store.lastKept.of(id, reader);
            if (kept.isPresent()) {
                best = best.or(kept.get(), time, Erasures.NONE);
            }
        } catch (PeriodStores.GoneException e) {
            return asOf(index, time); // retention took it away since it was looked up
        } catch (EngineException e) {
            throw Failures.of(e);
        }
        return best.point();
    }

    private Pinned pin(Period period) {
        for (Pinned pin : pinned) {
            if (pin.period.equals(period)) {
                return pin;
            }
        }
        Pinned pin = new Pinned(period, store.stores.pin(period));
        pinned.add(pin);
        return pin;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            unpin(store, pinned);
        }
    }
}
