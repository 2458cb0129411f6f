package io.goshare.server.namespace;

import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.keyvalue.ValueCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value a path came to hold, or the end of one; docs/storage-format.md, "Namespace, history". Newest first, so that
 * the value at T is the first row from T on.
 *
 * <pre>
 *   key      'H'  path (encoded)
 *            since (8)      nanoseconds since 1970, sign bit flipped, all bits inverted, big-endian
 *   value    format (1) = 1
 *            flags (1)      0x01: an end
 *            revision (8)   big-endian, of the request that put or ended it
 *            value          {@link ValueCodec}; nothing for an end
 * </pre>
 *
 * @param value null for an end
 */
record HistoryRow(long revision, @Nullable Value value) {
    private static final byte FORMAT = 1;
    private static final byte END = 1;
    private static final int HEADER = 10;

    static byte[] key(byte[] path, long since) {
        return ByteBuffer.allocate(9 + path.length)
                .put(Tables.HISTORY)
                .put(path)
                .putLong(invert(since))
                .array();
    }

    /** What all rows of {@code path}, or of a subtree's prefix, begin with. */
    static byte[] prefix(byte[] path) {
        return Tables.key(Tables.HISTORY, path);
    }

    static byte[] pathOf(byte[] key) {
        return Arrays.copyOfRange(key, 1, key.length - 8);
    }

    static long sinceOf(byte[] key) {
        return invert(ByteBuffer.wrap(key).getLong(key.length - 8));
    }

    /** The order of times turned round; its own inverse. */
    static long invert(long time) {
        return ~(time ^ Long.MIN_VALUE);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(HEADER + (value == null ? 0 : ValueCodec.bytes(value)))
                .put(FORMAT)
                .put(value == null ? END : 0)
                .putLong(revision);
        if (value != null) {
            ValueCodec.write(value, out);
        }
        return out.array();
    }

    static HistoryRow decode(byte[] row) {
        ByteBuffer in = ByteBuffer.wrap(row);
        if (row.length < HEADER || in.get() != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "a history row is not of format " + FORMAT + "; run verify");
        }
        byte flags = in.get();
        return new HistoryRow(in.getLong(), (flags & END) != 0 ? null : ValueCodec.read(in));
    }
}
