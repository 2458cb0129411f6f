package io.goshare.server.query;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** Series in maps: points may come late and twice, the last one wins. For tests; for one thread. */
final class MemorySeries implements SeriesReader {
    final TreeMap<SeriesKey, TreeMap<Long, Value>> points = new TreeMap<>();
    final Map<SeriesKey, Long> staleAfter = new HashMap<>();
    int open;

    MemorySeries put(SeriesKey key, long time, Value value) {
        points.computeIfAbsent(key, name -> new TreeMap<>()).put(time, value);
        return this;
    }

    boolean isState(SeriesKey key) {
        return points.get(key).values().stream()
                .findFirst()
                .filter(value -> !value.kind().isNumber())
                .isPresent();
    }

    long stale(SeriesKey key) {
        return staleAfter.getOrDefault(key, Long.MAX_VALUE);
    }

    @Override
    public View view(Selector selector, TimeRange range) {
        List<SeriesKey> found =
                points.keySet().stream().filter(selector::matches).toList();
        open++;
        return new View() {
            @Override
            public int size() {
                return found.size();
            }

            @Override
            public SeriesKey key(int index) {
                return found.get(index);
            }

            @Override
            public boolean isState(int index) {
                return MemorySeries.this.isState(found.get(index));
            }

            @Override
            public long staleAfter(int index) {
                return stale(found.get(index));
            }

            @Override
            public Columns read(int index, TimeRange part) {
                if (part.from() < range.from() || part.to() > range.to()) {
                    throw new IllegalArgumentException(part + " is not inside " + range);
                }
                return columns(points.get(found.get(index)).subMap(part.from(), part.to()));
            }

            /** Half as many as are asked for, so that more has to be asked for. */
            @Override
            public TimeRange part(int index, TimeRange whole, long most, boolean atEnd) {
                NavigableMap<Long, Value> rows =
                        points.get(found.get(index)).subMap(whole.from(), true, whole.to(), false);
                List<Long> times = new ArrayList<>((atEnd ? rows.descendingMap() : rows).keySet());
                int last = (int) Math.min(most / 2, Integer.MAX_VALUE);
                if (last >= times.size()) {
                    return whole;
                }
                return atEnd
                        ? new TimeRange(times.get(last), whole.to())
                        : new TimeRange(whole.from(), times.get(last) + 1);
            }

            @Override
            public Columns asOf(int index, long time) {
                NavigableMap<Long, Value> before = points.get(found.get(index)).headMap(time, true);
                return before.isEmpty() ? Columns.NONE : columns(before.tailMap(before.lastKey()));
            }

            @Override
            public long heldBytes() {
                return found.size();
            }

            @Override
            public View fork() {
                return this;
            }

            @Override
            public void close() {
                open--;
            }
        };
    }

    private static Columns columns(SortedMap<Long, Value> rows) {
        PointBatch.Builder all = new PointBatch.Builder();
        rows.forEach((time, value) -> all.add(0, time, value));
        PointBatch batch = all.build();
        return new Columns(batch.rows(), batch.times(), batch.tags(), batch.words(), batch.heap());
    }
}
