package io.goshare.server.series;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a series store must show: maps of maps, and the rules of retention. */
final class SeriesModel {
    private final TreeMap<SeriesKey, NavigableMap<Long, Value>> series = new TreeMap<>();
    private final Set<SeriesKey> states = new HashSet<>();
    /** Their newest point below the floor was erased; whether an older one is still there is not told. */
    private final Set<SeriesKey> unsure = new HashSet<>();

    List<RetentionRule> rules = List.of();
    long now;

    void put(SeriesKey key, long time, Value value) {
        if (!series.containsKey(key) && (value.kind() == Kind.TEXT || value.kind() == Kind.BOOLEAN)) {
            states.add(key);
        }
        series.computeIfAbsent(key, k -> new TreeMap<>()).put(time, value);
    }

    void erase(SeriesFilter filter, TimeRange range) {
        series.forEach((key, points) -> {
            if (filter.matches(key)) {
                Long last = points.lowerKey(floor(key));
                if (last != null && range.contains(last)) {
                    unsure.add(key);
                }
                points.subMap(range.from(), range.to()).clear();
            }
        });
    }

    void drop(SeriesFilter filter) {
        List<SeriesKey> dropped = find(filter);
        series.keySet().removeAll(dropped);
        dropped.forEach(states::remove);
        dropped.forEach(unsure::remove);
    }

    /** In the order of their names. */
    List<SeriesKey> find(SeriesFilter filter) {
        return new ArrayList<>(series.keySet().stream().filter(filter::matches).toList());
    }

    private long floor(SeriesKey key) {
        for (RetentionRule rule : rules) {
            if (rule.filter().matches(key)) {
                return rule.floor(now);
            }
        }
        return Long.MIN_VALUE;
    }

    private boolean keepsLast(SeriesKey key) {
        for (RetentionRule rule : rules) {
            if (rule.filter().matches(key)) {
                return rule.last() || states.contains(key);
            }
        }
        return false;
    }

    /** All that was written and not erased, below the floor too. */
    NavigableMap<Long, Value> points(SeriesKey key) {
        return series.getOrDefault(key, new TreeMap<>());
    }

    SortedMap<Long, Value> read(SeriesKey key, TimeRange range) {
        long from = Math.max(range.from(), floor(key));
        return from >= range.to() ? new TreeMap<>() : points(key).subMap(from, range.to());
    }

    /** Whether {@link #asOf} can tell. */
    boolean isSure(SeriesKey key, long time) {
        Long newest = points(key).floorKey(time);
        return !unsure.contains(key) || newest != null && newest >= floor(key);
    }

    SortedMap<Long, Value> asOf(SeriesKey key, long time) {
        NavigableMap<Long, Value> points = points(key);
        SortedMap<Long, Value> found = new TreeMap<>();
        Long newest = points.floorKey(time);
        if (newest != null && (newest >= floor(key) || keepsLast(key) && newest.equals(points.lowerKey(floor(key))))) {
            found.put(newest, points.get(newest));
        }
        return found;
    }
}
