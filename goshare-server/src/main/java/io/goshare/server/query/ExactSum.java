package io.goshare.server.query;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import io.goshare.server.series.ChunkSummary;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * A sum that does not depend on how its terms were cut into pieces: integers and decimals exactly (128 bits for each
 * number of digits after the point), doubles as an unevaluated pair of doubles (Knuth's two-sum). Infinities and NaN
 * count as IEEE 754 has it. For one thread.
 */
final class ExactSum {
    private static final int FLOATS = 1 << 30;

    private final long[] high = new long[Value.MAX_SCALE + 1];
    private final long[] low = new long[Value.MAX_SCALE + 1];
    private int scales;
    private double sum;
    private double error;
    private double special;
    private boolean floats;
    private long count;

    /** Adds the numbers among rows {@code [from, to)}; passes over what is no number. */
    ExactSum add(Columns columns, int from, int to) {
        long[] words = columns.words();
        for (int row = from; row < to; ) {
            Kind kind = columns.kind(row);
            int end = columns.endOfTag(row, to);
            if (kind == Kind.INTEGER || kind == Kind.DECIMAL) {
                add(PointBatch.scale(columns.tags()[row]), words, row, end);
            } else if (kind == Kind.FLOAT) {
                for (int i = row; i < end; i++) {
                    add(Double.longBitsToDouble(words[i]));
                }
            }
            row = end;
        }
        return this;
    }

    /** Sums the halves of words apart: fewer than 2^31 of them cannot overflow an int64. */
    private void add(int scale, long[] words, int from, int to) {
        long upper = 0;
        long lower = 0;
        for (int i = from; i < to; i++) {
            upper += words[i] >> 32;
            lower += words[i] & 0xffff_ffffL;
        }
        long shifted = upper << 32;
        long word = shifted + lower;
        add(scale, (upper >> 32) + (Long.compareUnsigned(word, shifted) < 0 ? 1 : 0), word);
        count += to - from;
    }

    private void add(int scale, long upper, long lower) {
        long before = low[scale];
        low[scale] = before + lower;
        high[scale] += upper + (Long.compareUnsigned(low[scale], before) < 0 ? 1 : 0);
        scales |= 1 << scale;
    }

    /** Adds the integers and decimals that a header tells the sums of, see {@link ChunkSummary#tellsSums}. */
    ExactSum add(ChunkSummary summary) {
        add(summary.integers());
        add(summary.decimals());
        count += summary.numbers();
        return this;
    }

    private void add(ChunkSummary.@Nullable Exact exact) {
        if (exact != null) {
            add(
                    exact.scale(),
                    exact.sum().shiftRight(64).longValue(),
                    exact.sum().longValue());
        }
    }

    /** Adds {@code mantissa} / 10^{@code scale}. */
    ExactSum add(int scale, long mantissa) {
        add(scale, mantissa >> 63, mantissa);
        count++;
        return this;
    }

    /** Adds -{@code mantissa} / 10^{@code scale}. */
    ExactSum subtract(int scale, long mantissa) {
        add(scale, mantissa == 0 ? 0 : ~(mantissa >> 63), -mantissa);
        count++;
        return this;
    }

    ExactSum add(double number) {
        floats = true;
        count++;
        if (Double.isInfinite(number) || Double.isNaN(number)) {
            special += number;
            return this;
        }
        double next = sum + number;
        double part = next - sum;
        error += (sum - (next - part)) + (number - part);
        sum = next;
        return this;
    }

    /** Adds the terms of another sum. */
    ExactSum add(ExactSum other) {
        for (int scale = 0; scale < high.length; scale++) {
            if ((other.scales & 1 << scale) != 0) {
                add(scale, other.high[scale], other.low[scale]);
            }
        }
        long terms = count + other.count;
        if (other.floats) {
            add(other.sum);
            error += other.error;
            special += other.special;
        }
        count = terms;
        return this;
    }

    /**
     * Writes what {@link #read} reads.
     *
     * <pre>
     *   count     varint
     *   scales    varint    bit n: there are integers (n = 0) or decimals with n digits after the point; 1 &lt;&lt; 30: floats
     *   sums      for each scale: high, low half of 128 bits, 8 bytes each, little-endian
     *   floats    sum, what it lost to rounding, sum of infinities and NaN: 8 bytes each
     * </pre>
     */
    void write(ByteSink out) {
        out.putVarint(count).putVarint(scales | (floats ? FLOATS : 0));
        for (int scale = 0; scale < high.length; scale++) {
            if ((scales & 1 << scale) != 0) {
                out.putLong(high[scale]).putLong(low[scale]);
            }
        }
        if (floats) {
            for (double part : new double[] {sum, error, special}) {
                out.putLong(Double.doubleToRawLongBits(part));
            }
        }
    }

    static ExactSum read(ByteSource in) {
        ExactSum read = new ExactSum();
        read.count = in.varint();
        int flags = in.count(Integer.MAX_VALUE);
        read.scales = flags & ~FLOATS;
        for (int scale = 0; scale < read.high.length; scale++) {
            if ((read.scales & 1 << scale) != 0) {
                read.high[scale] = in.getLong();
                read.low[scale] = in.getLong();
            }
        }
        read.floats = (flags & FLOATS) != 0;
        if (read.floats) {
            read.sum = Double.longBitsToDouble(in.getLong());
            read.error = Double.longBitsToDouble(in.getLong());
            read.special = Double.longBitsToDouble(in.getLong());
        }
        return read;
    }

    /** How many numbers were added. */
    long count() {
        return count;
    }

    /** Whether the terms had one number of digits after the point and their sum fits a word. */
    private boolean isSmall() {
        return !floats && Integer.bitCount(scales) == 1 && high[scale()] == low[scale()] >> 63;
    }

    private int scale() {
        return Integer.numberOfTrailingZeros(scales);
    }

    /** An integer or decimal where all terms were and the sum fits, else a float. */
    Value value() {
        if (floats) {
            return Value.of(toDouble());
        }
        if (isSmall() && scale() == 0) {
            return Value.of(low[0]);
        }
        BigDecimal exact = exact();
        BigInteger mantissa = exact.unscaledValue();
        if (mantissa.bitLength() < 64) {
            if (exact.scale() == 0) {
                return Value.of(mantissa.longValue());
            }
            if (Value.isExact(mantissa.longValue(), exact.scale())) {
                return Value.decimal(mantissa.longValue(), exact.scale());
            }
        }
        return Value.of(exact.doubleValue());
    }

    double toDouble() {
        if (special != 0 || Double.isInfinite(sum)) {
            return special + sum;
        }
        double whole = sum + error;
        return scales == 0
                ? whole
                : exact().add(new BigDecimal(sum)).add(new BigDecimal(error)).doubleValue();
    }

    /** The sum over the count, at least one. */
    double mean() {
        if (isSmall() && Math.abs(low[scale()]) < 1L << 53 && low[scale()] != Long.MIN_VALUE) {
            double divisor = (double) Value.powerOfTen(scale()) * count;
            if (divisor < 1L << 53) { // both exact, so the quotient is rounded once
                return low[scale()] / divisor;
            }
        }
        return floats
                ? toDouble() / count
                : exact().divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
                        .doubleValue();
    }

    private BigDecimal exact() {
        BigDecimal total = BigDecimal.ZERO;
        for (int scale = 0; scale < high.length; scale++) {
            if ((scales & 1 << scale) != 0) {
                BigInteger mantissa =
                        BigInteger.valueOf(high[scale]).shiftLeft(64).add(unsigned(low[scale]));
                total = total.add(new BigDecimal(mantissa, scale));
            }
        }
        return total;
    }

    private static BigInteger unsigned(long word) {
        BigInteger signed = BigInteger.valueOf(word);
        return word < 0 ? signed.add(BigInteger.ONE.shiftLeft(64)) : signed;
    }
}
