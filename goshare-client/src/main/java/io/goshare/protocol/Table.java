package io.goshare.protocol;

import io.goshare.protocol.model.Value;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
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

    /** Cells of a block of rows, about. */
    private static final int BLOCK = 1 << 14;

    private final List<Column> columns;
    private final List<Cells> blocks = new ArrayList<>();

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
    public Table add(@Nullable Value... row) {
        if (row.length != columns.size()) {
            throw new IllegalArgumentException(row.length + " cells for " + columns.size() + " columns");
        }
        block(1).putRow(row);
        return this;
    }

    /** Adds rows {@code [from, to)} of {@code rows}, which are as wide as this. */
    public Table add(Cells rows, int from, int to) {
        if (to > from) {
            block(to - from).put(rows, from, to);
        }
        return this;
    }

    /** Where {@code rows} more rows go. */
    private Cells block(int rows) {
        int width = columns.size();
        if (blocks.isEmpty() || blocks.get(blocks.size() - 1).rows() * (long) width >= BLOCK) {
            blocks.add(new Cells(width, blocks.isEmpty() ? rows : Math.max(rows, BLOCK / Math.max(1, width))));
        }
        return blocks.get(blocks.size() - 1);
    }

    public List<Column> columns() {
        return columns;
    }

    /** How many rows there are. */
    public int size() {
        int rows = 0;
        for (Cells block : blocks) {
            rows += block.rows();
        }
        return rows;
    }

    /** The rows in their order, in blocks that are not to be changed. */
    public List<Cells> blocks() {
        return Collections.unmodifiableList(blocks);
    }

    /** The rows; each look at one makes its array and its numbers anew. */
    public List<@Nullable Value[]> rows() {
        return new Rows(blocks);
    }

    private static final class Rows extends AbstractList<@Nullable Value[]> implements RandomAccess {
        private final List<Cells> blocks;
        /** How many rows there are up to the end of each block. */
        private final int[] ends;

        Rows(List<Cells> blocks) {
            this.blocks = blocks;
            this.ends = new int[blocks.size()];
            for (int i = 0; i < ends.length; i++) {
                ends[i] = (i == 0 ? 0 : ends[i - 1]) + blocks.get(i).rows();
            }
        }

        @Override
        public @Nullable Value[] get(int row) {
            int found = Arrays.binarySearch(ends, Objects.checkIndex(row, size()) + 1);
            int block = found < 0 ? -found - 1 : found;
            return blocks.get(block).row(block == 0 ? row : row - ends[block - 1]);
        }

        @Override
        public int size() {
            return ends.length == 0 ? 0 : ends[ends.length - 1];
        }
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
