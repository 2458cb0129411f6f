package io.goshare.server.query;

import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Value;
import io.goshare.server.keyvalue.PageRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    /** Adds what is due of the rows of a series, of which {@code name} tells the encoded key. */
    void add(Supplier<byte[]> name, List<Row> rows) {
        long skip = after.filter(cursor -> Arrays.equals(cursor.name(), name.get()))
                .map(Cursor::place)
                .orElse(0L);
        for (int i = (int) Math.min(Math.max(skip, 0), rows.size()); i < rows.size(); i++) {
            if (passOver > 0) {
                passOver--;
                continue;
            }
            if (!room.hasRoom()) {
                next = Optional.of(new Cursor(hash.getAsInt(), now, i, name.get()));
                return;
            }
            @Nullable Value[] cells = rows.get(i).cells();
            table.add(cells);
            room.take(bytes(cells));
        }
    }

    private static long bytes(@Nullable Value[] cells) {
        long bytes = 0;
        for (Value cell : cells) {
            bytes += CELL + (cell == null ? 0 : cell.bytes().length);
        }
        return bytes;
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
