package io.goshare.server.commit;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Small facts about a data directory, in its base store; docs/storage-format.md, "Meta".
 *
 * <pre>
 *   key      'M'  name (UTF-8)
 *   value    format (1) = 1, then what the owner of the name keeps, here one or more int64, big-endian
 * </pre>
 */
public final class Meta {
    private static final byte FORMAT = 1;

    private Meta() {}

    /** The numbers kept under {@code name}; empty if none are. */
    public static Optional<long[]> read(StorageEngine base, String name) {
        return base.get(key(name)).map(value -> decode(name, value));
    }

    private static long[] decode(String name, byte[] value) {
        if (value.length % 8 != 1 || value[0] != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "meta row " + name + " is of an unknown format; run verify");
        }
        long[] numbers = new long[value.length / 8];
        ByteBuffer.wrap(value, 1, value.length - 1).asLongBuffer().get(numbers);
        return numbers;
    }

    /** Adds the row {@code name} to {@code batch}. */
    public static void put(WriteBatch batch, String name, long... numbers) {
        ByteBuffer value = ByteBuffer.allocate(1 + 8 * numbers.length).put(FORMAT);
        for (long number : numbers) {
            value.putLong(number);
        }
        batch.put(key(name), value.array());
    }

    private static byte[] key(String name) {
        return Tables.key(Tables.META, name.getBytes(StandardCharsets.UTF_8));
    }
}
