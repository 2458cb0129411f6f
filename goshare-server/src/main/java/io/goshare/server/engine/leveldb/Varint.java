package io.goshare.server.engine.leveldb;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** LevelDB's numbers of variable length: seven bits a byte, lowest first, the top bit set on all but the last. */
final class Varint {
    private Varint() {}

    /** @throws BufferUnderflowException if the bytes end early or the number is longer than 64 bits */
    static long read(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BufferUnderflowException();
    }

    /** Bytes behind their length. */
    static byte[] readBytes(ByteBuffer bytes) {
        long length = read(bytes);
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] result = new byte[(int) length];
        bytes.get(result);
        return result;
    }
}
