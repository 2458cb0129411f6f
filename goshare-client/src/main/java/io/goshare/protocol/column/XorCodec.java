package io.goshare.protocol.column;

/**
 * Doubles that are no short decimals: each is XORed with the one before, and the bits between leading and trailing
 * zeros are written (Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB 2015).
 *
 * <pre>
 *   first   64 bits
 *   then    0                          the same again
 *           1 0  bits                  within the window of the last that had one
 *           1 1  leading 5, length - 1 6, bits    a new window
 * </pre>
 */
final class XorCodec {
    private XorCodec() {}

    static void encode(long[] doubles, int n, ByteSink out) {
        BitWriter bits = new BitWriter(out);
        bits.put(doubles[0], 64);
        int leading = 64;
        int trailing = 0;
        for (int i = 1; i < n; i++) {
            long xor = doubles[i] ^ doubles[i - 1];
            if (xor == 0) {
                bits.put(0, 1);
                continue;
            }
            int zerosBefore = Math.min(Long.numberOfLeadingZeros(xor), 31);
            int zerosBehind = Long.numberOfTrailingZeros(xor);
            if (zerosBefore >= leading && zerosBehind >= trailing) {
                bits.put(1, 2);
            } else {
                leading = zerosBefore;
                trailing = zerosBehind;
                bits.put(3 | (long) leading << 2 | (long) (63 - leading - trailing) << 7, 13);
            }
            bits.put(xor >>> trailing, 64 - leading - trailing);
        }
        bits.finish();
    }

    static void decode(ByteSource in, long[] doubles, int n) {
        BitReader bits = new BitReader(in);
        long value = bits.get(64);
        doubles[0] = value;
        int width = 0;
        int trailing = 0;
        for (int i = 1; i < n; i++) {
            long control = bits.peek();
            if ((control & 1) == 0) {
                bits.skip(1);
            } else {
                if ((control & 2) == 0) {
                    bits.skip(2);
                } else {
                    bits.skip(13);
                    width = (int) (control >>> 7 & 63) + 1;
                    trailing = 64 - width - (int) (control >>> 2 & 31);
                }
                if (width == 0 || trailing < 0) {
                    throw new CorruptColumnException("a window beyond 64 bits");
                }
                value ^= bits.get(width) << trailing;
            }
            doubles[i] = value;
        }
        bits.finish();
    }
}
