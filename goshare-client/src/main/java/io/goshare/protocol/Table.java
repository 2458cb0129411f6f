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

    /** Cells of a block that is filled here, about. */
    private static final int BLOCK = 1 << 14;

    /** Cells from which on rows stay in the block they come in. */
    private static final int LARGE = 256;

    private final List<Column> columns;
    private final List<Cells> blocks = new ArrayList<>();
    private @Nullable Cells filling; // the last block, if more may be put there
    private int size;

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
        filling(1).putRow(row);
        size++;
        return this;
    }

    /**
     * Adds rows {@code [from, to)} of {@code rows}, which are as wide as this, and to which nothing is put any more.
     */
    public Table add(Cells rows, int from, int to) {
        if (to - from == rows.rows() && (long) rows.rows() * rows.width() >= LARGE) {
            blocks.add(rows);
            filling = null;
        } else if (to > from) {
            filling(to - from).put(rows, from, to);
        }
        size += to - from;
        return this;
    }

    /** The block that {@code rows} more rows go to. */
    private Cells filling(int rows) {
        Cells block = filling;
        int width = columns.size();
        if (block == null || (long) block.rows() * width >= BLOCK) {
            block = new Cells(width, rows);
            blocks.add(block);
            filling = block;
        }
        return block;
    }

    public List<Column> columns() {
        return columns;
    }

    /** How many rows there are. */
    public int size() {
        return size;
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
