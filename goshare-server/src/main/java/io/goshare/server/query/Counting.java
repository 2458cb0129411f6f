package io.goshare.server.query;

import io.goshare.protocol.model.Value;
import io.goshare.server.series.ChunkSummary;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Aggregates of values of any type. */
final class Counting {
    private Counting() {}

    static @Nullable Value first(Slice slice) {
        ChunkSummary summary = slice.firstSummary();
        return summary != null ? summary.firstValue() : slice.hasPoints() ? slice.points.value(slice.first) : null;
    }

    static @Nullable Value last(Slice slice) {
        ChunkSummary summary = slice.lastSummary();
        return summary != null ? summary.lastValue() : slice.hasPoints() ? slice.points.value(slice.end - 1) : null;
    }

    static @Nullable Value firstTime(Slice slice) {
        ChunkSummary summary = slice.firstSummary();
        return summary != null
                ? Value.of(summary.first())
                : slice.hasPoints() ? Value.of(slice.points.times()[slice.first]) : null;
    }

    static @Nullable Value lastTime(Slice slice) {
        ChunkSummary summary = slice.lastSummary();
        return summary != null
                ? Value.of(summary.last())
                : slice.hasPoints() ? Value.of(slice.points.times()[slice.end - 1]) : null;
    }

    /** The different values as one text, in the order they came, with commas between. */
    static @Nullable Value distinct(Slice slice) {
        return slice.hasPoints()
                ? Value.of(values(slice).stream().map(Value::asText).collect(Collectors.joining(",")))
                : null;
    }

    static Value distinctCount(Slice slice) {
        return Value.of((long) values(slice).size());
    }

    private static Set<Value> values(Slice slice) {
        Set<Value> values = new LinkedHashSet<>();
        for (int i = slice.first; i < slice.end; i++) {
            if (i == slice.first || !slice.points.same(i - 1, i)) {
                values.add(slice.points.value(i));
            }
        }
        return values;
    }

    /** The value that held longest for states, the one that came most often for all else; of equals the earliest. */
    static @Nullable Value mode(Slice slice) {
        Map<Value, long[]> weights = new LinkedHashMap<>();
        if (slice.isState) {
            for (int run = slice.firstRun();
                    run < slice.runs.count() && slice.runs.from()[run] < slice.to;
                    run++) {
                if (slice.runs.isKnown(run) && slice.passes(run)) {
                    weights.computeIfAbsent(slice.state(run), value -> new long[1])[0] +=
                            slice.runs.within(run, slice.from, slice.to);
                }
            }
        } else {
            for (int i = slice.first; i < slice.end; i++) {
                weights.computeIfAbsent(slice.points.value(i), value -> new long[1])[0]++;
            }
        }
        Value best = null;
        long most = 0;
        for (Map.Entry<Value, long[]> entry : weights.entrySet()) {
            if (entry.getValue()[0] > most) {
                most = entry.getValue()[0];
                best = entry.getKey();
            }
        }
        return best;
    }
}
