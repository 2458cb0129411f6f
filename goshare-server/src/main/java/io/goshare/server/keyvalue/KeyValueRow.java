package io.goshare.server.keyvalue;

import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows of the key-value face; docs/storage-format.md, "Key-value".
 *
 * <pre>
 *   key      'K'  key (any bytes, none included)
 *   value    format (1) = 1
 *            flags (1)      0x01: expires follows
 *            revision (8)   big-endian, of the request that put it
 *            expires (8)    nanoseconds since 1970, big-endian
 *            value          {@link ValueCodec}
 *
 *   key      'E'  expires (8, sign bit flipped)  key
 *   value    format (1) = 1
 * </pre>
 *
 * An 'E' row whose time is not that of its key's 'K' row is stale and means nothing: a put that asks no expiry does not
 * look for the one before it.
 */
final class KeyValueRow {
    private static final byte FORMAT = 1;
    private static final byte EXPIRES = 1;
    private static final int EXPIRY_HEADER = 9;
    private static final byte[] NOTHING = {FORMAT};

    private KeyValueRow() {}

    static byte[] key(byte[] key) {
        return Tables.key(Tables.KEY_VALUE, key);
    }

    static byte[] keyOf(byte[] row) {
        return Arrays.copyOfRange(row, 1, row.length);
    }

    static byte[] encode(Entry entry) {
        boolean expires = entry.expires() != Entry.NEVER;
        ByteBuffer out = ByteBuffer.allocate(10 + (expires ? 8 : 0) + ValueCodec.bytes(entry.value()))
                .put(FORMAT)
                .put(expires ? EXPIRES : 0)
                .putLong(entry.revision());
        if (expires) {
            out.putLong(entry.expires());
        }
        ValueCodec.write(entry.value(), out);
        return out.array();
    }

    static Entry decode(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (value.length < 11 || in.get() != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "a key-value row is not of format " + FORMAT + "; run verify");
        }
        byte flags = in.get();
        long revision = in.getLong();
        long expires = (flags & EXPIRES) != 0 ? in.getLong() : Entry.NEVER;
        return new Entry(ValueCodec.read(in), revision, expires);
    }

    static byte[] expiryKey(long expires, byte[] key) {
        return ByteBuffer.allocate(EXPIRY_HEADER + key.length)
                .put(Tables.EXPIRY)
                .putLong(expires ^ Long.MIN_VALUE)
                .put(key)
                .array();
    }

    static byte[] expiryValue() {
        return NOTHING.clone();
    }

    static long expiryOf(byte[] row) {
        return ByteBuffer.wrap(row).getLong(1) ^ Long.MIN_VALUE;
    }

    static byte[] keyOfExpiry(byte[] row) {
        return Arrays.copyOfRange(row, EXPIRY_HEADER, row.length);
    }
}
