package io.goshare.server.query;

import io.goshare.protocol.Cells;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.server.keyvalue.PageRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Rows of one page: those behind the cursor, at most as many as the limit and as fit {@link PageRequest#MAX_BYTES}. For
 * one thread.
 */
final class Page {
    private static final int CELL = Long.BYTES;

    private final Table table;
    private final PageRequest.Meter room;
    private final Optional<Cursor> after;
    private final long now;
    private final IntSupplier hash;
    private Optional<Cursor> next = Optional.empty();
    private long passOver;

    /**
     * @param offset rows passed over, on the first page only
     * @param hash tells {@link Cursor#hash}
     */
    Page(Table table, long limit, long offset, Optional<Cursor> after, long now, IntSupplier hash) {
        this.table = table;
        this.room = PageRequest.of(Math.toIntExact(limit)).meter();
        this.after = after;
        this.now = now;
        this.hash = hash;
        this.passOver = after.isPresent() ? 0 : offset;
    }

    /** The series to go on with. */
    int firstSeries(SeriesReader.View view) {
        return firstSeries(view, after);
    }

    static int firstSeries(SeriesReader.View view, Optional<Cursor> after) {
        int low = 0;
        int high = after.isEmpty() ? 0 : view.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(
                            view.key(middle).encoded(), after.orElseThrow().name())
                    < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether there is room. */
    boolean isOpen() {
        return next.isEmpty();
    }

    /** Adds what is due of rows that belong to no one series. */
    void add(List<Row> rows) {
        Cells cells = new Cells(table.columns().size(), rows.size());
        rows.forEach(row -> cells.putRow(row.cells()));
        add(() -> new byte[0], cells, false);
    }

    /**
     * Adds what is due of the rows of a series.
     *
     * @param name tells the series' encoded key
     * @param backwards whether the last row comes first
     */
    void add(Supplier<byte[]> name, Cells rows, boolean backwards) {
        int count = rows.rows();
        long skip = after.filter(cursor -> Arrays.equals(cursor.name(), name.get()))
                .map(Cursor::place)
                .orElse(0L);
        long first = Math.min(count, Math.max(skip, 0));
        long passed = Math.min(passOver, count - first);
        passOver -= passed;
        int begin = (int) (first + passed);
        int end = begin;
        for (; end < count && room.hasRoom(); end++) {
            int row = backwards ? count - 1 - end : end;
            room.take((long) CELL * rows.width() + rows.textBytes(row));
            if (backwards) {
                table.add(rows.row(row));
            }
        }
        if (!backwards) {
            table.add(rows, begin, end);
        }
        if (end < count) {
            next = Optional.of(new Cursor(hash.getAsInt(), now, end, name.get()));
        }
    }

    Answer answer() {
        return new Answer(Reply.of(table), next);
    }

    /** What one page tells. */
    record Answer(Reply reply, Optional<Cursor> next) {
        Reply noted() {
            return next.map(cursor -> reply.with("cursor", cursor)).orElse(reply);
        }
    }
}
