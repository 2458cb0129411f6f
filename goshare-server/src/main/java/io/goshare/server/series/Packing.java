package io.goshare.server.series;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.CorruptColumnException;
import io.goshare.server.engine.EngineException;

/**
 * Rows of many small things, packed by zstd where it pays.
 *
 * <pre>
 *   format     1 byte    1
 *   packing    1 byte    0 as it is, 1 zstd
 *   length     varint    bytes of the body before packing
 *   body
 * </pre>
 */
final class Packing {
    private static final int FORMAT = 1;
    private static final int ZSTD_FROM = 64;
    private static final int MAX_BYTES = 256 << 20;

    private Packing() {}

    static byte[] pack(ByteSink body) {
        ByteSink out = new ByteSink(body.size() + 8);
        if (body.size() >= ZSTD_FROM) {
            byte[] packed = Zstd.compress(body.toByteArray(), 1);
            if (packed.length < body.size() * 15L / 16) {
                return out.put(FORMAT).put(1).putVarint(body.size()).put(packed).toByteArray();
            }
        }
        return out.put(FORMAT)
                .put(0)
                .putVarint(body.size())
                .put(body.array(), 0, body.size())
                .toByteArray();
    }

    static ByteSource unpack(byte[] row) {
        ByteSource in = new ByteSource(row, 0, row.length);
        int format = in.get();
        int packing = in.get();
        if (format != FORMAT || packing > 1) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "a row is of format " + format + ", not " + FORMAT);
        }
        int length = in.count(MAX_BYTES);
        if (packing == 0) {
            return in;
        }
        byte[] body = new byte[length];
        try {
            long made = Zstd.decompressByteArray(body, 0, length, row, in.position(), in.remaining());
            if (made != length) {
                throw new CorruptColumnException("a row has " + made + " bytes, not " + length);
            }
        } catch (ZstdException e) {
            throw new CorruptColumnException("a row cannot be unpacked: " + e.getMessage());
        }
        return new ByteSource(body, 0, length);
    }
}
