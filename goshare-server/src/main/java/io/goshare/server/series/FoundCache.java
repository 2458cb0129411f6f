package io.goshare.server.series;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What filters found lately, of use until a series comes or goes: a dashboard asks the same again and again. Holds
 * {@link #MOST_FILTERS} results and {@link #MOST_SERIES} series in all, some 500 bytes each. Guarded by the catalog.
 */
final class FoundCache {
    static final int MOST_FILTERS = 256;
    static final int MOST_SERIES = 32_768;

    private record Entry(long version, Found found) {}

    private final Map<SeriesFilter, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private int series;
    private long version;

    /** Lets nothing that was found before be found again. */
    void changed() {
        version++;
    }

    /** What {@link #put} is to be told of what is looked up from now on. */
    long version() {
        return version;
    }

    Optional<Found> get(SeriesFilter filter) {
        Entry entry = entries.get(filter);
        return entry == null || entry.version != version ? Optional.empty() : Optional.of(entry.found);
    }

    /** Keeps what was found, unless something changed since {@code lookedUpAt} or it is more than there is room for. */
    void put(SeriesFilter filter, Found found, long lookedUpAt) {
        if (lookedUpAt != version || found.size() > MOST_SERIES) {
            return;
        }
        Entry before = entries.put(filter, new Entry(version, found));
        series += found.size() - (before == null ? 0 : before.found.size());
        Iterator<Entry> eldest = entries.values().iterator();
        while (series > MOST_SERIES || entries.size() > MOST_FILTERS) {
            series -= eldest.next().found.size();
            eldest.remove();
        }
    }
}
