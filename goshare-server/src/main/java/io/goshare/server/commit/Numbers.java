package io.goshare.server.commit;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Numbers that are never given twice, from blocks of 65,536 whose reservation is on stable storage before the first of
 * them is used; after an unclean end numbering goes on behind the block. For the commit thread only.
 *
 * <pre>
 *   key      'M' name
 *   value    format (1) = 1, last number given or reserved (8, big-endian)
 * </pre>
 */
public final class Numbers {
    private static final byte FORMAT = 1;
    private static final int BLOCK = 65_536;

    private final byte[] key;
    private long last;
    private long reserved;

    private Numbers(byte[] key, long last) {
        this.key = key;
        this.last = last;
        this.reserved = last;
    }

    /** The numbers called {@code name}; the first ever is 1. */
    public static Numbers open(StorageEngine base, String name) {
        byte[] key = Tables.key(Tables.META, name.getBytes(StandardCharsets.US_ASCII));
        long last = base.get(key).map(Numbers::decode).orElse(0L);
        return new Numbers(key, last);
    }

    private static long decode(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (value.length != 9 || in.get() != FORMAT) {
            throw new EngineException(EngineException.Reason.DAMAGED, "a block of numbers is not of format " + FORMAT);
        }
        return in.getLong();
    }

    private static byte[] encode(long number) {
        return ByteBuffer.allocate(9).put(FORMAT).putLong(number).array();
    }

    /** The number that {@link #take} gives next. */
    public long next() {
        return last + 1;
    }

    /** Gives a number out; it may be used once {@link #reserve} has returned. */
    public long take() {
        return ++last;
    }

    /** The last number given out. */
    public long last() {
        return last;
    }

    /** Makes sure that all numbers given out are reserved on stable storage. */
    public void reserve(StorageEngine base) {
        if (last > reserved) {
            long until = last + BLOCK;
            base.write(new WriteBatch().put(key, encode(until)));
            base.sync();
            reserved = until;
        }
    }

    /** Records that numbering ended here. */
    public void close(StorageEngine base) {
        if (reserved > last) {
            base.write(new WriteBatch().put(key, encode(last)));
            base.sync();
            reserved = last;
        }
    }
}
