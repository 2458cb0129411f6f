package io.goshare.server.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;

/** Of many the first ones in an order, as many as fit a page: rows at most, bytes at most, one always. */
final class Best<T> {
    private static final long MAX_BYTES = 8 << 20;

    private final int rows;
    private final Comparator<T> order;
    private final ToLongFunction<T> size;
    private final PriorityQueue<T> kept;
    private long bytes;
    private boolean more;

    Best(int rows, Comparator<T> order, ToLongFunction<T> size) {
        this.rows = rows;
        this.order = order;
        this.size = size;
        this.kept = new PriorityQueue<>(order.reversed());
    }

    void add(T candidate) {
        if (more && order.compare(candidate, kept.element()) > 0) {
            return;
        }
        kept.add(candidate);
        bytes += size.applyAsLong(candidate);
        while (kept.size() > 1 && (kept.size() > rows || bytes > MAX_BYTES)) {
            bytes -= size.applyAsLong(kept.remove());
            more = true;
        }
    }

    /** Whether some did not fit. */
    boolean hasMore() {
        return more;
    }

    List<T> sorted() {
        List<T> out = new ArrayList<>(kept);
        out.sort(order);
        return out;
    }
}
