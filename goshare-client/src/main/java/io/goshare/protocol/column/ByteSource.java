package io.goshare.protocol.column;

/** Reads what {@link ByteSink} wrote, never past the end given. For one thread. */
public final class ByteSource {
    private final byte[] in;
    private int at;
    private final int end;

    public ByteSource(byte[] in, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, in.length);
        this.in = in;
        this.at = offset;
        this.end = offset + length;
    }

    public byte[] array() {
        return in;
    }

    /** Where the next byte stands in {@link #array}. */
    public int position() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    /** Steps over {@code length} bytes and returns where they began. */
    public int take(long length) {
        if (length < 0 || length > end - at) {
            throw new CorruptColumnException("ends after " + (end - at) + " of " + length + " bytes");
        }
        int start = at;
        at += (int) length;
        return start;
    }

    public int get() {
        if (at == end) {
            throw new CorruptColumnException("ends too early");
        }
        return in[at++] & 0xff;
    }

    public long getLong() {
        return (long) ByteSink.LONG.get(in, take(8));
    }

    public long varint() {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = get();
            number |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                if (shift == 63 && b > 1) {
                    break;
                }
                return number;
            }
        }
        throw new CorruptColumnException("a number has more than 64 bits");
    }

    public long zigZag() {
        return unZigZag(varint());
    }

    static long unZigZag(long number) {
        return number >>> 1 ^ -(number & 1);
    }

    /** A varint that counts something of which there are at most {@code max}. */
    public int count(int max) {
        long count = varint();
        if (count < 0 || count > max) {
            throw new CorruptColumnException(Long.toUnsignedString(count) + " where " + max + " is the most");
        }
        return (int) count;
    }

    public void expectEnd() {
        if (at != end) {
            throw new CorruptColumnException(end - at + " bytes too many");
        }
    }
}
