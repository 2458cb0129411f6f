package io.goshare.server.watch;

import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.series.Points;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What each series held last, so that a write that changes it can be told from one that does not. */
final class Transitions {
    /** The newest point of a series. */
    private static final class Last {
        private long time;
        private @Nullable Value value;
    }

    private final Map<Integer, Last> lasts = new HashMap<>();

    void known(int id, long time, Value value) {
        Last last = lasts.computeIfAbsent(id, missing -> new Last());
        last.time = time;
        last.value = value;
    }

    /** Tells what points changed, and which came late. */
    void points(int id, Named name, Points points, Consumer<Happening> told) {
        Last last = lasts.computeIfAbsent(id, missing -> new Last());
        for (int row = 0; row < points.count(); row++) {
            boolean newer = last.value == null || points.times()[row] > last.time;
            // Equal to the bit is the common case, and needs no object.
            if (newer && row > 0 && points.times()[row - 1] == last.time && isSame(points, row)) {
                last.time = points.times()[row];
            } else {
                point(last, name, points.times()[row], points.value(row), newer, told);
            }
        }
    }

    private static boolean isSame(Points points, int row) {
        return points.tags()[row] == points.tags()[row - 1] && points.words()[row] == points.words()[row - 1];
    }

    private static void point(Last last, Named name, long time, Value value, boolean newer, Consumer<Happening> told) {
        Value before = last.value;
        boolean same = before != null && value.equals(before);
        if (newer) {
            last.time = time;
            last.value = value;
            if (!same) {
                told.accept(new Happening(
                        Happening.What.POINT, name, time, Optional.ofNullable(before), Optional.of(value)));
            }
        } else {
            if (time == last.time) {
                last.value = value;
            }
            if (time < last.time || !same) {
                told.accept(new Happening(Happening.What.LATE, name, time, Optional.empty(), Optional.of(value)));
            }
        }
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
