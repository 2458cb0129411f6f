package io.goshare.server.history;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.query.Budget;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesFilter;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads changes from the stores, all of a path or series together. Of a series a change is a point whose value is not
 * that of the point before.
 */
final class Changes {
    private static final int LOOKS_AT_BUDGET = 1024;

    private final NamespaceStore namespace;
    private final SeriesStore series;

    Changes(NamespaceStore namespace, SeriesStore series) {
        this.namespace = namespace;
        this.series = series;
    }

    /** Changes of namespace values below {@code root} whose path passes; of each path the newest first. */
    void ofNamespace(
            Optional<Path> root, Predicate<Path> wanted, TimeRange range, Budget budget, Consumer<StateChange> each) {
        int[] seen = {0};
        boolean all;
        do {
            long look = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); // longer than any timeout
            all = namespace.changes(root, range, look, change -> {
                if (++seen[0] % LOOKS_AT_BUDGET == 0) {
                    budget.points(LOOKS_AT_BUDGET);
                }
                if (wanted.test(change.path())) {
                    each.accept(new StateChange(
                            StateChange.Face.NAMESPACE,
                            SeriesKey.of(change.path()),
                            change.time(),
                            change.old(),
                            change.value(),
                            change.revision()));
                }
                return true;
            });
            budget.time();
        } while (!all);
    }

    /** Changes of the series that match; of each series the oldest first. */
    void ofSeries(SeriesFilter filter, TimeRange range, Budget budget, Consumer<StateChange> each) {
        try (SeriesView view = series.view(filter, range)) {
            budget.series(view.size());
            for (int i = 0; i < view.size(); i++) {
                Points points = view.read(i);
                budget.points(points.count());
                if (points.count() > 0) {
                    SeriesKey key = view.series(i).key();
                    Optional<Value> entering = range.from() > TimeRange.ALL.from()
                            ? newest(view.asOf(i, range.from() - 1))
                            : Optional.empty();
                    tell(key, points, entering, each);
                }
            }
        }
    }

    static Optional<Value> newest(Points point) {
        return point.count() == 0 ? Optional.empty() : Optional.of(point.value(0));
    }

    private static void tell(SeriesKey key, Points points, Optional<Value> entering, Consumer<StateChange> each) {
        Optional<Value> held = entering;
        for (int row = 0; row < points.count(); row++) {
            if (row > 0 && isSame(points, row - 1, row)) {
                continue;
            }
            Optional<Value> value = Optional.of(points.value(row));
            if (!held.equals(value)) {
                each.accept(new StateChange(StateChange.Face.SERIES, key, points.times()[row], held, value, -1));
            }
            held = value;
        }
    }

    /** Whether two rows are the same to the bit; equal ones may differ in it. */
    private static boolean isSame(Points points, int a, int b) {
        return points.tags()[a] == points.tags()[b] && points.words()[a] == points.words()[b];
    }
}
