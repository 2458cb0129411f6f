package io.goshare.server.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An int for each id, 0 until set; pages of 4,096 appear when one of them is set. Not safe for many threads. */
final class PagedInts {
    private static final int BITS = 12;
    private static final int MASK = (1 << BITS) - 1;

    private @Nullable Object[] pages = new Object[16];

    int get(int id) {
        int page = id >>> BITS;
        int[] ints = page < pages.length ? (int[]) pages[page] : null;
        return ints == null ? 0 : ints[id & MASK];
    }

    void set(int id, int value) {
        int page = id >>> BITS;
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length * 2));
        }
        int[] ints = (int[]) pages[page];
        if (ints == null) {
            ints = new int[MASK + 1];
            pages[page] = ints;
        }
        ints[id & MASK] = value;
    }

    /** The least id at or above {@code from} that is not 0; -1 if there is none. */
    int next(int from) {
        for (int page = from >>> BITS; page < pages.length; page++) {
            int[] ints = (int[]) pages[page];
            for (int i = page == from >>> BITS ? from & MASK : 0; ints != null && i <= MASK; i++) {
                if (ints[i] != 0) {
                    return page << BITS | i;
                }
            }
        }
        return -1;
    }
}
