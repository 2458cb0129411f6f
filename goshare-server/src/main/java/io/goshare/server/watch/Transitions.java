package io.goshare.server.watch;

import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What each series held last, so that a write that changes it can be told from one that does not. */
final class Transitions {
    /** The newest point of a series. */
    record Last(long time, Value value) {}

    private final Map<Integer, Last> lasts = new HashMap<>();

    void known(int id, long time, Value value) {
        lasts.put(id, new Last(time, value));
    }

    /** What a point changed; null if nothing. */
    @Nullable
    Happening point(int id, SeriesKey key, long time, Value value) {
        Last last = lasts.get(id);
        if (last != null && time <= last.time) {
            boolean same = time == last.time && value.equals(last.value);
            if (time == last.time) {
                lasts.put(id, new Last(time, value));
            }
            return same
                    ? null
                    : new Happening(Happening.What.LATE, true, key, time, Optional.empty(), Optional.of(value));
        }
        lasts.put(id, new Last(time, value));
        return last != null && last.value.equals(value)
                ? null
                : new Happening(
                        Happening.What.POINT,
                        true,
                        key,
                        time,
                        Optional.ofNullable(last).map(Last::value),
                        Optional.of(value));
    }

    void erased(int id, TimeRange range) {
        Last last = lasts.get(id);
        if (last != null && range.contains(last.time)) {
            lasts.remove(id);
        }
    }

    void dropped(int id) {
        lasts.remove(id);
    }
}
