package io.goshare.server.engine.leveldb;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Reads Snappy's block form, in which LevelDB packs table blocks. Only for checking and repair; LevelDB unpacks its
 * own.
 *
 * <pre>
 *   length of the whole, varint; then elements, whose first byte ends in two bits of kind:
 *     0   literal: length - 1 in the upper six bits, or 60..63: in the next 1..4 bytes; then the bytes
 *     1   copy: length - 4 in three bits, offset in three bits and one byte
 *     2   copy: length - 1 in six bits, offset in two bytes        3   ... in four bytes
 * </pre>
 *
 * Source: google/snappy, format_description.txt.
 */
final class Snappy {
    /** Larger than any block LevelDB writes; one row may be a block. */
    private static final long MAX_BYTES = 1 << 30;

    private Snappy() {}

    /** @throws IOException if the bytes are not Snappy's */
    static byte[] unpack(ByteBuffer in) throws IOException {
        try {
            long length = Varint.read(in);
            if (length < 0 || length > MAX_BYTES || length > 64L * in.remaining() + 64) {
                throw new IOException("a block claims " + length + " bytes");
            }
            byte[] out = new byte[(int) length];
            int at = 0;
            while (in.hasRemaining()) {
                int tag = in.get() & 0xff;
                at += (tag & 3) == 0 ? literal(tag, in, out, at) : copy(tag, in, out, at);
            }
            if (at != out.length) {
                throw new IOException("a block ends early");
            }
            return out;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IOException("a block is not Snappy's", e);
        }
    }

    private static int literal(int tag, ByteBuffer in, byte[] out, int at) {
        int length = tag >>> 2;
        if (length >= 60) {
            length = littleEndian(in, length - 59);
        }
        in.get(out, at, length + 1);
        return length + 1;
    }

    private static int copy(int tag, ByteBuffer in, byte[] out, int at) {
        int length = (tag & 3) == 1 ? 4 + (tag >>> 2 & 7) : 1 + (tag >>> 2);
        int offset = (tag & 3) == 1 ? (tag >>> 5 << 8) | (in.get() & 0xff) : littleEndian(in, (tag & 3) == 2 ? 2 : 4);
        if (offset <= 0) {
            throw new IndexOutOfBoundsException(offset);
        }
        for (int i = at; i < at + length; i++) { // byte by byte: a copy may reach into itself
            out[i] = out[i - offset];
        }
        return length;
    }

    private static int littleEndian(ByteBuffer in, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (in.get() & 0xff) << (8 * i);
        }
        return value;
    }
}
