package io.goshare.protocol.column;

/**
 * Finds doubles that are short decimals, such as 58.25: mantissa / 10^scale gives the same 64 bits, the mantissa having
 * 15 digits at most. So -0.0, NaN, infinities and full doubles are none. For one thread.
 */
final class ShortDecimals {
    static final int MAX_SCALE = 12;
    private static final double MAX_MANTISSA = 999_999_999_999_999.0;
    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};

    private final int[] ofScale = new int[MAX_SCALE + 1];

    /**
     * The least scale at which all but some 3 % of the doubles are short decimals, or -1 where there is none.
     * {@code bits[0, n)} are raw double bits.
     */
    int scale(long[] bits, int n) {
        java.util.Arrays.fill(ofScale, 0);
        int allowed = n / 32;
        int failed = 0;
        int guess = 0;
        for (int i = 0; i < n; i++) {
            int scale = guess;
            while (scale <= MAX_SCALE && !isShort(bits[i], scale)) {
                scale++;
            }
            if (scale > MAX_SCALE) {
                if (++failed > allowed) {
                    return -1;
                }
            } else {
                ofScale[scale]++;
                guess = i < 16 ? scale : guess;
            }
        }
        int left = n - failed;
        for (int scale = MAX_SCALE; scale > 0; scale--) {
            left -= ofScale[scale];
            if (n - left > allowed) {
                return scale;
            }
        }
        return 0;
    }

    private static boolean isShort(long bits, int scale) {
        return toDouble(mantissa(bits, scale), scale) == bits;
    }

    /** The mantissa that the double would have at {@code scale}, or 0 where that is too long. */
    static long mantissa(long bits, int scale) {
        double scaled = Math.rint(Double.longBitsToDouble(bits) * POWERS[scale]);
        return Math.abs(scaled) <= MAX_MANTISSA ? (long) scaled : 0;
    }

    /** Raw bits of mantissa / 10^scale: one correctly rounded division of two exact doubles. */
    static long toDouble(long mantissa, int scale) {
        return Double.doubleToRawLongBits(mantissa / POWERS[scale]);
    }
}
