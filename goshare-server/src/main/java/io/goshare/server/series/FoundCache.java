package io.goshare.server.series;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What filters found lately: a dashboard asks the same again and again. A result stays of use until a series is
 * dropped; of the series that came since, up to {@link #MOST_ADDED}, it is only to be judged whether they match. Holds
 * {@link #MOST_FILTERS} results and {@link #MOST_SERIES} series in all, some 500 bytes each. Guarded by the catalog.
 */
final class FoundCache {
    static final int MOST_FILTERS = 256;
    static final int MOST_SERIES = 32_768;
    static final int MOST_ADDED = 32_768;

    /**
     * A moment of the catalog.
     *
     * @param drops how often series had been dropped
     * @param added how many had been added
     */
    record Moment(long drops, long added) {}

    /**
     * What a filter found.
     *
     * @param newer ids of series that came since
     */
    record Known(Found found, int[] newer) {}

    private record Entry(Moment moment, Found found) {}

    private final Map<SeriesFilter, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private final int[] newest = new int[MOST_ADDED];
    private int series;
    private long drops;
    private long added;

    /** Takes note of a new series. */
    void added(int id) {
        newest[(int) (added++ % MOST_ADDED)] = id;
    }

    /** Lets nothing that was found before be found again. */
    void dropped() {
        drops++;
    }

    /** What {@link #put} is to be told of what is looked up from now on. */
    Moment now() {
        return new Moment(drops, added);
    }

    Optional<Known> get(SeriesFilter filter) {
        Entry entry = entries.get(filter);
        if (entry == null || entry.moment.drops != drops || added - entry.moment.added > MOST_ADDED) {
            return Optional.empty();
        }
        int[] newer = new int[(int) (added - entry.moment.added)];
        for (int i = 0; i < newer.length; i++) {
            newer[i] = newest[(int) ((entry.moment.added + i) % MOST_ADDED)];
        }
        return Optional.of(new Known(entry.found, newer));
    }

    /** Keeps what was found, unless a series was dropped since or it is more than there is room for. */
    void put(SeriesFilter filter, Found found, Moment lookedUpAt) {
        if (lookedUpAt.drops != drops || found.size() > MOST_SERIES) {
            return;
        }
        Entry before = entries.put(filter, new Entry(lookedUpAt, found));
        series += found.size() - (before == null ? 0 : before.found.size());
        Iterator<Entry> eldest = entries.values().iterator();
        while (series > MOST_SERIES || entries.size() > MOST_FILTERS) {
            series -= eldest.next().found.size();
            eldest.remove();
        }
    }
}
