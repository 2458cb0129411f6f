package io.goshare.server.series;

import io.goshare.server.engine.StorageEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The last time of each series' newest chunk, where a seal, a merge or a seek has told it since the start. For the
 * checkpoint's thread.
 */
final class ChunkEnds {
    private final Presence presence;
    private final Periods periods;
    private final PagedLongs ends = new PagedLongs();
    /** Chunks put in this period since {@link #begin}: some may stand in a batch that is not written yet. */
    private final Map<Integer, Long> put = new HashMap<>();

    ChunkEnds(Periods periods, Presence presence) {
        this.periods = periods;
        this.presence = presence;
    }

    /** Begins with another period. */
    void begin() {
        put.clear();
    }

    /** A time that no chunk of {@code id} in {@code period} reaches beyond; the least time if it has none. */
    long newest(int id, Period period, StorageEngine engine, ChunkReader reader) {
        long known = ends.get(id);
        if (known != PagedLongs.UNKNOWN) {
            return known;
        }
        Long waiting = put.get(id);
        if (waiting != null) {
            return waiting;
        }
        long[] newest = {Long.MIN_VALUE};
        engine.scan(
                null, RowKey.before(RowKey.CHUNK, id, period.to()), RowKey.behind(RowKey.CHUNK, id), (key, value) -> {
                    newest[0] =
                            ChunkValue.header(value, RowKey.decode(key).first()).last();
                    return false;
                });
        return newest[0];
    }

    /** Notes a chunk of {@code id} that ends at {@code last} and need not be its newest. */
    void raise(int id, long last) {
        long known = ends.get(id);
        if (known != PagedLongs.UNKNOWN) {
            ends.set(id, Math.max(known, last));
        }
    }

    /** Notes the newest chunk of {@code id} in {@code period}, which ends at {@code last}. */
    void put(int id, Period period, long last) {
        long known = ends.get(id);
        if (known != PagedLongs.UNKNOWN) {
            ends.set(id, Math.max(known, last));
        } else if (isNewestOf(id, period)) {
            ends.set(id, last);
        } else {
            put.put(id, last);
        }
    }

    private boolean isNewestOf(int id, Period period) {
        List<Period> all = periods.all();
        for (int i = all.size() - 1; i >= 0 && all.get(i).from() > period.from(); i--) {
            if (presence.contains(all.get(i), id)) {
                return false;
            }
        }
        return true;
    }
}
