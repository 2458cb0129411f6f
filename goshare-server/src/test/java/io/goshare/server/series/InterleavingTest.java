package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Orders of events in which a simpler store would lose points or bring them back. */
class InterleavingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_764_028_800L * SECOND;

    private final TreeMap<Long, Value> model = new TreeMap<>();
    private final OpenStore store = OpenStore.inMemory(OpenStore.BY_HAND.withPeriod(PeriodLength.DAY));

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void pointsErasedAfterTheyWereLoggedDoNotComeBackWithTheReplay() {
        write(0, 100);
        erase(20, 60);
        write(30, 35);

        store.crash();
        check("after the replay");
        store.series.checkpoint();
        store.crash();
        check("after a checkpoint of what was replayed");
    }

    @Test
    void pointsErasedOnceSealedDoNotComeBackFromTheirChunk() {
        write(0, 1_500);
        store.series.checkpoint();
        erase(200, 900);

        check("before the next checkpoint");
        store.crash();
        check("after the replay of the erase");
        store.series.checkpoint();
        store.crash();
        check("after a checkpoint");
    }

    @Test
    void aDroppedSeriesThatIsWrittenAgainHasOnlyItsNewPoints() {
        write(0, 700);
        store.series.checkpoint();
        store.commit(store.series.drop(SeriesFilter.of(OpenStore.key("a"))));
        model.clear();
        write(50, 60);

        store.crash();
        check("after the replay");
        store.series.checkpoint();
        store.crash();
        check("after a checkpoint");
    }

    @Test
    void aPointBelowTheFirstChunkIsRead() {
        write(5_000, 7_000);
        store.series.checkpoint();
        write(10, 11);

        check("in the head");
        store.series.checkpoint();
        check("as a chunk");
        write(12, 13);
        store.series.checkpoint();
        store.crash();
        check("beside the chunk it made");
    }

    @Test
    void theLaterOfTwoPointsAtOneTimeWinsWhereverTheyLie() {
        write(0, 1_000);
        store.series.checkpoint();
        correct(500, "sealed and corrected");
        store.crash();
        check("after the replay of the correction");
        store.series.checkpoint();
        correct(500, "corrected twice");
        correct(500, "corrected thrice");
        store.series.checkpoint();
        store.crash();
        check("after checkpoints");
    }

    private void write(int from, int to) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = from; i < to; i++) {
            batch.add(OpenStore.key("a"), START + i * SECOND, Value.of(i));
            model.put(START + i * SECOND, Value.of(i));
        }
        store.write(batch.build());
    }

    private void correct(int at, String value) {
        PointBatch.Builder batch = new PointBatch.Builder();
        batch.add(OpenStore.key("a"), START + at * SECOND, Value.of(value));
        model.put(START + at * SECOND, Value.of(value));
        store.write(batch.build());
    }

    private void erase(int from, int to) {
        TimeRange range = new TimeRange(START + from * SECOND, START + to * SECOND);
        store.commit(store.series.erase(SeriesFilter.all(), range));
        model.subMap(range.from(), range.to()).clear();
    }

    private void check(String when) {
        assertThat(store.read("a")).as(when).isEqualTo(model);
    }
}
