package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Path;
import io.goshare.server.series.Catalog.Named;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoundCacheTest {
    private final FoundCache cache = new FoundCache();

    private static SeriesFilter filter(String path) {
        return SeriesFilter.subtree(Path.parse(path));
    }

    private static Found found(int series) {
        List<Named> named = new ArrayList<>();
        for (int id = 1; id <= series; id++) {
            named.add(new Named(OpenStore.key("a:" + id).encoded(), id));
        }
        return new Found(named);
    }

    private static Named series(int id) {
        return new Named(OpenStore.key("a:" + id).encoded(), id);
    }

    @Test
    void whatAnEqualFilterFoundIsFoundUntilASeriesIsDropped() {
        Found found = found(3);
        cache.put(filter("a"), found, cache.now());

        assertThat(cache.get(filter("a")).orElseThrow().found()).isSameAs(found);
        assertThat(cache.get(filter("a")).orElseThrow().newer()).isEmpty();
        assertThat(cache.get(filter("b"))).isEmpty();
        cache.dropped();
        assertThat(cache.get(filter("a"))).isEmpty();
    }

    @Test
    void whatWasLookedUpBeforeADropIsNotKept() {
        FoundCache.Moment moment = cache.now();
        cache.dropped();
        cache.put(filter("a"), found(3), moment);

        assertThat(cache.get(filter("a"))).isEmpty();
    }

    @Test
    void seriesThatCameSinceAreTold() {
        cache.added(7);
        cache.put(filter("a"), found(3), cache.now());
        cache.added(8);
        cache.added(5);

        assertThat(cache.get(filter("a")).orElseThrow().newer()).containsExactly(8, 5);
        for (int i = 2; i < FoundCache.MOST_ADDED; i++) {
            cache.added(100 + i);
        }
        assertThat(cache.get(filter("a")).orElseThrow().newer())
                .hasSize(FoundCache.MOST_ADDED)
                .startsWith(8, 5, 102);
        cache.added(9);
        assertThat(cache.get(filter("a"))).isEmpty();
    }

    @Test
    void moreSeriesStandInTheOrderOfNamesAndOnce() {
        Found found = found(3).with(List.of(series(2), series(11), series(12)));

        assertThat(List.of(found.id(0), found.id(1), found.id(2), found.id(3), found.id(4)))
                .containsExactly(1, 11, 12, 2, 3);
        assertThat(found.size()).isEqualTo(5);
        assertThat(found.ids().toArray()).containsExactly(1, 2, 3, 11, 12);
        assertThat(found.key(1)).isEqualTo(OpenStore.key("a:11"));
    }

    @Test
    void theResultsUsedLongestAgoMakeRoom() {
        cache.put(filter("first"), found(1), cache.now());
        cache.put(filter("second"), found(1), cache.now());
        for (int i = 0; i < FoundCache.MOST_FILTERS - 2; i++) {
            cache.put(filter("more:" + i), found(1), cache.now());
        }
        assertThat(cache.get(filter("first"))).isPresent();
        cache.put(filter("one more"), found(1), cache.now());

        assertThat(cache.get(filter("first"))).isPresent();
        assertThat(cache.get(filter("second"))).isEmpty();
    }

    @Test
    void seriesAreBoundedToo() {
        cache.put(filter("a"), found(FoundCache.MOST_SERIES + 1), cache.now());
        assertThat(cache.get(filter("a"))).isEmpty();
        cache.put(filter("a"), found(FoundCache.MOST_SERIES - 1), cache.now());
        cache.put(filter("a"), found(FoundCache.MOST_SERIES - 1), cache.now());
        cache.put(filter("b"), found(1), cache.now());
        assertThat(cache.get(filter("a"))).isPresent();
        cache.put(filter("c"), found(1), cache.now());

        assertThat(cache.get(filter("b"))).isEmpty();
        assertThat(cache.get(filter("c"))).isPresent();
    }
}
