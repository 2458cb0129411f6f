package io.goshare.server.series;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.CorruptColumnException;
import io.goshare.server.engine.EngineException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

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

    /** Contexts that nobody uses now. To make one takes three times as long as to pack a row with it. */
    private static final Queue<ZstdCompressCtx> PACKERS = new ConcurrentLinkedQueue<>();

    private static final Queue<ZstdDecompressCtx> UNPACKERS = new ConcurrentLinkedQueue<>();

    private Packing() {}

    static byte[] pack(ByteSink body) {
        ByteSink out = new ByteSink(body.size() + 8);
        if (body.size() >= ZSTD_FROM) {
            byte[] packed = packed(body.toByteArray());
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

    private static byte[] packed(byte[] body) {
        ZstdCompressCtx idle = PACKERS.poll();
        ZstdCompressCtx packer = idle != null ? idle : new ZstdCompressCtx().setLevel(1);
        byte[] packed = packer.compress(body);
        PACKERS.add(packer);
        return packed;
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
        ZstdDecompressCtx idle = UNPACKERS.poll();
        ZstdDecompressCtx unpacker = idle != null ? idle : new ZstdDecompressCtx();
        try {
            long made = unpacker.decompressByteArray(body, 0, length, row, in.position(), in.remaining());
            if (made != length) {
                throw new CorruptColumnException("a row has " + made + " bytes, not " + length);
            }
        } catch (ZstdException e) {
            throw new CorruptColumnException("a row cannot be unpacked: " + e.getMessage());
        } finally {
            UNPACKERS.add(unpacker);
        }
        return new ByteSource(body, 0, length);
    }
}
