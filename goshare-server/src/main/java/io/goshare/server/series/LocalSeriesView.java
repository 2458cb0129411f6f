package io.goshare.server.series;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Failures;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * A read of this process's series. Its start: the series are found and the stores they need pinned; then, while no
 * group is applied and no checkpoint lets go of points, heads are copied and snapshots taken. If what was found no
 * longer holds by then, it starts over.
 */
final class LocalSeriesView implements SeriesView {
    private static final SummaryFilter NO_SUMMARY = new SummaryFilter() {
        @Override
        public boolean takesTogether(long first, long last) {
            return false;
        }

        @Override
        public boolean isAnsweredBy(ChunkSummary header) {
            return false;
        }
    };

    /** Its name and places in lists, about. */
    private static final int BYTES_OF_SERIES = 100;

    private static final class Pinned {
        final Period period;
        final StorageEngine engine;
        /** The series of the view that may be there; later checkpoints may take them away. */
        final RoaringBitmap series;

        @Nullable
        Snapshot snapshot;

        Pinned(Period period, StorageEngine engine, RoaringBitmap series) {
            this.period = period;
            this.engine = engine;
            this.series = series;
        }
    }

    private final LocalSeriesStore store;
    private final TimeRange range;
    private final Found series;
    private final List<Pinned> pinned;
    private final HeadView memory;
    private final Floors floors;
    private final long highestFloor;
    private final ChunkReader reader = new ChunkReader();
    private final MemoryReader inMemory;
    private final IdentityHashMap<Pinned, StoreReader> readers = new IdentityHashMap<>();
    private @Nullable SeriesInfo shown;
    private int shownIndex = -1;
    private boolean closed;

    private LocalSeriesView(
            LocalSeriesStore store,
            TimeRange range,
            Found series,
            List<Pinned> pinned,
            HeadView memory,
            Floors floors) {
        this.store = store;
        this.range = range;
        this.series = series;
        this.pinned = pinned;
        this.memory = memory;
        this.floors = floors;
        this.highestFloor = floors.highest();
        this.inMemory = new MemoryReader(memory, series, reader, store.chunkCache);
    }

    @Override
    public long heldBytes() {
        return series.size() * (long) BYTES_OF_SERIES + memory.bytes();
    }

    /** Another reader of the same start, for another thread; closing it does nothing. */
    @Override
    public SeriesView fork() {
        LocalSeriesView fork = new LocalSeriesView(store, range, series, pinned, memory, floors);
        fork.closed = true;
        return fork;
    }

    static LocalSeriesView open(LocalSeriesStore store, SeriesFilter filter, TimeRange range, Floors floors) {
        try {
            LocalSeriesView view = null;
            while (view == null) {
                view = tryOpen(store, filter, range, floors);
            }
            return view;
        } catch (EngineException e) {
            throw Failures.of(e);
        }
    }

    private static @Nullable LocalSeriesView tryOpen(
            LocalSeriesStore store, SeriesFilter filter, TimeRange range, Floors floors) {
        long version = store.version();
        Found series = store.catalog.resolve(filter, store.newHash());
        List<Pinned> pinned = new CopyOnWriteArrayList<>(); // forks read it while one of them adds
        try {
            for (Period period : store.periods.in(range)) {
                RoaringBitmap there = store.presence.and(period, series.ids());
                if (!there.isEmpty()) {
                    pinned.add(new Pinned(period, store.stores.pin(period), there));
                }
            }
            HeadView memory = store.committer.startRead(() -> {
                if (store.version() != version) {
                    return null;
                }
                pinned.forEach(pin -> pin.snapshot = pin.engine.snapshot());
                return store.unsealed.view(store.committer.revision(), series);
            });
            if (memory == null) {
                unpin(store, pinned);
                return null;
            }
            return new LocalSeriesView(store, range, series, pinned, memory, floors);
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
        SeriesInfo known = shown;
        if (known == null || index != shownIndex) {
            int id = series.id(index);
            known = new SeriesInfo(id, series.key(index), store.catalog.settings(id));
            shown = known;
            shownIndex = index;
        }
        return known;
    }

    @Override
    public List<String> tagNames() {
        return series.tagNames();
    }

    @Override
    public Points read(int index, TimeRange part) {
        return summarize(index, part, NO_SUMMARY).points();
    }

    @Override
    public Summarized summarize(int index, TimeRange part, SummaryFilter filter) {
        checkInside(part);
        return visible(index, part)
                .map(shown -> summarized(gather(index, shown, filter), Points.NONE))
                .orElseGet(() -> new Summarized(Points.NONE, List.of()));
    }

    private static Summarized summarized(Gathered found, Points before) {
        return new Summarized(found.merged(before), found.summaries());
    }

    private void checkInside(TimeRange part) {
        if (part.from() < range.from() || part.to() > range.to()) {
            throw new IllegalArgumentException(part + " is not in " + range);
        }
    }

    /** What of {@code part} no retention hides; empty if it hides all. */
    private Optional<TimeRange> visible(int index, TimeRange part) {
        long floor = floor(index, part);
        if (floor <= part.from()) {
            return Optional.of(part);
        }
        return floor >= part.to() ? Optional.empty() : Optional.of(new TimeRange(floor, part.to()));
    }

    /** What retention hides points before; the start of {@code part} if it hides none of it. */
    private long floor(int index, TimeRange part) {
        return part.from() >= highestFloor
                ? part.from()
                : floors.of(series(index)).time();
    }

    @Override
    public Points readWithPrevious(int index, TimeRange part) {
        return summarizeWithPrevious(index, part, NO_SUMMARY).points();
    }

    @Override
    public Summarized summarizeWithPrevious(int index, TimeRange part, SummaryFilter filter) {
        checkInside(part);
        long before = part.from() - 1;
        Optional<TimeRange> shown = visible(index, part);
        if (shown.isEmpty()) {
            return new Summarized(asOf(index, before), List.of());
        }
        Gathered found = gather(index, shown.get(), filter);
        Newest previous = found.previous(inMemory.newest(index, before));
        boolean isKnown = previous.isFound() && previous.time() >= highestFloor;
        return summarized(found, isKnown ? previous.point() : asOf(index, before));
    }

    private Gathered gather(int index, TimeRange part, SummaryFilter filter) {
        int id = series.id(index);
        Gathered found = new Gathered(part, memory.erasures());
        List<StoreReader> readers = new ArrayList<>();
        try {
            inMemory.collect(index, part, found);
            for (Pinned pin : pinned) {
                TimeRange span = pin.period.span();
                if (span.from() < part.to() && span.to() > part.from() && pin.series.contains(id)) {
                    StoreReader stored = reader(pin);
                    found.add(stored.fragments(id, part.to()));
                    readers.add(stored);
                }
            }
            List<Fragment> others = found.fragments();
            long bytes = 0;
            for (StoreReader stored : readers) {
                for (StoreReader.Chunk chunk : stored.chunks(id, part)) {
                    if (!isAlone(id, chunk, part, others, filter) || !summarize(chunk, filter, found)) {
                        Fragment fragment = stored.fragment(chunk);
                        found.addChunk(fragment, chunk.key().first());
                        bytes += fragment.points().bytes();
                        checkSize(index, bytes);
                    }
                }
            }
        } catch (EngineException e) {
            throw Failures.of(e);
        }
        return found;
    }

    /** One for each store, so that it may keep what neighbouring series share. */
    private StoreReader reader(Pinned pin) {
        return readers.computeIfAbsent(pin, one -> new StoreReader(one.engine, one.snapshot, reader, store.chunkCache));
    }

    private void checkSize(int index, long bytes) {
        if (bytes > store.config.readBytes()) {
            throw new GoShareException(
                    ErrorCode.BUDGET,
                    series(index).key() + " has more points in the range than may be read at once, which is "
                            + store.config.readBytes() + " bytes; narrow the range, or ask part by part");
        }
    }

    /** Whether all points of {@code chunk} are wanted together, and no others and no erase reach into its span. */
    private boolean isAlone(
            int id, StoreReader.Chunk chunk, TimeRange part, List<Fragment> others, SummaryFilter filter) {
        long first = chunk.key().first();
        long last = chunk.header().last();
        return first >= part.from()
                && last < part.to()
                && filter.takesTogether(first, last)
                && !memory.erasures().touches(id, chunk.header().sequence(), first, last)
                && others.stream().noneMatch(other -> other.points().reachesInto(first, last));
    }

    private static boolean summarize(StoreReader.Chunk chunk, SummaryFilter filter, Gathered found) {
        ChunkSummary summary = chunk.summary();
        boolean isAnswered = filter.isAnsweredBy(summary);
        if (isAnswered) {
            found.add(summary);
        }
        return isAnswered;
    }

    @Override
    public TimeRange part(int index, TimeRange whole, long most, boolean atEnd) {
        Optional<TimeRange> shown = visible(index, whole);
        if (shown.isEmpty()) {
            return whole;
        }
        TimeRange part = partInStores(series.id(index), shown.get(), most, atEnd);
        return inMemory.part(index, part, most, atEnd);
    }

    private TimeRange partInStores(int id, TimeRange whole, long most, boolean atEnd) {
        List<Pinned> inTime = pinned.stream()
                .filter(pin -> pin.period.from() < whole.to() && pin.period.to() > whole.from())
                .filter(pin -> pin.series.contains(id))
                .sorted(Comparator.comparingLong(pin -> atEnd ? -pin.period.from() : pin.period.from()))
                .toList();
        try {
            long left = most;
            for (Pinned pin : inTime) {
                TimeRange part =
                        new TimeRange(Math.max(whole.from(), pin.period.from()), Math.min(whole.to(), pin.period.to()));
                StoreReader stored = reader(pin);
                StoreReader.Place place = stored.place(id, part, left, atEnd);
                if (place.missing() <= 0) {
                    return atEnd ? new TimeRange(place.time(), whole.to()) : new TimeRange(whole.from(), place.time());
                }
                left = place.missing();
            }
        } catch (EngineException e) {
            throw Failures.of(e);
        }
        return whole;
    }

    @Override
    public Points asOf(int index, long time) {
        Points newest = newest(index, time);
        if (newest.count() == 0 || newest.times()[0] >= highestFloor) {
            return newest;
        }
        Floors.Floor floor = floors.of(series(index));
        if (newest.times()[0] >= floor.time()) {
            return newest;
        }
        Points last = floor.last() ? newest(index, floor.time() - 1) : Points.NONE;
        return last.count() > 0 && last.times()[0] == newest.times()[0] ? newest : Points.NONE;
    }

    /** As {@link #asOf}, whatever the floor. */
    private Points newest(int index, long time) {
        int id = series.id(index);
        long behind = time == Long.MAX_VALUE ? time : time + 1;
        Newest best = inMemory.newest(index, time);
        List<Period> periods = store.periods.in(new TimeRange(TimeRange.ALL.from(), behind));
        try {
            for (int i = periods.size() - 1;
                    i >= 0 && best.time() < periods.get(i).to();
                    i--) {
                Optional<Pinned> pin = pin(periods.get(i), id);
                if (pin.isPresent()) {
                    best = reader(pin.get()).newest(id, time, memory.erasures(), best);
                }
            }
            Optional<Fragment> kept = store.lastKept.of(id, reader);
            if (kept.isPresent()) {
                best = best.or(kept.get(), time, Erasures.NONE);
            }
        } catch (PeriodStores.GoneException e) {
            return newest(index, time); // retention took it away since it was looked up
        } catch (EngineException e) {
            throw Failures.of(e);
        }
        return best.point();
    }

    @Override
    public List<RollupRule> rollups(int index) {
        List<RollupRule> rules = store.rollups.rules();
        if (rules.isEmpty()) {
            return rules;
        }
        SeriesKey key = series.key(index);
        return rules.stream()
                .filter(rule -> rule.filter().matches(key))
                .sorted(Comparator.comparingLong(RollupRule::everyNanos).reversed())
                .toList();
    }

    @Override
    public Rolled rolled(int index, RollupRule rule, TimeRange part) {
        int id = series.id(index);
        RollupReader rollups = new RollupReader(rule, id, part, inMemory.changed(index, rule, part));
        try {
            for (Pinned pin : pinned) {
                TimeRange span = pin.period.span();
                if (span.from() < part.to() && span.to() > part.from() && pin.series.contains(id)) {
                    rollups.add(pin.period, pin.engine, pin.snapshot);
                }
            }
        } catch (EngineException e) {
            throw Failures.of(e);
        }
        return rollups.rolled();
    }

    @Override
    public Optional<Rolled.Row> rolledBefore(int index, RollupRule rule, long time) {
        int id = series.id(index);
        TimeRange before = new TimeRange(TimeRange.ALL.from(), Math.max(TimeRange.ALL.from(), time));
        RollupReader rollups = new RollupReader(rule, id, before, inMemory.changed(index, rule, before));
        List<Period> periods = store.periods.in(before);
        try {
            for (int i = periods.size() - 1; i >= 0; i--) {
                Optional<Rolled.Row> found =
                        pin(periods.get(i), id).flatMap(pin -> rollups.newest(pin.engine, pin.snapshot));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (PeriodStores.GoneException e) {
            return rolledBefore(index, rule, time); // retention took it away since it was looked up
        } catch (EngineException e) {
            throw Failures.of(e);
        }
    }

    /** As it was pinned at the start; else as of the first look. */
    private Optional<Pinned> pin(Period period, int id) {
        synchronized (pinned) {
            for (Pinned pin : pinned) {
                if (pin.period.equals(period)) {
                    return Optional.of(pin).filter(known -> known.series.contains(id));
                }
            }
            RoaringBitmap there = store.presence.and(period, series.ids());
            if (!there.contains(id)) {
                return Optional.empty();
            }
            Pinned pin = new Pinned(period, store.stores.pin(period), there);
            try {
                pin.snapshot = pin.engine.snapshot();
            } catch (EngineException e) {
                store.stores.unpin(period);
                throw e;
            }
            pinned.add(pin);
            return Optional.of(pin);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            unpin(store, pinned);
        }
    }
}
