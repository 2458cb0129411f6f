package io.goshare.server.series;

import java.nio.ByteBuffer;

/**
 * Keys of rows in the store of a period; docs/storage-format.md, "Chunks" and "Pages".
 *
 * <pre>
 *   'c' or 'p'  1 byte    chunk, or page
 *   owner       8 bytes   series id; of a page series id / 64; big-endian
 *   first       8 bytes   first time, sign bit flipped, all bits inverted, big-endian: newest first
 *   write       8 bytes   write number, big-endian: no key is put twice
 * </pre>
 */
record RowKey(byte table, long owner, long first, long write) {
    static final byte CHUNK = 'c';
    static final byte PAGE = 'p';

    private static final int BYTES = 25;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(table)
                .putLong(owner)
                .putLong(inverted(first))
                .putLong(write)
                .array();
    }

    static RowKey decode(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        return new RowKey(in.get(), in.getLong(), inverted(in.getLong()), in.getLong());
    }

    private static long inverted(long time) {
        return ~(time ^ Long.MIN_VALUE);
    }

    /** The least key of {@code owner} whose first time is before {@code to}. */
    static byte[] before(byte table, long owner, long to) {
        return new RowKey(table, owner, to - 1, 0).encode();
    }

    /** The least key behind all of {@code owner}. */
    static byte[] behind(byte table, long owner) {
        return ByteBuffer.allocate(9).put(table).putLong(owner + 1).array();
    }
}
