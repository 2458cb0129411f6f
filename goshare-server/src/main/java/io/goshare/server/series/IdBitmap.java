package io.goshare.server.series;

import io.goshare.server.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.RoaringBitmap;

/**
 * The value of a row that holds ids with the same high bits: presence and postings.
 *
 * <pre>
 *   value    format (1) = 1, RoaringBitmap (portable format) of the ids' low 16 bits
 * </pre>
 */
final class IdBitmap {
    static final int HIGH_BITS = 16;

    private static final byte FORMAT = 1;

    private IdBitmap() {}

    static byte[] encode(RoaringBitmap low) {
        low.runOptimize();
        ByteBuffer out = ByteBuffer.allocate(1 + low.serializedSizeInBytes());
        out.put(FORMAT);
        low.serialize(out);
        return out.array();
    }

    /** The low bits. */
    static RoaringBitmap decode(byte[] value) {
        if (value[0] != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "a row of series ids is of an unknown format; run verify");
        }
        RoaringBitmap low = new RoaringBitmap();
        try {
            low.deserialize(ByteBuffer.wrap(value, 1, value.length - 1).slice());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return low;
    }

    /** Adds the ids of a row whose key says that their high bits are {@code high}. */
    static void decodeInto(byte[] value, int high, RoaringBitmap ids) {
        ids.or(RoaringBitmap.addOffset(decode(value), high << HIGH_BITS));
    }
}
