package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.WriteBatch;
import io.goshare.server.query.SelectorFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Selections by literal parts find what going through all names finds. */
class PostingsTest {
    private static final long START = 1_764_028_800_000_000_000L;
    private static final String DEEP = "d:".repeat(62);
    private static final List<String> SELECTORS = List.of(
            "**{dc=\"eu\"}",
            "**{dc=~\"eu|us\",rack=\"7\"}",
            "**{dc=~\"eu|\"}",
            "**{dc!=\"eu\",rack=\"7\"}",
            "**{z=\"\u0000\"}",
            "a:*:cpu",
            "*:h17:**",
            "**:mem{rack=\"3\"}",
            "a:**:(cpu|mem)x{dc=\"us\"}",
            "a:(h1|h2)?:cpu",
            "a:h17:cpu{dc=\"eu\"}",
            "a:h17:cpu{rack=\"7\"}",
            "**::cpu",
            DEEP + "*:h5",
            "**:h5:h5",
            "a:**",
            "h17",
            "nothing:*:cpu");

    private final Random random = new Random(7);
    private final TreeSet<SeriesKey> live = new TreeSet<>();
    private String crashAt = "";
    private final OpenStore store = OpenStore.inMemory(OpenStore.BY_HAND.withFailPoints(place -> {
        if (place.equals(crashAt)) {
            throw new IllegalStateException("crash at " + place);
        }
    }));

    @AfterEach
    void close() {
        store.close();
    }

    private SeriesKey key() {
        Map<String, String> tags = new HashMap<>();
        if (random.nextInt(3) > 0) {
            tags.put("dc", List.of("eu", "us", "ap").get(random.nextInt(3)));
        }
        if (random.nextBoolean()) {
            tags.put("rack", String.valueOf(random.nextInt(10)));
        }
        if (random.nextInt(50) == 0) {
            tags.put("z", "\u0000");
        }
        String host = "h" + random.nextInt(200);
        String metric = List.of("cpu", "mem", "cpux").get(random.nextInt(3));
        String path = switch (random.nextInt(12)) {
            case 0 -> host;
            case 1 -> "b::" + metric;
            case 2 -> DEEP + host + ":" + host + (random.nextBoolean() ? "" : ":h5:h5");
            case 3 -> "a:" + host + ":" + host + ":" + metric;
            default -> "a:" + host + ":" + metric;
        };
        return SeriesKey.of(deep(path), tags);
    }

    /** A path of the first GoShare's door, where they may be of any depth. */
    private static Path deep(String path) {
        return Path.classic(path.getBytes(StandardCharsets.UTF_8));
    }

    private void register(int count) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < count; i++) {
            SeriesKey key = key();
            live.add(key);
            batch.add(key, START, Value.of(1L));
        }
        store.write(batch.build());
    }

    private void drop(String selector) {
        SeriesFilter filter = filter(selector);
        store.commit(store.series.drop(filter));
        live.removeIf(filter::matches);
    }

    private static SeriesFilter filter(String selector) {
        return new SelectorFilter(Selector.parse(selector));
    }

    private List<SeriesKey> found(SeriesFilter filter) {
        List<SeriesKey> found = new ArrayList<>();
        try (SeriesView view = store.series.view(filter, new TimeRange(0, 0))) {
            for (int i = 0; i < view.size(); i++) {
                found.add(view.series(i).key());
            }
        }
        return found;
    }

    private void check(String when) {
        for (String selector : SELECTORS) {
            SeriesFilter filter = filter(selector);
            List<SeriesKey> expected = live.stream().filter(filter::matches).toList();

            assertThat(found(filter)).as(selector + " " + when).isEqualTo(expected);
            assertThat(store.series.resolve(filter).getCardinality())
                    .as(selector + " " + when)
                    .isEqualTo(expected.size());
        }
    }

    @Test
    void selectionsFindWhatMatchesInTheTailInPlaceAndAfterRestarts() {
        for (int round = 0; round < 8; round++) {
            register(round % 3 == 0 ? 1200 : 50);
            check("before checkpoint " + round);
            store.series.checkpoint();
            check("after checkpoint " + round);
            drop("a:*:cpux{rack=\"" + round % 10 + "\"}");
            check("after a drop " + round);
            if (round % 4 == 1) {
                store.crash();
                check("after a crash " + round);
            }
        }
        store.series.checkpoint();
        store.reopen();
        check("at the end");
    }

    @Test
    void aTagWithAsManyValuesAsSeriesTakesAThousandRows() {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < 20_000; i++) {
            batch.add(SeriesKey.of(Path.parse("a"), Map.of("id", "v" + i)), START, Value.of(1L));
        }
        store.write(batch.build());
        store.series.checkpoint();

        assertThat(postings()).isLessThanOrEqualTo(1 + Postings.BUCKETS);
        Postings postings = new Postings(store.base);
        RoaringBitmap candidates = postings.find(List.of(NamePart.tag("id", List.of("v77"))));
        assertThat(candidates.getCardinality()).isBetween(1, 60);
        assertThat(found(filter("**{id=\"v77\"}"))).hasSize(1);
    }

    @Test
    void seriesWithTagsOfTheirOwnAreAllPosted() {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < 2500; i++) {
            batch.add(SeriesKey.of(Path.parse("x:a" + i % 3), Map.of("tag" + i, "v")), START, Value.of(1L));
        }
        store.write(batch.build());
        store.series.checkpoint();

        assertThat(found(filter("*:a1"))).hasSize(833);
        assertThat(found(filter("**{tag2400=\"v\"}"))).hasSize(1);
        assertThat(found(filter("x:a1{tag1=\"v\"}"))).hasSize(1);
    }

    private long postings() {
        return store.series.report().rows().getOrDefault("postings", 0L);
    }

    @Test
    void droppedSeriesLeaveThePostings() {
        register(3000);
        store.series.checkpoint();
        drop("**");
        store.series.checkpoint();

        assertThat(postings()).isZero();
        check("after all were dropped");
        register(3000);
        store.series.checkpoint();
        check("after they were made again");
    }

    @Test
    void whereverACheckpointEndsTheSeriesAreFound() {
        register(1000);
        store.series.checkpoint();
        for (String place : List.of("run", "postings", "catalog", "index", "trimmed")) {
            register(200);
            drop("a:*:cpux{rack=\"" + random.nextInt(10) + "\"}");
            crashAt = "checkpoint." + place;
            assertThatThrownBy(store.series::checkpoint).hasMessageContaining(place);
            crashAt = "";
            store.crash();
            check("after a crash at " + place);
            store.series.checkpoint();
            store.crash();
            check("after the next checkpoint, " + place);
        }
    }

    @Test
    void seriesOfAnOlderVersionArePostedByTheFirstCheckpoint() {
        register(3000);
        store.series.checkpoint();
        WriteBatch older = new WriteBatch();
        byte[] table = {Tables.POSTINGS};
        store.base.scan(null, table, Tables.behind(table), (key, value) -> {
            older.delete(key);
            return true;
        });
        older.delete(Tables.key(Tables.META, "postings".getBytes(StandardCharsets.UTF_8)));
        store.base.write(older);
        store.reopen();
        check("without postings");

        register(10);
        store.series.checkpoint();

        assertThat(postings()).isPositive();
        check("once posted");
        store.reopen();
        check("and opened again");
    }

    @Test
    void aSearchWhoseRunsAreMergedMeanwhileLooksAgain() {
        for (int run = 0; run < 8; run++) {
            register(20);
            store.series.checkpoint();
        }
        store.reopen();
        AtomicBoolean merged = new AtomicBoolean();
        SeriesFilter merging = new SeriesFilter() {
            @Override
            public byte[] prefix() {
                return new byte[0];
            }

            @Override
            public boolean matches(SeriesKey key) {
                return true;
            }

            /** Asked for once the search knows its runs. */
            @Override
            public List<NamePart> parts() {
                if (merged.compareAndSet(false, true)) {
                    register(20);
                    store.series.checkpoint();
                }
                return List.of();
            }
        };

        assertThat(found(merging)).containsExactlyElementsOf(live);
        assertThat(merged).isTrue();
    }

    @Test
    void aBucketIsOfTheEscapedValueAlone() {
        byte[] name = SeriesKey.of(Path.parse("a:eu:b")).encoded();
        byte[] eu = {'e', 'u'};

        assertThat(Postings.bucket(name, 2, 4))
                .isEqualTo(Postings.bucket(eu, 0, 2))
                .isEqualTo(658);
        assertThat(Postings.key(Postings.segmentLabel(100), 5, 1))
                .isEqualTo(new byte[] {'T', 's', 63, 0, 5, 0, 0, 0, 1});
        assertThat(Postings.key(Postings.tagLabel(new byte[] {'d', 'c'}), 5, 1))
                .isEqualTo(new byte[] {'T', 't', 'd', 'c', 0, 0, 5, 0, 0, 0, 1});
    }
}
