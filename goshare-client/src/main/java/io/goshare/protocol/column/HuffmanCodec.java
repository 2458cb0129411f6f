package io.goshare.protocol.column;

import java.util.Arrays;

/**
 * Residuals split in two: the high part as a {@link PrefixCode}, the low k bits as they are. It comes within some 7 %
 * of the entropy of random walks (docs/performance.md). For one thread.
 *
 * <pre>
 *   k        1 byte   low bits, 0 to 61
 *   code     see PrefixCode; symbol 63 is an escape: 64 raw bits follow in place of the low ones
 *   bits     per residual its code, then its k low bits
 * </pre>
 */
final class HuffmanCodec {
    private static final int ESCAPE = 63;
    private static final int MAX_LOW = 61;

    private final PrefixCode code = new PrefixCode();
    private final int[] frequencies = new int[PrefixCode.SYMBOLS];
    private int low;

    /** Chooses k and the code for {@code n} residuals, and returns the bytes they will take. */
    int plan(long[] residuals, int n, double mean) {
        low = Math.max(0, 64 - Long.numberOfLeadingZeros((long) mean) - 3);
        low = Math.min(low, MAX_LOW);
        Arrays.fill(frequencies, 0);
        for (int i = 0; i < n; i++) {
            frequencies[symbol(residuals[i], low)]++;
        }
        code.fit(frequencies);
        long bits = code.bits(frequencies) + (long) (n - frequencies[ESCAPE]) * low + 64L * frequencies[ESCAPE];
        return (int) Math.min(1 + code.headerSize() + (bits + 7) / 8, Integer.MAX_VALUE);
    }

    private static int symbol(long residual, int low) {
        long high = residual >>> low;
        return high >= 0 && high < ESCAPE ? (int) high : ESCAPE;
    }

    /** Writes the residuals that {@link #plan} saw last. */
    void encode(long[] residuals, int n, ByteSink out) {
        code.assign();
        out.put(low);
        code.writeHeader(out);
        BitWriter bits = new BitWriter(out);
        long mask = (1L << low) - 1;
        for (int i = 0; i < n; i++) {
            long residual = residuals[i];
            int symbol = symbol(residual, low);
            int length = code.lengths[symbol];
            if (symbol == ESCAPE) {
                bits.put(length == 0 ? 0 : code.codes[symbol], length);
                bits.put(residual, 64);
            } else if (length + low <= 64) {
                bits.put((length == 0 ? 0 : code.codes[symbol]) | (residual & mask) << length, length + low);
            } else {
                bits.put(code.codes[symbol], length);
                bits.put(residual & mask, low);
            }
        }
        bits.finish();
    }

    void decode(ByteSource in, long[] residuals, int n) {
        low = in.get();
        if (low > MAX_LOW) {
            throw new CorruptColumnException(low + " low bits");
        }
        code.readHeader(in);
        BitReader bits = new BitReader(in);
        int i = 0;
        while (low == 0 && i + 6 <= n) {
            i = decodeSix(bits, residuals, i);
        }
        for (; i < n; i++) {
            int entry = code.table[(int) bits.peek() & (1 << PrefixCode.MAX_BITS) - 1];
            bits.skip(entry & 15);
            int symbol = entry >>> 4;
            residuals[i] = symbol == ESCAPE ? bits.get(64) : (long) symbol << low | bits.get(low);
        }
        bits.finish();
    }

    /** Six codes of at most nine bits from one look; an escape ends the look early. */
    private int decodeSix(BitReader bits, long[] residuals, int from) {
        long word = bits.peek();
        int taken = 0;
        for (int i = from; i < from + 6; i++) {
            int entry = code.table[(int) (word >>> taken) & (1 << PrefixCode.MAX_BITS) - 1];
            taken += entry & 15;
            int symbol = entry >>> 4;
            if (symbol == ESCAPE) {
                bits.skip(taken);
                residuals[i] = bits.get(64);
                return i + 1;
            }
            residuals[i] = symbol;
        }
        bits.skip(taken);
        return from + 6;
    }
}
