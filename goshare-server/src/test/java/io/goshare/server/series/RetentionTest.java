package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;
    /** 2025-11-25, the beginning of a day. */
    private static final long START = 1_764_028_800L * SECOND;

    private static final long NOW = START + 10 * DAY + DAY / 2;

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    java.nio.file.Path temp;

    private String crashAt = "";
    private OpenStore store =
            new OpenStore(DataDirectory.inMemory(new io.goshare.server.engine.memory.MemoryEngineProvider()), config());

    private SeriesConfig config() {
        return OpenStore.BY_HAND.withPeriod(PeriodLength.DAY).withFailPoints(place -> {
            if (place.equals(crashAt)) {
                crashAt = "";
                throw new Crash();
            }
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static RetentionRule all(int days) {
        return new RetentionRule(SeriesFilter.all(), true, days * DAY, false);
    }

    private static RetentionRule below(String path, int days, boolean last) {
        return new RetentionRule(SeriesFilter.subtree(Path.parse(path)), false, days * DAY, last);
    }

    /** A point each hour of ten days. */
    private void fill(String path, Value value) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int hour = 0; hour < 240; hour++) {
            batch.add(OpenStore.key(path), START + hour * DAY / 24, value);
        }
        store.write(batch.build());
    }

    @Test
    void wholePeriodsGoWithTheirDirectories() throws IOException {
        store.close();
        java.nio.file.Path data = temp.resolve("data");
        store = new OpenStore(DataDirectory.open(data, new LevelDbEngineProvider()), config());
        fill("a", Value.of(1L));
        fill("b", Value.of(2.5));
        store.series.checkpoint();
        assertThat(stores(data)).isEqualTo(10);

        RetentionReport report = store.retain(List.of(all(3)), NOW);

        assertThat(report.periods()).isEqualTo(7);
        assertThat(report.bytes()).isPositive();
        assertThat(stores(data)).isEqualTo(3);
        assertThat(store.read("a").firstKey()).isEqualTo(START + 7 * DAY);
        assertThat(store.read("b")).hasSize(72);
        store.reopen();
        assertThat(store.read("a")).hasSize(72);
        assertThat(store.retain(List.of(all(3)), NOW)).isEqualTo(RetentionReport.NOTHING);
    }

    private static long stores(java.nio.file.Path data) throws IOException {
        try (Stream<java.nio.file.Path> all = Files.list(data)) {
            return all.filter(path -> path.getFileName().toString().startsWith("data-"))
                    .count();
        }
    }

    @Test
    void aSeriesWithoutARuleKeepsItsPointsAndThePeriodsTheyStandIn() {
        fill("short:a", Value.of(1L));
        fill("other", Value.of(1L));

        RetentionReport report = store.retain(List.of(below("short", 2, false)), NOW - DAY / 8);

        assertThat(report.periods()).isZero();
        assertThat(report.series()).isEqualTo(0);
        store.series.checkpoint();
        assertThat(store.retain(List.of(below("short", 2, false)), NOW).series())
                .isEqualTo(1);
        assertThat(store.read("short:a").firstKey()).isBetween(NOW - 2 * DAY - DAY / 8, NOW - 2 * DAY);
        assertThat(store.read("other")).hasSize(240);
    }

    @Test
    void theFirstRuleThatMatchesApplies() {
        fill("audit:a", Value.of(1L));
        fill("b", Value.of(1L));
        store.series.checkpoint();

        store.retain(List.of(below("audit", 8, false), all(3)), NOW);

        assertThat(store.read("audit:a").firstKey()).isBetween(NOW - 9 * DAY, NOW - 8 * DAY);
        assertThat(store.read("b").firstKey()).isEqualTo(START + 7 * DAY);
    }

    @Test
    void statesAndWhatIsKeptForEverAreKnownBeforeTheFirstPointThatIsLeft() {
        store.write("state", START + 5 * DAY, Value.of("up"));
        store.write("kept:gauge", START + 2 * DAY, Value.of(7L));
        store.write("gauge", START + 2 * DAY, Value.of(8L));
        fill("busy", Value.of(1L));
        store.series.checkpoint();
        List<RetentionRule> rules = List.of(below("kept", 1, true), all(1));

        store.retain(rules, NOW);
        store.reopen();

        assertThat(store.read("state")).isEmpty();
        assertThat(store.asOf("state", NOW)).isEqualTo(Map.of(START + 5 * DAY, Value.of("up")));
        assertThat(store.asOf("state", START + 4 * DAY)).isEmpty();
        assertThat(store.asOf("kept:gauge", NOW)).isEqualTo(Map.of(START + 2 * DAY, Value.of(7L)));
        assertThat(store.asOf("gauge", NOW)).isEmpty();
        assertThat(store.read("busy")).hasSize(24);

        store.commit(store.series.erase(SeriesFilter.of(OpenStore.key("state")), TimeRange.ALL));
        assertThat(store.asOf("state", NOW)).isEmpty();
        store.write("state", START + 9 * DAY, Value.of("down"));
        assertThat(store.asOf("state", NOW).values()).containsExactly(Value.of("down"));
    }

    @Test
    void whereverItEndsTheRestIsDoneLater() {
        for (String place : List.of("retention.gone", "retention.deleted")) {
            fill("a", Value.of(1L));
            store.write("state", START, Value.of("up"));
            store.series.checkpoint();
            crashAt = place;
            try {
                store.retain(List.of(all(3)), NOW);
                throw new AssertionError("no crash at " + place);
            } catch (Crash e) {
                store.crash();
            }

            assertThat(store.read("a").firstKey()).as(place).isEqualTo(START + DAY);
            assertThat(store.asOf("state", NOW).values()).as(place).containsExactly(Value.of("up"));
            store.retain(List.of(all(3)), NOW);
            assertThat(store.read("a")).as(place).hasSize(72);
            assertThat(store.asOf("state", NOW).values()).as(place).containsExactly(Value.of("up"));
        }
    }

    @Test
    void aReadShowsNothingBelowTheFloorThoughItIsStillThere() {
        fill("short:a", Value.of(1L));
        fill("short:state", Value.of("up"));
        fill("other", Value.of(1L));
        store.series.checkpoint();
        fill("short:log", Value.of(1L));

        store.series.clip(List.of(below("short", 2, false)), () -> NOW);

        for (String path : List.of("short:a", "short:log", "short:state")) {
            assertThat(store.read(path)).as(path).hasSize(36);
            assertThat(store.read(path).firstKey()).as(path).isEqualTo(NOW - 2 * DAY);
            assertThat(store.read(path, new TimeRange(START, NOW - 2 * DAY)))
                    .as(path)
                    .isEmpty();
        }
        assertThat(store.read("other")).hasSize(240);
        assertThat(store.asOf("short:log", NOW - 3 * DAY)).isEmpty();
        assertThat(store.asOf("short:log", NOW - 2 * DAY)).hasSize(1);
        assertThat(store.asOf("short:state", NOW - 2 * DAY - 1)).containsOnlyKeys(NOW - 2 * DAY - DAY / 24);
        assertThat(store.asOf("short:state", NOW - 3 * DAY)).isEmpty();
        store.series.clip(List.of(), () -> NOW);
        assertThat(store.read("short:log")).hasSize(240);
    }

    @Test
    void anOlderPointThatGoesLaterDoesNotTakeThePlaceOfTheOneThatIsKept() {
        store.write("state", START + 5 * DAY, Value.of("up"));
        store.series.checkpoint();
        store.retain(List.of(all(1)), NOW);
        store.write("state", START + DAY, Value.of("late"));
        store.series.checkpoint();

        store.retain(List.of(all(1)), NOW);

        assertThat(store.asOf("state", NOW)).isEqualTo(Map.of(START + 5 * DAY, Value.of("up")));
    }

    @Test
    void aLatePointMakesThePeriodAnew() {
        fill("a", Value.of(1L));
        store.series.checkpoint();
        store.retain(List.of(all(3)), NOW);

        store.write("a", START + DAY, Value.of("late"));
        store.series.checkpoint();
        store.reopen();

        assertThat(store.read("a")).hasSize(73);
        assertThat(store.retain(List.of(all(3)), NOW).periods()).isEqualTo(1);
        assertThat(store.read("a")).hasSize(72);
    }

    @Test
    void aReadKeepsWhatItBeganWith() {
        fill("a", Value.of(1L));
        store.series.checkpoint();
        SeriesView view = store.series.view(SeriesFilter.all(), TimeRange.ALL);

        CompletableFuture<RetentionReport> retained =
                CompletableFuture.supplyAsync(() -> store.retain(List.of(all(3)), NOW));
        try (view) {
            Awaitility.await().until(() -> store.series.periods.all().size() < 10);
            assertThat(OpenStore.map(view.read(0))).hasSize(240);
        }

        assertThat(retained.join().periods()).isEqualTo(7);
        assertThat(store.read("a")).hasSize(72);
    }
}
