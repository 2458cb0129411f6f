package io.goshare.server.series;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names by id: pages of 1,024 that appear when one of them is set, and go with their last. Not safe for many threads.
 */
final class PagedNames {
    private static final int BITS = 10;
    private static final int MASK = (1 << BITS) - 1;

    /** Takes each name. */
    interface Visitor {
        void name(int id, byte[] name);
    }

    private static final class Page {
        final byte[][] names = new byte[MASK + 1][];
        int count;
    }

    private @Nullable Page[] pages = new Page[16];
    private int size;

    int size() {
        return size;
    }

    byte @Nullable [] get(int id) {
        int number = id >>> BITS;
        Page page = number < pages.length ? pages[number] : null;
        return page == null ? null : page.names[id & MASK];
    }

    /** The name of an id that has one. */
    byte[] require(int id) {
        return Objects.requireNonNull(get(id));
    }

    /** Sets the name of an id that has none. */
    void put(int id, byte[] name) {
        int number = id >>> BITS;
        if (number >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(number + 1, pages.length * 2));
        }
        Page page = pages[number];
        if (page == null) {
            page = new Page();
            pages[number] = page;
        }
        page.names[id & MASK] = name;
        page.count++;
        size++;
    }

    @SuppressWarnings("NullAway") // an element without a name is null
    void remove(int id) {
        Page page = pages[id >>> BITS];
        if (page != null && page.names[id & MASK] != null) {
            page.names[id & MASK] = null;
            size--;
            if (--page.count == 0) {
                pages[id >>> BITS] = null;
            }
        }
    }

    /** In the order of ids. */
    void forEach(Visitor visitor) {
        for (int number = 0; number < pages.length; number++) {
            Page page = pages[number];
            for (int i = 0; page != null && i <= MASK; i++) {
                byte[] name = page.names[i];
                if (name != null) {
                    visitor.name(number << BITS | i, name);
                }
            }
        }
    }
}
