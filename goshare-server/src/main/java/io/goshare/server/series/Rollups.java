package io.goshare.server.series;

import io.goshare.server.commit.Tables;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import io.goshare.server.series.RollupRow.Cover;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps track of which windows have summaries that tell what the chunks and pages of their period do. Whoever changes
 * points there marks it here in the same batch, or an earlier one, and the mark goes with the batch that puts the new
 * summaries; so whatever is lost is lost together. Safe for many threads.
 */
final class Rollups {
    private static final Summariser NONE = (points, settings) -> {
        throw new IllegalStateException("there are rules of rollups, and nobody who makes summaries");
    };

    /** How long a window is over before its summary is made: points are on the way, and a mark for each costs more. */
    static final long GRACE = TimeUnit.MINUTES.toNanos(1);

    /** Rules, and who makes their summaries. */
    record Asked(List<RollupRule> rules, Summariser summariser) {}

    private final LocalSeriesStore store;
    private volatile Asked asked = new Asked(List.of(), NONE);

    /** What is known of periods that were looked at: covers by rule. */
    private final Map<UUID, Map<Integer, Cover>> covers = new HashMap<>();

    /** Of those looked at the ones that may have marks, and the ones whose points are all gone. */
    private final Set<UUID> marked = new HashSet<>();

    private final Set<UUID> emptied = new HashSet<>();

    Rollups(LocalSeriesStore store) {
        this.store = store;
    }

    void ask(List<RollupRule> rules, Summariser summariser) {
        asked = new Asked(List.copyOf(rules), summariser);
    }

    Asked asked() {
        return asked;
    }

    List<RollupRule> rules() {
        return asked.rules;
    }

    /** The covers of a period, read when it is first looked at. */
    Map<Integer, Cover> covers(Period period, StorageEngine engine) {
        synchronized (this) {
            Map<Integer, Cover> known = covers.get(period.uuid());
            if (known != null) {
                return known;
            }
        }
        Map<Integer, Cover> read = new TreeMap<>();
        byte[] table = {RollupRow.COVER};
        engine.scan(null, table, Tables.behind(table), (key, value) -> {
            read.put(RollupRow.rule(key), RollupRow.cover(value));
            return true;
        });
        synchronized (this) {
            marked.add(period.uuid());
            return covers.computeIfAbsent(period.uuid(), uuid -> Map.copyOf(read));
        }
    }

    /** Covers known without a look at the store. */
    synchronized Map<Integer, Cover> known(Period period) {
        return covers.getOrDefault(period.uuid(), Map.of());
    }

    synchronized boolean wasLookedAt(Period period) {
        return covers.containsKey(period.uuid());
    }

    /** Writes {@code batch} with the cover of a rule. While no checkpoint is made. */
    void cover(Period period, StorageEngine engine, int rule, Cover cover, WriteBatch batch) {
        engine.write(batch.put(RollupRow.rulePrefix(RollupRow.COVER, rule), RollupRow.value(cover)));
        change(period, known -> known.put(rule, cover));
    }

    /** Deletes all rows of a rule that is no more, its cover last. */
    void uncover(Period period, StorageEngine engine, int rule) {
        deleteRows(engine, RollupRow.rulePrefix(RollupRow.SUMMARY, rule));
        deleteRows(engine, RollupRow.rulePrefix(RollupRow.COVER, rule));
        change(period, known -> known.remove(rule));
    }

    private synchronized void change(Period period, Consumer<Map<Integer, Cover>> change) {
        Map<Integer, Cover> changed = new TreeMap<>(known(period));
        change.accept(changed);
        covers.put(period.uuid(), Map.copyOf(changed));
    }

    /**
     * Marks that points of {@code id} come to, or go from, {@code [first, last]} with {@code batch} or a later one.
     *
     * @param erased whether a user took points away: then summaries go that cannot be made again
     */
    void changed(Period period, StorageEngine engine, int id, long first, long last, boolean erased, WriteBatch batch) {
        long target = Long.MIN_VALUE;
        for (Cover cover : covers(period, engine).values()) {
            target = Math.max(target, cover.target());
        }
        if (first < target) {
            long from = Math.max(first, period.from());
            RollupRow.Mark mark = new RollupRow.Mark(id, from, Math.min(last, target - 1) + 1, erased);
            batch.put(mark.key(), mark.value());
            synchronized (this) {
                marked.add(period.uuid());
                emptied.remove(period.uuid());
            }
        }
    }

    /** Notes that retention takes the points of {@code id} before {@code until} with {@code batch} or a later one. */
    void expire(Period period, StorageEngine engine, long id, long until, WriteBatch batch) {
        if (!covers(period, engine).isEmpty() && until > until(engine, id)) {
            batch.put(RollupRow.seriesPrefix(RollupRow.FINAL, id), RollupRow.finalValue(until));
        }
    }

    private static long until(StorageEngine engine, long id) {
        return engine.get(RollupRow.seriesPrefix(RollupRow.FINAL, id))
                .map(RollupRow::until)
                .orElse(Long.MIN_VALUE);
    }

    /** The time before which summaries of {@code id} are all that is left. */
    static long finalBefore(StorageEngine engine, long id) {
        return Math.max(until(engine, id), until(engine, RollupRow.ALL));
    }

    /** The time before which points may go, of those before {@code floor}: what is later has no summaries yet. */
    long bounded(long floor, long now) {
        return rules().isEmpty() ? floor : Math.min(floor, now - GRACE);
    }

    /** The latest time at or before {@code floor} at which a window of each rule begins. */
    long aligned(long floor) {
        long all = 1;
        for (RollupRule rule : rules()) {
            all = all / gcd(all, rule.everyNanos()) * rule.everyNanos(); // divides a day, as each of them does
        }
        return RollupRule.floor(floor, all);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Whether summaries of {@code period} outlive its points. */
    boolean outlives(Period period, long now) {
        List<RollupRule> keeping =
                rules().stream().filter(rule -> rule.keeps(period.to(), now)).toList();
        return !keeping.isEmpty()
                && (isEmptied(period)
                        || reading(
                                period, engine -> keeping.stream().anyMatch(rule -> hasRows(engine, rule.number()))));
    }

    private static boolean hasRows(StorageEngine engine, int rule) {
        byte[] prefix = RollupRow.rulePrefix(RollupRow.SUMMARY, rule);
        boolean[] found = {false};
        engine.scan(null, prefix, Tables.behind(prefix), (key, value) -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    /** Whether each rule has all windows of {@code period}, and none of them is old. */
    boolean isComplete(Period period) {
        Map<Integer, Cover> all = reading(period, engine -> covers(period, engine));
        synchronized (this) {
            return !marked.contains(period.uuid())
                    && rules().stream().allMatch(rule -> {
                        Cover cover = all.get(rule.number());
                        return cover != null && cover.done() == period.to();
                    });
        }
    }

    /** How many periods hold summaries and no points, as far as retention found since the start. */
    synchronized int emptied() {
        return emptied.size();
    }

    synchronized boolean isEmptied(Period period) {
        return emptied.contains(period.uuid());
    }

    synchronized boolean isMarked(Period period) {
        return marked.contains(period.uuid());
    }

    synchronized void unmark(Period period) {
        marked.remove(period.uuid());
    }

    /** Deletes the chunks and pages of {@code period}; its summaries stay. While no checkpoint is made. */
    long empty(Period period) {
        long bytes = reading(period, engine -> {
            store.stores.written(period);
            WriteBatch batch = new WriteBatch().givingSpaceBack();
            expire(period, engine, RollupRow.ALL, period.to(), batch);
            engine.write(batch);
            store.config.failPoints().reach("retention.final");
            long freed = delete(engine, RowKey.CHUNK) + delete(engine, RowKey.PAGE);
            engine.sync();
            return freed;
        });
        synchronized (this) {
            emptied.add(period.uuid());
        }
        return bytes;
    }

    private static long delete(StorageEngine engine, byte table) {
        byte[] from = {table};
        byte[] to = Tables.behind(from);
        long bytes = deleteRows(engine, from);
        if (bytes > 0) {
            engine.compact(from, to);
        }
        return bytes;
    }

    /** Deletes all rows whose key begins with {@code prefix}; the bytes they had. */
    static long deleteRows(StorageEngine engine, byte[] prefix) {
        long[] bytes = {0};
        List<byte[]> keys = new ArrayList<>();
        do {
            keys.clear();
            engine.scan(null, prefix, Tables.behind(prefix), (key, value) -> {
                keys.add(key);
                bytes[0] += key.length + value.length;
                return keys.size() < 10_000;
            });
            WriteBatch batch = new WriteBatch().givingSpaceBack();
            keys.forEach(batch::delete);
            engine.write(batch);
        } while (!keys.isEmpty());
        return bytes[0];
    }

    /** What {@code work} makes of the store of {@code period}. */
    <T> T reading(Period period, Function<StorageEngine, T> work) {
        StorageEngine engine = store.stores.pin(period);
        try {
            return work.apply(engine);
        } finally {
            store.stores.unpin(period);
        }
    }

    synchronized void forget(Period period) {
        covers.remove(period.uuid());
        marked.remove(period.uuid());
        emptied.remove(period.uuid());
    }
}
