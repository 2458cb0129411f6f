package io.goshare.protocol;

import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of named columns. A cell is a value or null, which is "nothing there". Read-only once handed over. */
public final class Table {
    /** What the cells of a column mean, beside their value's own type. */
    public enum Type {
        VALUE,
        /** int64 nanoseconds since 1970; formats for people may print it as RFC 3339. */
        TIME
    }

    /** A column's name and meaning. */
    public record Column(String name, Type type) {}

    private final List<Column> columns;
    private final List<@Nullable Value[]> rows = new ArrayList<>();

    private Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** A table whose columns are named {@code time}, {@code from}, {@code to} or end in {@code _time} for times. */
    public static Table of(String... names) {
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            columns.add(new Column(name, isTime(name) ? Type.TIME : Type.VALUE));
        }
        return new Table(columns);
    }

    public static Table of(List<Column> columns) {
        return new Table(columns);
    }

    private static boolean isTime(String name) {
        return name.equals("time") || name.equals("from") || name.equals("to") || name.endsWith("_time");
    }

    /** Adds a row of as many cells as there are columns. */
    public Table add(@Nullable Value... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(cells);
        return this;
    }

    public List<Column> columns() {
        return columns;
    }

    public List<@Nullable Value[]> rows() {
        return rows;
    }

    /** The index of a column, or -1. */
    public int column(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
