package io.goshare.server.query;

import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the windows of many series together: the clauses {@code by} and {@code reduce}. For one thread. */
final class Groups {
    private final Plan plan;
    private final Map<List<@Nullable Value>, NavigableMap<Long, List<@Nullable Value[]>>> groups =
            new LinkedHashMap<>();

    Groups(Plan plan) {
        this.plan = plan;
    }

    /** @param names how many cells of a row name its series */
    void add(SeriesKey key, List<Row> rows, int names) {
        if (rows.isEmpty()) {
            return;
        }
        NavigableMap<Long, List<@Nullable Value[]>> group =
                groups.computeIfAbsent(plan.grouping().of(key, plan.selector()), terms -> new TreeMap<>());
        for (Row row : rows) {
            group.computeIfAbsent(row.time(), time -> new ArrayList<>())
                    .add(Arrays.copyOfRange(row.cells(), names + 1, row.cells().length));
        }
    }

    /** The columns of the result; {@code windows} are those of one series, time first. */
    List<Column> columns(List<Column> windows) {
        List<Column> columns = new ArrayList<>();
        plan.grouping().columns().forEach(name -> columns.add(new Column(name, Table.Type.VALUE)));
        columns.addAll(windows);
        return columns;
    }

    /** Group by group in the order of their first series. */
    List<Row> rows() {
        Aggregate reduce = plan.reduce().orElseThrow();
        List<Row> rows = new ArrayList<>();
        groups.forEach((terms, windows) -> {
            NavigableMap<Long, List<@Nullable Value[]>> ordered =
                    plan.newestFirst() ? windows.descendingMap() : windows;
            ordered.forEach((time, series) -> {
                @Nullable
                Value[] cells =
                        new @Nullable Value[terms.size() + 1 + plan.aggregates().size()];
                for (int i = 0; i < terms.size(); i++) {
                    cells[i] = terms.get(i);
                }
                cells[terms.size()] = time == TimeRange.ALL.from() ? null : Value.of((long) time);
                for (int i = 0; i < plan.aggregates().size(); i++) {
                    cells[terms.size() + 1 + i] = reduce.of(Slice.of(column(series, i)));
                }
                rows.add(new Row(time, false, cells));
            });
        });
        return rows;
    }

    private static Columns column(List<@Nullable Value[]> series, int index) {
        List<Value> values = new ArrayList<>();
        for (@Nullable Value[] cells : series) {
            Value value = cells[index];
            if (value != null) {
                values.add(value);
            }
        }
        return Columns.of(values);
    }
}
