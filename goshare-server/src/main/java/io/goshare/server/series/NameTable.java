package io.goshare.server.series;

import java.util.Arrays;

/**
 * Series id by the hash of its name: open addressing over primitive arrays, some 24 bytes a series and no object. It
 * grows in parts, each by a quarter, so that no growth copies much or leaves much to be collected. Names are not kept:
 * 96 bits of a keyed hash do not meet (of a billion names two do once in 10^11 stores). Not safe for many threads.
 *
 * <pre>
 *   part   low half of the hash, upper 12 bits
 *   slot   low half of the hash                 8 bytes
 *          high half of it, upper 32 bits       4 bytes
 *          id, 0: the slot is empty             4 bytes
 * </pre>
 */
final class NameTable {
    private static final int PART_BITS = 12;
    private static final int FIRST_SLOTS = 8;
    private static final long UPPER = 0xffff_ffffL << 32;

    private final long[][] parts = new long[1 << PART_BITS][];
    private final int[] sizes = new int[1 << PART_BITS];

    NameTable() {
        Arrays.fill(parts, new long[2]);
    }

    /** The id; 0 if the name is unknown. */
    int get(long high, long low) {
        long[] part = parts[part(low)];
        return (int) part[slot(part, high, low) + 1];
    }

    /** Sets the id, which is above 0. */
    void put(long high, long low, int id) {
        long[] part = parts[part(low)];
        int slot = slot(part, high, low);
        if ((int) part[slot + 1] == 0) {
            if (++sizes[part(low)] > part.length / 2 * 3 / 4) {
                part = grown(part);
                parts[part(low)] = part;
                slot = slot(part, high, low);
            }
            part[slot] = low;
        }
        part[slot + 1] = high & UPPER | id;
    }

    private static int part(long low) {
        return (int) (low >>> 64 - PART_BITS);
    }

    /** Index of the name's slot, or of the empty one where it belongs. */
    private static int slot(long[] part, long high, long low) {
        int slot = (int) ((low & ~UPPER) * (part.length / 2) >>> 32) * 2;
        while ((int) part[slot + 1] != 0 && (part[slot] != low || (part[slot + 1] ^ high) >>> 32 != 0)) {
            slot += 2;
            slot = slot == part.length ? 0 : slot;
        }
        return slot;
    }

    private static long[] grown(long[] part) {
        int slots = part.length / 2;
        long[] grown = new long[2 * Math.max(FIRST_SLOTS, slots + slots / 4)];
        for (int i = 0; i < part.length; i += 2) {
            if ((int) part[i + 1] != 0) {
                int slot = slot(grown, part[i + 1], part[i]);
                grown[slot] = part[i];
                grown[slot + 1] = part[i + 1];
            }
        }
        return grown;
    }
}
