package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.WriteRequest;
import io.goshare.server.engine.DataDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** After a loss of power the store is as it was after some request, none synced before it missing. */
class PowerCutTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_764_028_800L * SECOND;
    private static final String[] NAMES = {"a", "b", "c"};

    /** What the store held after each request since the last one that was synced for sure. */
    private final List<Map<String, NavigableMap<Long, Value>>> states = new ArrayList<>();

    @Test
    void whatIsLeftIsAPrefixWithAllThatWasSynced() {
        long seed = Long.getLong("goshare.model.seed", System.nanoTime());
        for (int i = 0; i < 200; i++) {
            try {
                run(new Random(seed + i));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("run of seed " + (seed + i), e);
            }
        }
    }

    private void run(Random random) {
        PowerCutProvider provider = new PowerCutProvider();
        SeriesConfig config = OpenStore.BY_HAND.withPeriod(PeriodLength.DAY).withFailPoints(place -> {
            if (random.nextInt(60) == 0) {
                throw new IllegalStateException("power cut at " + place);
            }
        });
        try (OpenStore store = new OpenStore(DataDirectory.inMemory(provider), config)) {
            Map<String, NavigableMap<Long, Value>> model = new TreeMap<>();
            for (int cut = 0; cut < 4; cut++) {
                untilTheCut(store, model, random);
                store.powerCut(() -> provider.cut(random));
                model = matching(store);
            }
        }
    }

    private void untilTheCut(OpenStore store, Map<String, NavigableMap<Long, Value>> start, Random random) {
        Map<String, NavigableMap<Long, Value>> model = copy(start);
        states.clear();
        states.add(copy(model));
        int steps = 5 + random.nextInt(25);
        for (int i = 0; i < steps; i++) {
            boolean sync = random.nextInt(5) == 0;
            WriteRequest plain = WriteRequest.of(change(store, model, random));
            store.committer
                    .commit(new WriteRequest(plain.mutations(), null, 0, sync))
                    .join();
            if (sync) {
                states.clear();
            }
            states.add(copy(model));
            if (random.nextInt(4) == 0) {
                try {
                    store.series.checkpoint();
                } catch (IllegalStateException powerCut) {
                    return;
                }
            }
        }
    }

    private static io.goshare.server.commit.Mutation change(
            OpenStore store, Map<String, NavigableMap<Long, Value>> model, Random random) {
        int choice = random.nextInt(10);
        String name = NAMES[random.nextInt(NAMES.length)];
        if (choice == 0) {
            model.remove(name);
            return store.series.drop(SeriesFilter.of(OpenStore.key(name)));
        }
        if (choice == 1) {
            long from = START + random.nextInt(200_000) * SECOND;
            TimeRange range = new TimeRange(from, from + 40_000 * SECOND);
            model.values()
                    .forEach(points -> points.subMap(range.from(), range.to()).clear());
            return store.series.erase(SeriesFilter.all(), range);
        }
        PointBatch.Builder batch = new PointBatch.Builder();
        long first = START + random.nextInt(150_000) * SECOND;
        for (int i = 0; i < 1 + random.nextInt(random.nextBoolean() ? 10 : 1500); i++) {
            Value value = Value.of(random.nextInt(100));
            batch.add(OpenStore.key(name), first + i * SECOND, value);
            model.computeIfAbsent(name, n -> new TreeMap<>()).put(first + i * SECOND, value);
        }
        return store.series.points(batch.build());
    }

    private Map<String, NavigableMap<Long, Value>> matching(OpenStore store) {
        Map<String, NavigableMap<Long, Value>> found = new TreeMap<>();
        for (String name : NAMES) {
            NavigableMap<Long, Value> points = store.read(name);
            if (!points.isEmpty()) {
                found.put(name, points);
            }
        }
        assertThat(states.stream().map(PowerCutTest::withoutEmpty).anyMatch(found::equals))
                .as(() -> "none of the states fits: "
                        + states.stream()
                                .map(state -> difference(withoutEmpty(state), found))
                                .toList())
                .isTrue();
        return found;
    }

    /** For each series how many points are missing, too many or others, with an example. */
    private static String difference(
            Map<String, NavigableMap<Long, Value>> expected, Map<String, NavigableMap<Long, Value>> found) {
        StringBuilder out = new StringBuilder();
        for (String name : NAMES) {
            NavigableMap<Long, Value> missing = new TreeMap<>(expected.getOrDefault(name, new TreeMap<>()));
            NavigableMap<Long, Value> added = new TreeMap<>(found.getOrDefault(name, new TreeMap<>()));
            int others = 0;
            for (Long time : new ArrayList<>(missing.keySet())) {
                Value value = added.remove(time);
                if (value != null) {
                    others += value.equals(missing.remove(time)) ? 0 : 1;
                }
            }
            out.append(name + ": " + missing.size() + " missing, " + added.size() + " added, " + others + " others; ");
        }
        return out.append('\n').toString();
    }

    private static Map<String, NavigableMap<Long, Value>> withoutEmpty(Map<String, NavigableMap<Long, Value>> model) {
        Map<String, NavigableMap<Long, Value>> left = new TreeMap<>(model);
        left.values().removeIf(NavigableMap::isEmpty);
        return left;
    }

    private static Map<String, NavigableMap<Long, Value>> copy(Map<String, NavigableMap<Long, Value>> model) {
        Map<String, NavigableMap<Long, Value>> copy = new TreeMap<>();
        model.forEach((name, points) -> copy.put(name, new TreeMap<>(points)));
        return copy;
    }
}
