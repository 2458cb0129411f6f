package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erased and dropped points are gone from reads at once, and from the disk with the checkpoint. */
class ReclaimTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;
    private static final long START = 1_764_028_800L * SECOND;
    private static final int SERIES = 40;
    private static final int POINTS = 5_000;

    @TempDir
    java.nio.file.Path temp;

    private OpenStore store;

    @BeforeEach
    void fill() {
        SeriesConfig config = OpenStore.BY_HAND.withPeriod(PeriodLength.DAY);
        store = new OpenStore(DataDirectory.open(temp.resolve("data"), new LevelDbEngineProvider()), config);
        Random random = new Random(7);
        for (int day = 0; day < 2; day++) {
            for (int series = 0; series < SERIES; series++) {
                PointBatch.Builder batch = new PointBatch.Builder();
                for (int i = 0; i < POINTS; i++) {
                    batch.add(
                            OpenStore.key("host:h" + series),
                            START + day * DAY + i * 10L * SECOND,
                            Value.of(random.nextDouble()));
                }
                store.write(batch.build());
            }
            store.series.checkpoint();
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long bytes(String name) {
        try (Stream<java.nio.file.Path> files = Files.walk(temp.resolve("data"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(name))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void droppedSeriesGiveTheirSpaceBack() {
        long before = bytes("data-");

        store.commit(store.series.drop(SeriesFilter.subtree(Path.parse("host:h1"))));
        for (int series = 10; series < SERIES; series++) {
            store.commit(store.series.drop(SeriesFilter.of(OpenStore.key("host:h" + series))));
        }
        assertThat(store.read("host:h11")).isEmpty();
        store.series.checkpoint();

        assertThat(bytes("data-")).isLessThan(before * 2 / 5);
        assertThat(store.series.gauges().get("goshare_reclaimed_bytes")).isGreaterThan(before / 2.0);
        store.reopen();
        assertThat(store.read("host:h2")).hasSize(2 * POINTS);
        assertThat(store.series.report().series()).isEqualTo(9);
    }

    @Test
    void aRangeGivesItsSpaceBack() {
        long before = bytes("data-");

        store.commit(store.series.erase(SeriesFilter.all(), new TimeRange(START, START + DAY / 3)));
        store.series.checkpoint();

        assertThat(bytes("data-")).isLessThan(before * 4 / 5);
        assertThat(store.read("host:h1")).hasSize(2 * POINTS - 2880);
    }

    @Test
    void aPeriodThatNothingIsLeftInGoesWithItsDirectory() {
        assertThat(bytes("data-2025-11-25")).isPositive();
        SeriesView view = store.series.view(SeriesFilter.all(), TimeRange.ALL);

        store.commit(store.series.erase(SeriesFilter.all(), new TimeRange(START, START + DAY)));
        store.series.checkpoint();
        assertThat(OpenStore.map(view.read(0)))
                .as("of a read that began before")
                .hasSize(2 * POINTS);
        view.close();
        store.series.checkpoint();

        assertThat(bytes("data-2025-11-25")).isZero();
        assertThat(store.read("host:h1")).hasSize(POINTS);
        store.write("host:h1", START, Value.of(1L));
        store.series.checkpoint();
        store.reopen();
        assertThat(store.read("host:h1")).hasSize(POINTS + 1);
    }
}
