package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeadsTest {
    private static final int ID = 7;
    private static final int SERIES = 200;
    private static final long STEP = 10_000_000_000L;

    private final Heads heads = new Heads();
    private final NavigableMap<Long, Long> model = new TreeMap<>();
    private long revision;

    /** A request of so many points for each series, {@link #STEP} apart. */
    private void append(long first, int points) {
        long[] times = new long[points];
        long[] words = new long[points];
        byte[] tags = new byte[points];
        Arrays.fill(tags, PointBatch.tag(Kind.INTEGER, 0));
        revision++;
        for (int i = 0; i < points; i++) {
            times[i] = first + i * STEP;
            words[i] = revision % 100;
            model.put(times[i], words[i]);
        }
        for (int id = ID; id < ID + SERIES; id++) {
            heads.append(id, revision, 0, new PackedPoints(times, tags, words, new byte[0]), 0, points);
        }
    }

    /** All points, those that arrived later over those before. */
    private NavigableMap<Long, Long> read() {
        PointsBuilder all = new PointsBuilder();
        lay(heads.slices(ID), all);
        heads.head(ID).ifPresent(head -> all.lay(head.points(), 0, head.points().count()));
        Points points = all.build();
        NavigableMap<Long, Long> read = new TreeMap<>();
        for (int i = 0; i < points.count(); i++) {
            read.put(points.times()[i], points.words()[i]);
        }
        return read;
    }

    private static void lay(Slice slice, PointsBuilder all) {
        if (slice != null) {
            lay(slice.previous(), all);
            Points points = ChunkValue.decode(slice.value(), slice.first(), new ChunkReader());
            all.lay(points, 0, points.count());
        }
    }

    @Test
    void pointsBehindAGapTakeNoMoreRoomThanThoseBefore() {
        append(0, 80);
        append(1000 * STEP, 900);

        assertThat(heads.bytes()).isLessThan(SERIES * 8_000L);
        assertThat(heads.slices(ID).sequence()).isEqualTo(new Sequence(1, 79));
        assertThat(heads.head(ID).orElseThrow().sequence()).isEqualTo(new Sequence(2, 899));
        assertThat(read()).isEqualTo(model);
    }

    @Test
    void fewPointsOutOfStepStayTogether() {
        append(0, 8);
        append(1000 * STEP, 8);

        assertThat(heads.slices(ID)).isNull();
        assertThat(read()).isEqualTo(model);
    }

    @Test
    void gapsAndLatePointsWithinARequestAreInTheirOrder() {
        append(0, 50);
        append(20 * STEP + 1, 40);
        append(30 * STEP, 60);
        append(10 * STEP, 2000);

        assertThat(read()).isEqualTo(model);
    }
}
