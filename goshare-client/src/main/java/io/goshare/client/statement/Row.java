package io.goshare.client.statement;

import io.goshare.protocol.Table;
import io.goshare.protocol.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of a reply: named cells, each a value or nothing. Immutable. */
public final class Row {
    private final Table table;
    private final @Nullable Value[] cells;

    Row(Table table, @Nullable Value[] cells) {
        this.table = table;
        this.cells = cells;
    }

    static List<Row> of(Table table) {
        List<Row> rows = new ArrayList<>(table.rows().size());
        for (@Nullable Value[] cells : table.rows()) {
            rows.add(new Row(table, cells));
        }
        return rows;
    }

    /** The names of the cells, in order. */
    public List<String> columns() {
        return table.columns().stream().map(Table.Column::name).toList();
    }

    /**
     * The cell of {@code column}; empty where there is nothing, such as the mean of an empty window.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    public Optional<Value> get(String column) {
        int index = table.column(column);
        if (index < 0) {
            throw new IllegalArgumentException("there is no column " + column + " but " + columns());
        }
        return Optional.ofNullable(cells[index]);
    }

    /**
     * The cell as a float64.
     *
     * @throws IllegalStateException if there is nothing, or no number
     */
    public double number(String column) {
        return present(column).asDouble();
    }

    /**
     * The cell as an int64.
     *
     * @throws IllegalStateException if there is nothing, or no integer
     */
    public long integer(String column) {
        Value value = present(column);
        if (value.kind() != io.goshare.protocol.model.Kind.INTEGER) {
            throw new IllegalStateException(column + " is " + value + ", no integer");
        }
        return value.word();
    }

    /** The cell as it prints; empty where there is nothing. */
    public Optional<String> text(String column) {
        return get(column).map(Value::asText);
    }

    /**
     * The cell of a column of times.
     *
     * @throws IllegalStateException if there is nothing, or no time
     */
    public Instant time(String column) {
        return Times.instant(integer(column));
    }

    /** The column {@code time}. */
    public Instant time() {
        return time("time");
    }

    /** The column {@code path}: which series the row is of, without its tags. */
    public String path() {
        return present("path").asText();
    }

    private Value present(String column) {
        return get(column).orElseThrow(() -> new IllegalStateException("there is nothing in " + column));
    }

    /** The cells by name, without those of nothing. */
    public Map<String, Value> asMap() {
        Map<String, Value> map = new LinkedHashMap<>();
        for (int i = 0; i < cells.length; i++) {
            Value cell = cells[i];
            if (cell != null) {
                map.put(table.columns().get(i).name(), cell);
            }
        }
        return map;
    }

    @Override
    public String toString() {
        return asMap().toString();
    }
}
