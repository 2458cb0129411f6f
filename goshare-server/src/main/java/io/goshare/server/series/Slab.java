package io.goshare.server.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Blocks of bytes out of shared pages of 1 MiB, in sizes of powers of two from 16 bytes on; larger ones get a page of
 * their own. A block is named by page &lt;&lt; 16 | offset / 16. Not safe for many threads.
 */
final class Slab {
    private static final int PAGE = 1 << 20;
    private static final int SMALLEST = 4;
    private static final int CLASSES = 21;

    private final List<byte[]> pages = new ArrayList<>();
    private final int[][] free = new int[CLASSES][];
    private final int[] freeCount = new int[CLASSES];
    private int current = -1;
    private int used = PAGE;
    private long bytes;

    /** Bytes of all pages. */
    long bytes() {
        return bytes;
    }

    /** The size of block that {@link #allocate} gives for {@code bytes}. */
    static int sizeFor(int bytes) {
        return bytes <= 1 << SMALLEST ? 1 << SMALLEST : 1 << 32 - Integer.numberOfLeadingZeros(bytes - 1);
    }

    /** A block of {@code size} bytes, a power of two from 16 on; what it holds means nothing. */
    int allocate(int size) {
        if (size > PAGE) {
            return page(size);
        }
        int sizeClass = Integer.numberOfTrailingZeros(size);
        if (freeCount[sizeClass] > 0) {
            return free[sizeClass][--freeCount[sizeClass]];
        }
        if (used + size > PAGE) {
            current = page(PAGE) >>> 16;
            used = 0;
        }
        int block = current << 16 | used >>> 4;
        used += size;
        return block;
    }

    private int page(int size) {
        if (pages.size() == 1 << 15) {
            throw new IllegalStateException("heads hold more than " + bytes + " bytes");
        }
        pages.add(new byte[size]);
        bytes += size;
        return pages.size() - 1 << 16;
    }

    void free(int block, int size) {
        if (size > PAGE) {
            pages.set(block >>> 16, new byte[0]);
            bytes -= size;
            return;
        }
        int sizeClass = Integer.numberOfTrailingZeros(size);
        int[] stack = free[sizeClass];
        if (stack == null) {
            stack = new int[16];
            free[sizeClass] = stack;
        } else if (freeCount[sizeClass] == stack.length) {
            stack = Arrays.copyOf(stack, stack.length * 2);
            free[sizeClass] = stack;
        }
        stack[freeCount[sizeClass]++] = block;
    }

    /** The page a block stands in, at {@link #offset}. */
    byte[] bytes(int block) {
        return pages.get(block >>> 16);
    }

    static int offset(int block) {
        return (block & 0xffff) << 4;
    }
}
