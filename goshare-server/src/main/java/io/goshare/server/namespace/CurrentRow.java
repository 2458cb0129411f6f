package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.keyvalue.ValueCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The value a path holds now; docs/storage-format.md, "Namespace, current".
 *
 * <pre>
 *   key      'N'  path (encoded)
 *   value    format (1) = 1
 *            flags (1)       0x01: the value stands in history, at since
 *            opened (8)      revision that put it           all integers big-endian
 *            last (8)        newest revision that put it again
 *            since (8)       nanoseconds since 1970
 *            last seen (8)   nanoseconds since 1970
 *            value           {@link ValueCodec}; nothing where it stands in history
 * </pre>
 *
 * @param value null where it stands in history
 */
record CurrentRow(
        long opened,
        long last,
        long since,
        long lastSeen,
        @Nullable Value value) {
    /** Coded values above it stand in history from the start, so that scans and equal puts do not carry them. */
    static final int MAX_INLINE_BYTES = 4096;

    private static final byte FORMAT = 1;
    private static final byte IN_HISTORY = 1;
    private static final int HEADER = 34;

    static byte[] key(byte[] path) {
        return Tables.key(Tables.NAMESPACE, path);
    }

    static byte[] key(Path path) {
        return key(path.encoded());
    }

    static byte[] pathOf(byte[] row) {
        return Arrays.copyOfRange(row, 1, row.length);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(HEADER + (value == null ? 0 : ValueCodec.bytes(value)))
                .put(FORMAT)
                .put(value == null ? IN_HISTORY : 0)
                .putLong(opened)
                .putLong(last)
                .putLong(since)
                .putLong(lastSeen);
        if (value != null) {
            ValueCodec.write(value, out);
        }
        return out.array();
    }

    static CurrentRow decode(byte[] row) {
        ByteBuffer in = ByteBuffer.wrap(row);
        if (row.length < HEADER || in.get() != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "a namespace row is not of format " + FORMAT + "; run verify");
        }
        byte flags = in.get();
        return new CurrentRow(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                (flags & IN_HISTORY) != 0 ? null : ValueCodec.read(in));
    }
}
