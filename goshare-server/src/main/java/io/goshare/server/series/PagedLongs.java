package io.goshare.server.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A long for each id, {@link #UNKNOWN} until set. Not safe for many threads. */
final class PagedLongs {
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int BITS = 12;
    private static final int MASK = (1 << BITS) - 1;

    private @Nullable Object[] pages = new Object[16];

    long get(int id) {
        int page = id >>> BITS;
        long[] longs = page < pages.length ? (long[]) pages[page] : null;
        return longs == null ? UNKNOWN : longs[id & MASK];
    }

    void set(int id, long value) {
        int page = id >>> BITS;
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length * 2));
        }
        long[] longs = (long[]) pages[page];
        if (longs == null) {
            longs = new long[MASK + 1];
            Arrays.fill(longs, UNKNOWN);
            pages[page] = longs;
        }
        longs[id & MASK] = value;
    }
}
