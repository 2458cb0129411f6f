package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.series.StoreReader.Chunk;
import io.goshare.server.series.StoreReader.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChunkCacheTest {
    private static final int ID = 7;
    private static final long VERSION = 3;

    private final ChunkCache cache = new ChunkCache(1 << 20);
    private final List<Chunk> stored =
            new ArrayList<>(Stream.of(chunk(40, 49), chunk(20, 29), chunk(0, 9)).toList());
    private int reads;

    private static Chunk chunk(long first, long last) {
        return Chunk.of(new RowKey(RowKey.CHUNK, ID, first, 1).encode(), value(first, last, 1));
    }

    private static byte[] value(long first, long last, long word) {
        PointsBuilder points = new PointsBuilder();
        Points two = Stream.of(first, last).map(time -> point(time, word)).reduce(Points.NONE, ChunkCacheTest::joined);
        points.lay(two, 0, two.count());
        return ChunkValue.encode(points.build(), Sequence.LOWEST, new ColumnCodec());
    }

    private static Points point(long time, long word) {
        Value value = Value.of(word);
        return new Points(
                1, new long[] {time}, new byte[] {(byte) value.kind().code()}, new long[] {word}, new byte[0]);
    }

    private static Points joined(Points before, Points behind) {
        PointsBuilder all = new PointsBuilder();
        all.lay(before, 0, before.count());
        all.lay(behind, 0, behind.count());
        return all.build();
    }

    /** What begins before {@code to}, down to the first chunk that reaches {@code from} or beyond. */
    private List<Long> chunks(long version, long from, long to) {
        TimeRange range = new TimeRange(from, to);
        return cache
                .chunks(version, ID, range, () -> {
                    reads++;
                    return stored.stream()
                            .filter(one ->
                                    one.key().first() < to && one.header().last() >= from)
                            .toList();
                })
                .stream()
                .map(one -> one.key().first())
                .toList();
    }

    @Test
    void whatWasReadAnswersForEveryPartOfItsRange() {
        assertThat(chunks(VERSION, 5, 45)).containsExactly(40L, 20L, 0L);

        for (long from = 5; from < 45; from++) {
            for (long to = from + 1; to <= 45; to++) {
                long f = from;
                long t = to;
                List<Long> expected = LongStream.of(40, 20, 0)
                        .filter(first -> first < t && first + 9 >= f)
                        .boxed()
                        .toList();
                assertThat(chunks(VERSION, from, to)).as("%d to %d", from, to).isEqualTo(expected);
            }
        }
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void whatReachesBeyondItIsReadAgain() {
        chunks(VERSION, 25, 45);

        assertThat(chunks(VERSION, 24, 45)).containsExactly(40L, 20L);
        assertThat(chunks(VERSION, 24, 46)).containsExactly(40L, 20L);
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void whatWasReadAtAnotherVersionIsReadAgain() {
        chunks(VERSION, 5, 45);
        stored.remove(0);

        assertThat(chunks(VERSION, 5, 45)).containsExactly(40L, 20L, 0L);
        assertThat(chunks(VERSION + 1, 5, 45)).containsExactly(20L, 0L);
    }

    @Test
    void withoutAVersionNothingIsKept() {
        chunks(Snapshot.UNKNOWN, 5, 45);
        stored.clear();

        assertThat(chunks(Snapshot.UNKNOWN, 5, 45)).isEmpty();
    }

    @Test
    void pagesAreKeptByVersionAndGroup() {
        List<Page> pages = List.of(new Page(new RowKey(RowKey.PAGE, 1, 0, 1), new byte[3]));
        cache.pages(VERSION, 1, () -> pages);

        assertThat(cache.pages(VERSION, 1, List::of)).isSameAs(pages);
        assertThat(cache.pages(VERSION, 2, List::of)).isEmpty();
        assertThat(cache.pages(VERSION + 1, 1, List::of)).isEmpty();
        assertThat(cache.pages(Snapshot.UNKNOWN, 1, List::of)).isEmpty();
    }

    @Test
    void pointsAreDecodedAgainWhereTheBytesAreOthers() {
        ChunkReader reader = new ChunkReader();
        byte[] value = value(0, 9, 1);
        Points decoded = cache.decode(ID, 0, value, reader);

        assertThat(cache.decode(ID, 0, value, reader)).isSameAs(decoded);
        assertThat(cache.decode(ID, 0, value.clone(), reader)).isSameAs(decoded);
        assertThat(cache.decode(ID, 0, value(0, 9, 2), reader).words()[0]).isEqualTo(2);
    }

    @Test
    void itHoldsNoMoreThanItMay() {
        ChunkCache small = new ChunkCache(64 << 10);
        byte[] value = value(0, 9, 1);
        ChunkReader reader = new ChunkReader();
        Points first = small.decode(0, 0, value, reader);
        for (int id = 1; id < 1000; id++) {
            small.decode(id, 0, value, reader);
        }

        assertThat(small.decode(0, 0, value, reader)).isNotSameAs(first);
    }
}
