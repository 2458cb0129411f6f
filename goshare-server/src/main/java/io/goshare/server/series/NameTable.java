package io.goshare.server.series;

/**
 * Series id by the hash of its name: open addressing over primitive arrays, some 30 bytes a series and no object. Names
 * are not kept; 128 bits of a keyed hash do not meet. Not safe for many threads.
 */
final class NameTable {
    private long[] hashes = new long[2 << 10];
    private int[] ids = new int[1 << 10];
    private int size;

    int size() {
        return size;
    }

    /** The id; 0 if the name is unknown. */
    int get(long high, long low) {
        return ids[slot(high, low)];
    }

    /** Sets the id, which is above 0. */
    void put(long high, long low, int id) {
        int slot = slot(high, low);
        if (ids[slot] == 0) {
            if (++size > ids.length / 3 * 2) {
                grow();
                slot = slot(high, low);
            }
            hashes[2 * slot] = high;
            hashes[2 * slot + 1] = low;
        }
        ids[slot] = id;
    }

    private int slot(long high, long low) {
        int mask = ids.length - 1;
        int slot = (int) low & mask;
        while (ids[slot] != 0 && (hashes[2 * slot] != high || hashes[2 * slot + 1] != low)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldIds = ids;
        hashes = new long[oldHashes.length * 2];
        ids = new int[oldIds.length * 2];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != 0) {
                int slot = slot(oldHashes[2 * i], oldHashes[2 * i + 1]);
                hashes[2 * slot] = oldHashes[2 * i];
                hashes[2 * slot + 1] = oldHashes[2 * i + 1];
                ids[slot] = oldIds[i];
            }
        }
    }
}
