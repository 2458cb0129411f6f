package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import io.goshare.server.query.SelectorFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of everything a user may do, against {@link SeriesModel}. The seed of a failure is in its message;
 * {@code -Dgoshare.model.seed=} begins with it, {@code -Dgoshare.model.sequences=} runs longer.
 */
class SeriesModelTest {
    private static final long SEED = Long.getLong("goshare.model.seed", 20_261_128L);
    private static final int SEQUENCES = Integer.getInteger("goshare.model.sequences", 40);
    private static final int OPERATIONS = 100;
    /** Every so many sequences one stands on LevelDB, whose stores take longer to open. */
    private static final int ON_DISK = 20;

    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;
    private static final long NOW = 1_764_028_800L * SECOND;

    private static final List<Double> CORNERS = List.of(
            -0.0,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            -Double.MIN_NORMAL / 3,
            Double.MAX_VALUE,
            Double.longBitsToDouble(0x7ff8_0000_dead_beefL),
            Double.longBitsToDouble(0xfff0_0000_0000_0001L));

    private static final List<String> SELECTORS = List.of(
            "**",
            "node:**",
            "node:*:cpu",
            "node:n1:*",
            "**:mem",
            "*:(n0|n2):**",
            "**{dc=\"eu\"}",
            "node:*:cpu{dc=\"eu\"}",
            "**{dc!=\"eu\"}",
            "**:cpu{dc=\"us\",rack=\"1\"}",
            "node:@host:mem{rack=~\"1|2\"}",
            "node:n1:cpu{rack=\"2\"}",
            "*:n?:/c.*/",
            "rack",
            "absent:**");

    @TempDir
    java.nio.file.Path temp;

    @Test
    void readsWhatWasWrittenWhateverHappensInBetween() {
        for (int i = 0; i < SEQUENCES; i++) {
            long seed = SEED + i;
            DataDirectory directory = i % ON_DISK == ON_DISK - 1
                    ? DataDirectory.open(temp.resolve("data" + i), new LevelDbEngineProvider())
                    : DataDirectory.inMemory(new MemoryEngineProvider());
            try {
                new Run(seed, directory).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "sequence of seed " + seed + (i % ON_DISK == ON_DISK - 1 ? " on disk" : ""), e);
            }
        }
    }

    private static final class Run {
        private final Random random;
        private final List<SeriesKey> keys = new ArrayList<>();
        private final SeriesModel model = new SeriesModel();
        private final Map<SeriesKey, Long> ends = new TreeMap<>();
        private final Map<SeriesKey, Function<Long, Value>> shapes = new TreeMap<>();
        private final OpenStore store;
        /** Long runs of one series at a time, so that chunks stand without pages. */
        private final boolean bulky;

        Run(long seed, DataDirectory directory) {
            random = new Random(seed);
            bulky = random.nextInt(3) == 0;
            store = new OpenStore(
                    directory,
                    OpenStore.BY_HAND.withPeriod(random.nextBoolean() ? PeriodLength.DAY : PeriodLength.MONTH));
            int series = 1 + random.nextInt(12);
            for (int i = 0; i < series; i++) {
                SeriesKey key = key();
                keys.add(key);
                ends.put(key, NOW + random.nextInt(3) * DAY);
                shapes.put(key, shape());
            }
        }

        private SeriesKey key() {
            String path = random.nextInt(10) == 0
                    ? "rack"
                    : "node:n" + random.nextInt(4) + (random.nextBoolean() ? ":cpu" : ":mem");
            Map<String, String> tags = new TreeMap<>();
            if (random.nextBoolean()) {
                tags.put("dc", random.nextBoolean() ? "eu" : "us");
            }
            if (random.nextInt(3) == 0) {
                tags.put("rack", String.valueOf(random.nextInt(4)));
            }
            return SeriesKey.of(Path.parse(path), tags);
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
            return switch (random.nextInt(8)) {
                case 0 -> Value.of(random.nextInt(100));
                case 1 -> Value.of(Double.longBitsToDouble(random.nextLong()));
                case 2 -> Value.decimal(random.nextInt(1000), 2);
                case 3 -> Value.of("x".repeat(random.nextInt(300)));
                case 4 -> Value.of(random.nextBoolean());
                case 5 -> Value.of(new byte[] {(byte) random.nextInt()});
                case 6 -> Value.of(CORNERS.get(random.nextInt(CORNERS.size())));
                default -> Value.of(random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE);
            };
        }

        void run() {
            try (store) {
                if (random.nextBoolean()) {
                    model.rules = rules();
                    model.now = NOW;
                    clip();
                }
                for (int i = 0; i < OPERATIONS; i++) {
                    step();
                }
                keys.forEach(this::check);
                reopen(random.nextBoolean());
                keys.forEach(this::check);
                SELECTORS.forEach(this::select);
            }
        }

        private List<RetentionRule> rules() {
            List<RetentionRule> rules = new ArrayList<>();
            if (random.nextBoolean()) {
                SeriesFilter filter = filter("node:n1:**");
                rules.add(new RetentionRule(filter, false, (1 + random.nextInt(3)) * DAY, random.nextBoolean()));
            }
            if (random.nextBoolean()) {
                rules.add(new RetentionRule(SeriesFilter.all(), true, 2 * DAY, random.nextBoolean()));
            }
            return rules;
        }

        private void clip() {
            store.series.clip(model.rules, () -> model.now);
        }

        private void reopen(boolean cleanly) {
            if (cleanly) {
                store.reopen();
            } else {
                store.crash();
            }
            clip();
        }

        private static SeriesFilter filter(String selector) {
            return new SelectorFilter(Selector.parse(selector));
        }

        private String selector() {
            return SELECTORS.get(random.nextInt(SELECTORS.size()));
        }

        private SeriesKey any(List<SeriesKey> of) {
            return of.get(random.nextInt(of.size()));
        }

        private void step() {
            int choice = random.nextInt(100);
            if (choice < 42 && bulky) {
                append(500 + random.nextInt(600), true);
            } else if (choice < 42) {
                append(1 + random.nextInt(random.nextInt(8) == 0 ? 2500 : 60), random.nextBoolean());
            } else if (choice < 52 && !bulky) {
                scatter(1 + random.nextInt(20));
            } else if (choice < 57) {
                correct();
            } else if (choice < 63) {
                erase();
            } else if (choice < 65) {
                drop();
            } else if (choice < 67) {
                retain();
            } else if (choice < 79) {
                store.series.checkpoint();
            } else if (choice < 82) {
                reopen(random.nextBoolean());
            } else if (choice < 86) {
                select(selector());
            } else {
                check(any(keys));
            }
        }

        private void put(PointBatch.Builder batch, SeriesKey key, long time, Value value) {
            batch.add(key, time, value);
            model.put(key, time, value);
        }

        private void append(int rows, boolean one) {
            PointBatch.Builder batch = new PointBatch.Builder();
            SeriesKey only = any(keys);
            for (int i = 0; i < rows; i++) {
                SeriesKey key = one ? only : any(keys);
                long time = ends.get(key);
                put(batch, key, time, shapes.get(key).apply((long) i));
                boolean twice = random.nextInt(100) == 0;
                ends.put(key, time + (random.nextInt(50) == 0 ? random.nextInt(1000) : twice ? 0 : 10) * SECOND);
            }
            store.write(batch.build());
        }

        private void scatter(int rows) {
            PointBatch.Builder batch = new PointBatch.Builder();
            for (int i = 0; i < rows; i++) {
                long time = NOW - 2 * DAY + Math.floorMod(random.nextLong(), 6 * DAY);
                time = random.nextInt(20) == 0 ? random.nextLong() >> 4 : time;
                put(batch, any(keys), random.nextInt(3) == 0 ? time : time / SECOND * SECOND, any());
            }
            store.write(batch.build());
        }

        private void correct() {
            SeriesKey key = any(keys);
            NavigableMap<Long, Value> points = model.points(key);
            Long at = points.ceilingKey(NOW + Math.floorMod(random.nextLong(), DAY));
            PointBatch.Builder batch = new PointBatch.Builder();
            for (int i = 0; i < 30 && at != null; i++) {
                put(batch, key, at, random.nextBoolean() ? points.get(at) : any());
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

        private SeriesFilter some() {
            return random.nextInt(3) == 0 ? filter(selector()) : SeriesFilter.of(any(keys));
        }

        private void erase() {
            SeriesFilter filter = some();
            TimeRange range = range();
            store.commit(store.series.erase(filter, range));
            model.erase(filter, range);
        }

        private void drop() {
            SeriesFilter filter = some();
            store.commit(store.series.drop(filter));
            model.drop(filter);
        }

        private void retain() {
            model.now += Math.floorMod(random.nextLong(), 2 * DAY);
            store.retain(model.rules, model.now);
        }

        private void select(String selector) {
            List<SeriesKey> found = new ArrayList<>();
            try (SeriesView view = store.series.view(filter(selector), new TimeRange(0, 0))) {
                for (int i = 0; i < view.size(); i++) {
                    found.add(view.series(i).key());
                }
            }
            assertThat(found).as(selector).isEqualTo(model.find(filter(selector)));
        }

        private void check(SeriesKey key) {
            TimeRange range = range();
            assertThat(store.read(key, range)).as("%s in %s", key, range).isEqualTo(model.read(key, range));
            if (range.from() > TimeRange.ALL.from() && model.isSure(key, range.from() - 1)) {
                SortedMap<Long, Value> withPrevious = model.asOf(key, range.from() - 1);
                withPrevious.putAll(model.read(key, range));
                assertThat(store.readWithPrevious(key, range))
                        .as("%s in %s and before", key, range)
                        .isEqualTo(withPrevious);
            }
            long time = range.from();
            if (model.isSure(key, time)) {
                assertThat(store.asOf(key, time)).as("%s at %s", key, time).isEqualTo(model.asOf(key, time));
            }
        }
    }
}
