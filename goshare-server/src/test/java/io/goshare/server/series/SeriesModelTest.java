package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Random sequences of everything a user may do, against a map of maps; the seed of a failure is in its message. */
class SeriesModelTest {
    private static final int SEQUENCES = Integer.getInteger("goshare.model.sequences", 300);
    private static final int OPERATIONS = 100;
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;
    private static final long NOW = 1_764_028_800L * SECOND;

    @Test
    void readsWhatWasWrittenWhateverHappensInBetween() {
        long seed = Long.getLong("goshare.model.seed", System.nanoTime());
        System.out.println("series model: seed " + seed);
        for (int i = 0; i < SEQUENCES; i++) {
            try {
                new Sequence(seed + i).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("sequence of seed " + (seed + i), e);
            }
        }
    }

    private static final class Sequence {
        private final Random random;
        private final List<String> names = new ArrayList<>();
        private final TreeMap<String, NavigableMap<Long, Value>> model = new TreeMap<>();
        private final TreeMap<String, Long> ends = new TreeMap<>();
        private final TreeMap<String, Function<Long, Value>> shapes = new TreeMap<>();
        private final OpenStore store;

        Sequence(long seed) {
            random = new Random(seed);
            store = OpenStore.inMemory(
                    OpenStore.BY_HAND.withPeriod(random.nextBoolean() ? PeriodLength.DAY : PeriodLength.MONTH));
            int series = 1 + random.nextInt(8);
            for (int i = 0; i < series; i++) {
                String name = "node:n" + i + ":metric";
                names.add(name);
                ends.put(name, NOW + random.nextInt(3) * DAY);
                shapes.put(name, shape());
            }
        }

        private Function<Long, Value> shape() {
            return switch (random.nextInt(6)) {
                case 0 -> i -> Value.of(random.nextLong() >> random.nextInt(64));
                case 1 -> i -> Value.of((double) random.nextInt(50) / 7);
                case 2 -> i -> Value.decimal(random.nextInt(10_000), random.nextInt(4));
                case 3 -> i -> Value.of(random.nextInt(4) == 0 ? "down" : "up" + i / 100);
                case 4 -> i -> Value.of(random.nextBoolean());
                default -> i -> any();
            };
        }

        private Value any() {
            return switch (random.nextInt(7)) {
                case 0 -> Value.of(random.nextInt(100));
                case 1 -> Value.of(Double.longBitsToDouble(random.nextLong()));
                case 2 -> Value.decimal(random.nextInt(1000), 2);
                case 3 -> Value.of("x".repeat(random.nextInt(300)));
                case 4 -> Value.of(random.nextBoolean());
                case 5 -> Value.of(new byte[] {(byte) random.nextInt()});
                default -> Value.of(-5L);
            };
        }

        void run() {
            try (store) {
                for (int i = 0; i < OPERATIONS; i++) {
                    step();
                }
                names.forEach(this::check);
            }
        }

        private String name() {
            return names.get(random.nextInt(names.size()));
        }

        private void step() {
            int choice = random.nextInt(100);
            if (choice < 45) {
                append(1 + random.nextInt(random.nextInt(8) == 0 ? 2500 : 60));
            } else if (choice < 55) {
                scatter(1 + random.nextInt(20));
            } else if (choice < 60) {
                correct();
            } else if (choice < 66) {
                erase();
            } else if (choice < 68) {
                drop();
            } else if (choice < 80) {
                store.series.checkpoint();
            } else if (choice < 82) {
                store.reopen();
            } else if (choice < 84) {
                store.crash();
            } else {
                check(name());
            }
        }

        private void put(PointBatch.Builder batch, String name, long time, Value value) {
            batch.add(OpenStore.key(name), time, value);
            model.computeIfAbsent(name, n -> new TreeMap<>()).put(time, value);
        }

        private void append(int rows) {
            PointBatch.Builder batch = new PointBatch.Builder();
            String only = random.nextBoolean() ? name() : "";
            for (int i = 0; i < rows; i++) {
                String name = only.isEmpty() ? name() : only;
                long time = ends.get(name);
                put(batch, name, time, shapes.get(name).apply((long) i));
                ends.put(name, time + (random.nextInt(50) == 0 ? random.nextInt(1000) * SECOND : 10 * SECOND));
            }
            store.write(batch.build());
        }

        private void scatter(int rows) {
            PointBatch.Builder batch = new PointBatch.Builder();
            for (int i = 0; i < rows; i++) {
                String name = name();
                long time = NOW - 2 * DAY + Math.floorMod(random.nextLong(), 6 * DAY);
                time = random.nextInt(20) == 0 ? random.nextLong() >> 4 : time;
                put(batch, name, random.nextInt(3) == 0 ? time : time / SECOND * SECOND, any());
            }
            store.write(batch.build());
        }

        private void correct() {
            String name = name();
            NavigableMap<Long, Value> points = model.get(name);
            if (points == null || points.isEmpty()) {
                return;
            }
            PointBatch.Builder batch = new PointBatch.Builder();
            Long at = points.ceilingKey(NOW + Math.floorMod(random.nextLong(), DAY));
            for (int i = 0; i < 30 && at != null; i++) {
                put(batch, name, at, random.nextBoolean() ? points.get(at) : any());
                at = points.higherKey(at);
            }
            store.write(batch.build());
        }

        private TimeRange range() {
            long from = NOW - DAY + Math.floorMod(random.nextLong(), 4 * DAY);
            return random.nextInt(8) == 0
                    ? TimeRange.ALL
                    : new TimeRange(from, from + Math.floorMod(random.nextLong(), DAY));
        }

        private void erase() {
            TimeRange range = range();
            if (random.nextInt(4) == 0) {
                store.commit(store.series.erase(SeriesFilter.all(), range));
                model.values()
                        .forEach(points ->
                                points.subMap(range.from(), range.to()).clear());
                return;
            }
            String name = name();
            store.commit(store.series.erase(SeriesFilter.of(OpenStore.key(name)), range));
            model.getOrDefault(name, new TreeMap<>())
                    .subMap(range.from(), range.to())
                    .clear();
        }

        private void drop() {
            String name = name();
            store.commit(store.series.drop(SeriesFilter.of(OpenStore.key(name))));
            model.remove(name);
        }

        private void check(String name) {
            NavigableMap<Long, Value> points = model.getOrDefault(name, new TreeMap<>());
            TimeRange range = range();
            assertThat(store.read(name, range))
                    .as(name + " in " + range)
                    .isEqualTo(points.subMap(range.from(), range.to()));
            long time = range.from();
            Long newest = points.floorKey(time);
            NavigableMap<Long, Value> expected = new TreeMap<>();
            if (newest != null) {
                expected.put(newest, points.get(newest));
            }
            assertThat(store.asOf(name, time)).as(name + " at " + time).isEqualTo(expected);
        }
    }
}
