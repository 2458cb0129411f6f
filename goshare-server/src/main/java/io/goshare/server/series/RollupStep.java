package io.goshare.server.series;

import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import io.goshare.server.series.RollupRow.Cover;
import io.goshare.server.series.RollupRow.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Makes the summaries that are due: of windows that ended, and of those marked since. In slices between which
 * checkpoints are made. For one thread.
 */
final class RollupStep {
    private static final int MARKS = 256;
    private static final long BATCH_BYTES = 1 << 20;

    private final LocalSeriesStore store;
    private final Rollups rollups;
    private final Rollups.Asked asked;
    private final long now;
    private final ChunkReader chunks = new ChunkReader();
    private final BooleanSupplier stopping;
    private boolean isSealed;

    /** @param stopping asked between slices: if true the rest is left */
    RollupStep(LocalSeriesStore store, long now, BooleanSupplier stopping) {
        this.store = store;
        this.stopping = stopping;
        this.rollups = store.rollups;
        this.asked = rollups.asked();
        this.now = now;
    }

    /** False if it was stopped before all was made. */
    boolean run() {
        for (Period period : store.periods.all()) {
            if (!stopping.getAsBoolean() && isDue(period)) {
                rollups.reading(period, engine -> {
                    store.stores.written(period);
                    run(period, engine);
                    engine.sync();
                    return period;
                });
            }
        }
        return !stopping.getAsBoolean();
    }

    private boolean isDue(Period period) {
        if (!rollups.wasLookedAt(period)) {
            return !asked.rules().isEmpty() && !store.presence.isEmpty(period);
        }
        Map<Integer, Cover> covers = rollups.known(period);
        return rollups.isMarked(period)
                || covers.keySet().stream().anyMatch(this::isUnknown)
                || asked.rules().stream().anyMatch(rule -> isDue(rule, covers.get(rule.number()), period));
    }

    private boolean isUnknown(int number) {
        return asked.rules().stream().noneMatch(rule -> rule.number() == number);
    }

    private boolean isDue(RollupRule rule, @Nullable Cover cover, Period period) {
        long until = until(rule, period);
        return until > (cover == null ? period.from() : cover.done());
    }

    private long until(RollupRule rule, Period period) {
        return Math.min(period.to(), rule.floor(now - Rollups.GRACE));
    }

    private void run(Period period, StorageEngine engine) {
        Map<Integer, Cover> covers = rollups.covers(period, engine);
        for (int number : covers.keySet()) {
            if (isUnknown(number)) {
                rollups.uncover(period, engine, number);
            }
        }
        boolean isNew = asked.rules().stream().anyMatch(rule -> isDue(rule, covers.get(rule.number()), period));
        if (isNew && !isSealed) {
            store.checkpoint();
            isSealed = true;
        }
        while (!stopping.getAsBoolean() && store.exclusively(() -> renewMarked(period, engine))) {
            store.config.failPoints().reach("rollup.renewed");
        }
        for (RollupRule rule : asked.rules()) {
            Cover cover = rollups.known(period).get(rule.number());
            if (!stopping.getAsBoolean() && isDue(rule, cover, period)) {
                advance(rule, period, engine);
            }
        }
    }

    /** Makes summaries anew that were marked; false if there are no more marks. */
    private boolean renewMarked(Period period, StorageEngine engine) {
        List<Mark> marks = new ArrayList<>();
        byte[] table = {RollupRow.MARK};
        engine.scan(
                null,
                table,
                Tables.behind(table),
                (key, value) -> marks.add(Mark.decode(key, value)) && marks.size() < MARKS);
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        for (Mark mark : marks) {
            int id = Math.toIntExact(mark.id());
            for (RollupRule rule : asked.rules()) {
                Cover cover = rollups.known(period).get(rule.number());
                if (cover != null) {
                    renew(rule, cover, id, mark, engine, batch);
                }
            }
            batch.delete(mark.key());
        }
        engine.write(batch);
        if (marks.isEmpty()) {
            rollups.unmark(period);
        }
        return !marks.isEmpty();
    }

    private void renew(RollupRule rule, Cover cover, int id, Mark mark, StorageEngine engine, WriteBatch batch) {
        long from = Math.max(rule.floor(mark.from()), cover.from());
        long to = Math.min(rule.ceiling(mark.to()), cover.done());
        long kept = Math.min(to, Rollups.finalBefore(engine, id));
        if (from < kept && mark.erased()) {
            delete(rule, id, from, kept, engine, batch);
        }
        from = Math.max(from, kept);
        if (from < to) {
            delete(rule, id, from, to, engine, batch);
            if (store.catalog.accepts(id) && rule.filter().matches(SeriesKey.decode(store.catalog.name(id)))) {
                RoaringBitmap one = RoaringBitmap.bitmapOf(id);
                addGroup(rule, id / PageValue.SERIES, one, from, to, engine, batch);
            }
        }
    }

    private static void delete(RollupRule rule, int id, long from, long to, StorageEngine engine, WriteBatch batch) {
        engine.scan(
                null, RollupRow.before(rule.number(), id, to), RollupRow.behind(rule.number(), id), (key, value) -> {
                    boolean isIn = RollupRow.window(key) >= from;
                    if (isIn) {
                        batch.delete(key);
                    }
                    return isIn;
                });
    }

    /** Makes the summaries of the windows that ended since. */
    private void advance(RollupRule rule, Period period, StorageEngine engine) {
        long until = until(rule, period);
        Cover before = store.exclusively(() -> announce(rule, period, engine, until));
        if (before.done() < until) {
            RoaringBitmap present = store.presence.and(period, store.resolve(rule.filter()));
            Set<Integer> groups = new HashSet<>();
            for (int id : present) {
                groups.add(id / PageValue.SERIES);
            }
            WriteBatch[] batch = {new WriteBatch().givingSpaceBack()};
            for (int group : groups.stream().sorted().toList()) {
                if (stopping.getAsBoolean()) {
                    return;
                }
                store.exclusively(() -> {
                    addGroup(rule, group, present, before.done(), until, engine, batch[0]);
                    if (batch[0].bytes() > BATCH_BYTES) {
                        engine.write(batch[0]);
                        batch[0] = new WriteBatch().givingSpaceBack();
                    }
                    return group;
                });
            }
            store.config.failPoints().reach("rollup.made");
            store.exclusively(() -> {
                rollups.cover(period, engine, rule.number(), new Cover(before.from(), until, until), batch[0]);
                return rule;
            });
            store.config.failPoints().reach("rollup.done");
        }
    }

    /** Has all that changes before {@code until} marked from now on. A rule sees only what was there when it began. */
    private Cover announce(RollupRule rule, Period period, StorageEngine engine, long until) {
        Cover known = rollups.known(period).get(rule.number());
        long from = Math.min(period.to(), rule.ceiling(Math.max(period.from(), anyFinal(engine))));
        Cover cover = known == null ? new Cover(from, from, from) : known;
        Cover begun = new Cover(cover.from(), cover.done(), Math.max(cover.done(), until));
        rollups.cover(period, engine, rule.number(), begun, new WriteBatch().givingSpaceBack());
        return cover;
    }

    /** The time before which some series' points were taken by retention. */
    private static long anyFinal(StorageEngine engine) {
        long[] last = {Long.MIN_VALUE};
        byte[] table = {RollupRow.FINAL};
        engine.scan(null, table, Tables.behind(table), (key, value) -> {
            last[0] = Math.max(last[0], RollupRow.until(value));
            return true;
        });
        return last[0];
    }

    private void addGroup(
            RollupRule rule,
            int group,
            RoaringBitmap present,
            long from,
            long to,
            StorageEngine engine,
            WriteBatch batch) {
        StoreReader reader = new StoreReader(engine, null, chunks);
        Map<Integer, List<Fragment>> found = new HashMap<>();
        for (StoreReader.Page page : reader.pages(group, to)) {
            for (Fragment fragment : reader.decode(page)) {
                found.computeIfAbsent(fragment.id(), id -> new ArrayList<>()).add(fragment);
            }
        }
        RoaringBitmap ofGroup = new RoaringBitmap();
        ofGroup.add((long) group * PageValue.SERIES, (group + 1L) * PageValue.SERIES);
        ofGroup.and(present);
        for (int id : ofGroup) {
            List<Fragment> fragments = found.getOrDefault(id, new ArrayList<>());
            for (StoreReader.Chunk chunk : reader.chunks(id, new TimeRange(from, to))) {
                fragments.add(new Fragment(id, chunk.header().sequence(), reader.decode(chunk)));
            }
            put(rule, id, merged(fragments, from, to), batch);
        }
    }

    private static Points merged(List<Fragment> fragments, long from, long to) {
        fragments.sort(Comparator.comparing(Fragment::sequence));
        PointsBuilder merged = new PointsBuilder();
        for (Fragment fragment : fragments) {
            Points points = fragment.points();
            merged.lay(points, points.firstAtOrAfter(from), points.firstAtOrAfter(to));
        }
        return merged.build();
    }

    private void put(RollupRule rule, int id, Points points, WriteBatch batch) {
        SeriesSettings settings = store.catalog.settings(id);
        int row = 0;
        while (row < points.count()) {
            TimeRange window = rule.window(points.times()[row]);
            int end = points.firstAtOrAfter(window.to());
            byte[] summary = asked.summariser().summary(points.slice(row, end), settings);
            batch.put(RollupRow.summaryKey(rule.number(), id, window.from()), RollupRow.summaryValue(summary));
            row = end;
        }
    }
}
