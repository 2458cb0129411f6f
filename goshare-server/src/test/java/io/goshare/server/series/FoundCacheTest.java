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

    @Test
    void whatAnEqualFilterFoundIsFoundUntilSomethingChanges() {
        Found found = found(3);
        cache.put(filter("a"), found, cache.version());

        assertThat(cache.get(filter("a"))).containsSame(found);
        assertThat(cache.get(filter("b"))).isEmpty();
        cache.changed();
        assertThat(cache.get(filter("a"))).isEmpty();
    }

    @Test
    void whatWasLookedUpBeforeAChangeIsNotKept() {
        long version = cache.version();
        cache.changed();
        cache.put(filter("a"), found(3), version);

        assertThat(cache.get(filter("a"))).isEmpty();
    }

    @Test
    void theResultsUsedLongestAgoMakeRoom() {
        cache.put(filter("first"), found(1), cache.version());
        cache.put(filter("second"), found(1), cache.version());
        for (int i = 0; i < FoundCache.MOST_FILTERS - 2; i++) {
            cache.put(filter("more:" + i), found(1), cache.version());
        }
        assertThat(cache.get(filter("first"))).isPresent();
        cache.put(filter("one more"), found(1), cache.version());

        assertThat(cache.get(filter("first"))).isPresent();
        assertThat(cache.get(filter("second"))).isEmpty();
    }

    @Test
    void seriesAreBoundedToo() {
        cache.put(filter("a"), found(FoundCache.MOST_SERIES + 1), cache.version());
        assertThat(cache.get(filter("a"))).isEmpty();
        cache.put(filter("a"), found(FoundCache.MOST_SERIES - 1), cache.version());
        cache.put(filter("a"), found(FoundCache.MOST_SERIES - 1), cache.version());
        cache.put(filter("b"), found(1), cache.version());
        assertThat(cache.get(filter("a"))).isPresent();
        cache.put(filter("c"), found(1), cache.version());

        assertThat(cache.get(filter("b"))).isEmpty();
        assertThat(cache.get(filter("c"))).isPresent();
    }
}
