package io.goshare.server.query;

import io.goshare.protocol.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of one series, oldest first, before they are ordered and paged. For one thread. */
final class Rows {
    private final Cells cells;
    private long[] times;
    private boolean[] empty;

    /**
     * @param width cells of a row
     * @param room rows that there is room for at first
     */
    Rows(int width, int room) {
        cells = new Cells(width, room);
        times = new long[room];
        empty = new boolean[room];
    }

    static Rows of(int width, List<Row> rows) {
        Rows all = new Rows(width, rows.size());
        rows.forEach(row -> all.begin(row.time(), row.empty()).putRow(row.cells()));
        return all;
    }

    /** Begins a row: its cells are to be put next. */
    Cells begin(long time, boolean isEmpty) {
        int row = cells.rows();
        if (row == times.length) {
            times = Arrays.copyOf(times, Math.max(16, row * 2));
            empty = Arrays.copyOf(empty, times.length);
        }
        times[row] = time;
        empty[row] = isEmpty;
        return cells;
    }

    Cells cells() {
        return cells;
    }

    int count() {
        return cells.rows();
    }

    /** The rows as objects, for what fills, joins or orders them. */
    List<Row> list() {
        List<Row> rows = new ArrayList<>(count());
        for (int i = 0; i < count(); i++) {
            rows.add(new Row(times[i], empty[i], cells.row(i)));
        }
        return rows;
    }
}
