package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Ends the process at every place inside checkpoints, in turn, and opens the store again. */
class CheckpointCrashTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;
    private static final long START = 1_764_028_800L * SECOND;
    private static final int ROUNDS = 12;

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String place) {
            super(place);
        }
    }

    /** Crashes at the place reached as number {@code at}. */
    private static final class CrashAt implements FailPoints {
        private final int at;
        private int reached;

        CrashAt(int at) {
            this.at = at;
        }

        @Override
        public void reach(String place) {
            if (++reached == at) {
                throw new Crash(place);
            }
        }
    }

    private final TreeMap<String, NavigableMap<Long, Value>> model = new TreeMap<>();

    @Test
    void nothingIsLostOrComesBackWhereverACheckpointEnds() {
        int places = 0;
        while (crashesAt(places + 1)) {
            places++;
        }

        assertThat(places).isGreaterThan(100);
    }

    /** Whether the run came to place number {@code place}. */
    private boolean crashesAt(int place) {
        model.clear();
        Random random = new Random(7);
        CrashAt crash = new CrashAt(place);
        boolean crashed = false;
        SeriesConfig config = OpenStore.BY_HAND.withPeriod(PeriodLength.DAY).withFailPoints(crash);
        try (OpenStore store = OpenStore.inMemory(config)) {
            for (int round = 0; round < ROUNDS; round++) {
                change(store, round, random);
                try {
                    store.series.checkpoint();
                } catch (Crash e) {
                    crashed = true;
                    store.crash();
                    check(store, e.getMessage());
                    store.series.checkpoint();
                }
            }
            check(store, "the end, after a crash at place " + place);
        }
        return crashed;
    }

    private void change(OpenStore store, int round, Random random) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < (round % 4 == 0 ? 700 : 20); i++) {
            put(batch, "a", START + round * DAY / 5 + i * SECOND, Value.of(i));
            put(batch, "b", START + round * DAY / 5 + i * SECOND, Value.of("s" + i / 50));
        }
        for (int i = 0; i < 5; i++) {
            put(batch, "a", START + random.nextInt(2 * 86_400) * SECOND, Value.of("late"));
        }
        store.write(batch.build());
        if (round % 3 == 1) {
            long from = START + random.nextInt(86_400) * SECOND;
            TimeRange range = new TimeRange(from, from + DAY / 10);
            store.commit(store.series.erase(SeriesFilter.all(), range));
            model.values()
                    .forEach(points -> points.subMap(range.from(), range.to()).clear());
        }
        if (round == 8) {
            store.commit(store.series.drop(SeriesFilter.of(OpenStore.key("b"))));
            model.remove("b");
        }
    }

    private void put(PointBatch.Builder batch, String name, long time, Value value) {
        batch.add(OpenStore.key(name), time, value);
        model.computeIfAbsent(name, n -> new TreeMap<>()).put(time, value);
    }

    private void check(OpenStore store, String when) {
        model.forEach((name, points) ->
                assertThat(store.read(name)).as(name + " at " + when).isEqualTo(points));
        assertThat(store.series.report().series()).as(when).isEqualTo(model.size());
    }
}
