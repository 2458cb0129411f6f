package io.goshare.protocol.column;

import io.goshare.protocol.column.IntegerCodec.Effort;

/**
 * A column of doubles as raw bits, exact for every one. For one thread.
 *
 * <pre>
 *   mode     1 byte   0 raw, 1 decimals, 2 XOR, 3 integers
 *   raw:      8 bytes each, least significant first
 *   decimals: scale 1 byte; number of exceptions, varint; of each its distance behind the last, varint, and 8 bytes;
 *             integer column of mantissas
 *   XOR:      see XorCodec
 *   integers: integer column of the bits: for long runs of one value
 * </pre>
 */
final class FloatCodec {
    private static final int RAW = 0;
    private static final int DECIMALS = 1;
    private static final int XOR = 2;
    private static final int INTEGERS = 3;

    private final IntegerCodec integers;
    private final ShortDecimals decimals = new ShortDecimals();
    private long[] mantissas = new long[64];

    FloatCodec(IntegerCodec integers) {
        this.integers = integers;
    }

    /** Writes {@code bits[0, n)}, n at least 1. */
    void encode(long[] bits, int n, Effort effort, ByteSink out) {
        int scale = decimals.scale(bits, n);
        if (scale >= 0) {
            encodeDecimals(bits, n, scale, effort, out);
            return;
        }
        int changes = 0;
        for (int i = 1; i < n; i++) {
            changes += bits[i] == bits[i - 1] ? 0 : 1;
        }
        if (changes < n / 16 || changes == 0) {
            out.put(INTEGERS);
            integers.encode(bits, 0, n, effort, out);
            return;
        }
        int start = out.size();
        out.put(XOR);
        XorCodec.encode(bits, n, out);
        if (out.size() - start > n * 8L + 1) {
            out.truncate(start).put(RAW);
            for (int i = 0; i < n; i++) {
                out.putLong(bits[i]);
            }
        }
    }

    private void encodeDecimals(long[] bits, int n, int scale, Effort effort, ByteSink out) {
        if (mantissas.length < n) {
            mantissas = new long[Math.max(n, mantissas.length * 2)];
        }
        int exceptions = 0;
        long last = 0;
        for (int i = 0; i < n; i++) {
            long mantissa = ShortDecimals.mantissa(bits[i], scale);
            if (ShortDecimals.toDouble(mantissa, scale) == bits[i]) {
                last = mantissa;
            } else {
                exceptions++;
            }
            mantissas[i] = last;
        }
        out.put(DECIMALS).put(scale).putVarint(exceptions);
        int behind = 0;
        for (int i = 0; exceptions > 0 && i < n; i++) {
            if (ShortDecimals.toDouble(mantissas[i], scale) != bits[i]) {
                out.putVarint(i - behind).putLong(bits[i]);
                behind = i;
                exceptions--;
            }
        }
        integers.encode(mantissas, 0, n, effort, out);
    }

    void decode(ByteSource in, int n, long[] bits) {
        int mode = in.get();
        switch (mode) {
            case RAW -> {
                for (int i = 0; i < n; i++) {
                    bits[i] = in.getLong();
                }
            }
            case DECIMALS -> decodeDecimals(in, n, bits);
            case XOR -> XorCodec.decode(in, bits, n);
            case INTEGERS -> integers.decode(in, n, bits, 0);
            default -> throw new CorruptColumnException("unknown mode " + mode + " of floats");
        }
    }

    private void decodeDecimals(ByteSource in, int n, long[] bits) {
        int scale = in.get();
        if (scale > ShortDecimals.MAX_SCALE) {
            throw new CorruptColumnException("a scale of " + scale);
        }
        int exceptions = in.count(n);
        ByteSource exact = new ByteSource(in.array(), in.position(), in.remaining());
        for (int i = 0; i < exceptions; i++) {
            in.varint();
            in.take(8);
        }
        integers.decode(in, n, bits, 0);
        for (int i = 0; i < n; i++) {
            bits[i] = ShortDecimals.toDouble(bits[i], scale);
        }
        int at = 0;
        for (int i = 0; i < exceptions; i++) {
            at += exact.count(n - 1 - at);
            bits[at] = exact.getLong();
        }
    }
}
