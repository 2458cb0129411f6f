package io.goshare.server.query;

import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.TimeRange;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Series beside those asked for, found by the segments that both capture. Open until closed; for one thread. */
final class Bound implements AutoCloseable {
    private static final int[] NONE = {};

    private final List<String> labels;
    private final SeriesReader.View view;
    private final Map<List<String>, int[]> groups;

    private Bound(List<String> labels, SeriesReader.View view, Map<List<String>, int[]> groups) {
        this.labels = labels;
        this.view = view;
        this.groups = groups;
    }

    static Bound open(SeriesReader reader, Selector selector, TimeRange range, Budget budget) {
        SeriesReader.View view = reader.view(selector, range);
        try {
            budget.series(view.size());
            List<String> labels = selector.labels().stream().sorted().toList();
            Map<List<String>, IntStream.Builder> found = new LinkedHashMap<>();
            for (int i = 0; i < view.size() && !labels.isEmpty(); i++) {
                found.computeIfAbsent(
                                List.copyOf(selector.capture(view.key(i)).values()), values -> IntStream.builder())
                        .add(i);
            }
            Map<List<String>, int[]> groups = new LinkedHashMap<>();
            found.forEach(
                    (values, indices) -> groups.put(values, indices.build().toArray()));
            return new Bound(labels, view, groups);
        } catch (RuntimeException e) {
            view.close();
            throw e;
        }
    }

    /** What its selector captures, in the order of the alphabet. */
    List<String> labels() {
        return labels;
    }

    Collection<List<String>> bindings() {
        return groups.keySet();
    }

    /** All series. */
    int[] all() {
        return IntStream.range(0, view.size()).toArray();
    }

    /** Those whose captured segments are those of {@code captured}; all, if nothing is captured. */
    int[] of(Map<String, String> captured) {
        return labels.isEmpty()
                ? all()
                : groups.getOrDefault(labels.stream().map(captured::get).toList(), NONE);
    }

    SeriesReader.View view() {
        return view;
    }

    /** The points of {@code range}, before them the one that holds as it begins. */
    Columns points(int index, TimeRange range, Budget budget) {
        if (range.isEmpty()) {
            return Columns.NONE;
        }
        Columns head = range.from() <= TimeRange.ALL.from() ? Columns.NONE : view.asOf(index, range.from() - 1);
        Columns points = view.read(index, range).after(head);
        budget.points(points);
        return points;
    }

    /** The runs in {@code range}, as if all of it were known. */
    SeriesReader.States states(int index, TimeRange range, Budget budget) {
        return view.states(index, points(index, range, budget), range, Long.MAX_VALUE);
    }

    @Override
    public void close() {
        view.close();
    }
}
