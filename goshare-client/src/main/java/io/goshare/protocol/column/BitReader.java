package io.goshare.protocol.column;

/**
 * Reads what {@link BitWriter} wrote. Bits past the end of the array read as zeros; {@link #finish} tells whether any
 * were taken from behind the source's end, so callers bound their loops by a count and check once.
 */
final class BitReader {
    private final ByteSource source;
    private final byte[] in;
    private final long start;
    private long bit;

    BitReader(ByteSource source) {
        this.source = source;
        this.in = source.array();
        this.bit = source.position() * 8L;
        this.start = bit;
    }

    /** At least the next 57 bits, not yet taken. */
    long peek() {
        long at = bit >>> 3;
        if (at + 8 <= in.length) {
            return (long) ByteSink.LONG.get(in, (int) at) >>> (bit & 7);
        }
        long word = 0;
        for (int i = 0; i < 8 && at + i < in.length; i++) {
            word |= (in[(int) at + i] & 0xffL) << 8 * i;
        }
        return word >>> (bit & 7);
    }

    void skip(int bits) {
        bit += bits;
    }

    /** The next {@code width} bits, 0 to 64. */
    long get(int width) {
        if (width > 56) {
            long low = get(32);
            return low | get(width - 32) << 32;
        }
        long bits = peek() & (1L << width) - 1;
        bit += width;
        return bits;
    }

    /** Moves the source behind the last byte read. */
    void finish() {
        source.take((bit - start + 7) / 8);
    }
}
