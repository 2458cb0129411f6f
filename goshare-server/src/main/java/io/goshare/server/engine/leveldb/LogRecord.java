package io.goshare.server.engine.leveldb;

import io.goshare.server.engine.WriteBatch;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A record of a LevelDB log: one batch.
 *
 * <pre>
 *   sequence   8 bytes   little-endian, number of the first row
 *   count      4 bytes   little-endian, rows
 *   rows       kind 1: key, value; kind 0, a deletion: key; each a varint length and bytes
 * </pre>
 */
record LogRecord(long sequence, int count, ByteBuffer rows) {
    private static final int HEADER_BYTES = 12;

    /** Null if {@code data} is too short for one. */
    static @Nullable LogRecord decode(byte[] data) {
        if (data.length < HEADER_BYTES) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        return new LogRecord(bytes.getLong(), bytes.getInt(), bytes.slice());
    }

    /** The number of the row that follows this record. */
    long next() {
        return sequence + count;
    }

    /** @throws BufferUnderflowException if the rows end early */
    WriteBatch batch() {
        WriteBatch batch = new WriteBatch();
        ByteBuffer left = rows.duplicate();
        while (left.hasRemaining()) {
            byte kind = left.get();
            byte[] key = Varint.readBytes(left);
            if (kind == 1) {
                batch.put(key, Varint.readBytes(left));
            } else {
                batch.delete(key);
            }
        }
        return batch;
    }
}
