package io.goshare.server.series;

import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Staging;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/**
 * The newest point that retention took away of a series, where it is to be kept: an as-of read ends there. Safe for
 * many threads. docs/storage-format.md, "Last kept".
 *
 * <pre>
 *   key      'L'  series id (8, big-endian)
 *   value    format (1) = 1, time (8, nanoseconds since 1970, big-endian), a chunk of the one point: see ChunkValue
 * </pre>
 */
final class LastKept {
    private static final byte FORMAT = 1;

    private final StorageEngine base;
    private final RoaringBitmap ids = new RoaringBitmap();

    LastKept(StorageEngine base) {
        this.base = base;
        byte[] table = {Tables.LAST_KEPT};
        base.scan(null, table, Tables.behind(table), (key, value) -> {
            ids.add((int) ByteBuffer.wrap(key).getLong(1));
            return true;
        });
    }

    private static byte[] key(int id) {
        return ByteBuffer.allocate(9).put(Tables.LAST_KEPT).putLong(id).array();
    }

    private static long time(byte[] row) {
        return ByteBuffer.wrap(row).getLong(1);
    }

    private synchronized boolean has(int id) {
        return ids.contains(id);
    }

    /** Keeps {@code point}, which is one row, once {@code batch} is written; unless a newer one is kept. */
    void put(int id, Points point, WriteBatch batch) {
        if (has(id) && base.get(key(id)).map(LastKept::time).orElse(Long.MIN_VALUE) > point.times()[0]) {
            return;
        }
        byte[] chunk = ChunkValue.encode(point, Sequence.LOWEST, new ColumnCodec());
        batch.put(
                key(id),
                ByteBuffer.allocate(9 + chunk.length)
                        .put(FORMAT)
                        .putLong(point.times()[0])
                        .put(chunk)
                        .array());
        synchronized (this) {
            ids.add(id);
        }
    }

    /** The point kept of a series. */
    Optional<Fragment> of(int id, ChunkReader reader) {
        if (!has(id)) {
            return Optional.empty();
        }
        return base.get(key(id)).map(row -> {
            if (row[0] != FORMAT) {
                throw new EngineException(EngineException.Reason.DAMAGED, "a kept point's row is of an unknown format");
            }
            long time = time(row);
            byte[] chunk = Arrays.copyOfRange(row, 9, row.length);
            return new Fragment(id, Sequence.LOWEST, ChunkValue.decode(chunk, time, reader));
        });
    }

    /** Lets go of the points of {@code erased} whose time is in {@code range}. */
    void erase(RoaringBitmap erased, TimeRange range, Staging staging) {
        RoaringBitmap touched;
        synchronized (this) {
            touched = RoaringBitmap.and(ids, erased);
        }
        for (int id : touched) {
            Optional<byte[]> row = staging.get(key(id));
            if (row.isPresent() && range.contains(time(row.get()))) {
                staging.delete(key(id));
            }
        }
    }
}
