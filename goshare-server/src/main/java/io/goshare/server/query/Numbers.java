package io.goshare.server.query;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.math.BigDecimal;

/**
 * A column of numbers being made, with the arithmetic that keeps whole numbers and decimals exact as long as an int64
 * can. For one thread.
 */
final class Numbers {

    private final long[] times;
    private final byte[] tags;
    private final long[] words;
    private final Columns soFar;
    private int count;

    Numbers(int room) {
        times = new long[room];
        tags = new byte[room];
        words = new long[room];
        soFar = new Columns(room, times, tags, words, new byte[0]);
    }

    static boolean isFloat(byte tag) {
        return PointBatch.kind(tag) == Kind.FLOAT;
    }

    /** The number of a tag and a word of columns. */
    static double toDouble(byte tag, long word) {
        return switch (PointBatch.kind(tag)) {
            case INTEGER -> (double) word;
            case DECIMAL -> Value.decimalToDouble(word, PointBatch.scale(tag));
            case FLOAT -> Double.longBitsToDouble(word);
            case BOOLEAN, TEXT, BYTES -> throw new IllegalStateException(PointBatch.kind(tag) + " is no number");
        };
    }

    /** Whether one number is less than another: exactly, unless one is a float. */
    static boolean isLess(byte leftTag, long left, byte rightTag, long right) {
        if (leftTag == rightTag && !isFloat(leftTag)) {
            return left < right;
        }
        double leftNumber = toDouble(leftTag, left);
        double rightNumber = toDouble(rightTag, right);
        if (leftNumber != rightNumber || isFloat(leftTag) || isFloat(rightTag)) {
            return leftNumber < rightNumber;
        }
        return BigDecimal.valueOf(left, PointBatch.scale(leftTag))
                        .compareTo(BigDecimal.valueOf(right, PointBatch.scale(rightTag)))
                < 0;
    }

    Columns build() {
        return new Columns(count, times, tags, words, new byte[0]);
    }

    void add(long time, double number) {
        put(time, Kind.FLOAT, 0, Double.doubleToRawLongBits(number));
    }

    /**
     * Adds {@code mantissa} with {@code scale} digits after the point, or the nearest float if it is no exact value.
     */
    void add(long time, long mantissa, int scale) {
        if (scale == 0) {
            put(time, Kind.INTEGER, 0, mantissa);
        } else if (Value.isExact(mantissa, scale)) {
            put(time, Kind.DECIMAL, scale, mantissa);
        } else {
            add(time, Value.decimalToDouble(mantissa, scale));
        }
    }

    /** Adds the number of {@code row} as it is, at {@code time}. */
    void copy(long time, Columns from, int row) {
        times[count] = time;
        tags[count] = from.tags()[row];
        words[count++] = from.words()[row];
    }

    /** Adds row {@code a} plus {@code sign} times row {@code b}. */
    void sum(long time, Columns columns, int a, int sign, Columns others, int b) {
        byte left = columns.tags()[a];
        byte right = others.tags()[b];
        if (PointBatch.kind(left) != Kind.FLOAT && PointBatch.kind(right) != Kind.FLOAT) {
            int scale = Math.max(PointBatch.scale(left), PointBatch.scale(right));
            long x = columns.words()[a];
            long y = others.words()[b];
            long xPower = Value.powerOfTen(scale - PointBatch.scale(left));
            long yPower = Value.powerOfTen(scale - PointBatch.scale(right)) * sign;
            long xWide = x * xPower;
            long yWide = y * yPower;
            long total = xWide + yWide;
            boolean fits = Math.multiplyHigh(x, xPower) == xWide >> 63
                    && Math.multiplyHigh(y, yPower) == yWide >> 63
                    && ((xWide ^ total) & (yWide ^ total)) >= 0;
            if (fits) {
                add(time, total, scale);
                return;
            }
        }
        add(time, columns.number(a) + sign * others.number(b));
    }

    /** Adds the number of {@code row} rounded half away from zero to {@code digits} after the point. */
    void rounded(long time, Columns columns, int row, int digits) {
        int scale = PointBatch.scale(columns.tags()[row]);
        if (columns.kind(row) != Kind.FLOAT) {
            if (scale <= digits) {
                copy(time, columns, row);
                return;
            }
            long power = Value.powerOfTen(scale - digits);
            long word = columns.words()[row];
            long half = word % power / (power / 10) >= 5 ? 1 : word % power / (power / 10) <= -5 ? -1 : 0;
            add(time, word / power + half, digits);
            return;
        }
        double wide = columns.number(row) * Value.powerOfTen(digits);
        if (Math.abs(wide) < 1L << 52) {
            add(time, Math.round(Math.abs(wide)) * (wide < 0 ? -1 : 1), digits);
        } else {
            copy(time, columns, row);
        }
    }

    /** What was added so far; later rows come to stand in it too. */
    Columns soFar() {
        return soFar;
    }

    int count() {
        return count;
    }

    private void put(long time, Kind kind, int scale, long word) {
        times[count] = time;
        tags[count] = PointBatch.tag(kind, scale);
        words[count++] = word;
    }
}
