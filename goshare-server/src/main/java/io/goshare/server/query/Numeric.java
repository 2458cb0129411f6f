package io.goshare.server.query;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import io.goshare.server.series.ChunkSummary;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Aggregates of numbers. Rows that hold none are passed over; null where there is no number at all. */
final class Numeric {
    /** From here on integers may differ though their doubles are equal; decimals have fewer digits. */
    private static final double MOST_APART = 0x1p53;

    private Numeric() {}

    static @Nullable Value sum(Slice slice) {
        ExactSum sum = total(slice);
        return sum.count() == 0 ? null : sum.value();
    }

    static @Nullable Value mean(Slice slice) {
        ExactSum sum = total(slice);
        return sum.count() == 0 ? null : Value.of(sum.mean());
    }

    private static ExactSum total(Slice slice) {
        ExactSum sum = slice.sum();
        slice.summaries().forEach(sum::add);
        return sum;
    }

    /** The greatest for {@code sign} 1, the least for -1, as it was written; of equal ones the first. NaN never. */
    static @Nullable Value extreme(Slice slice, int sign) {
        int row = extremeRow(slice, sign);
        Value best = row < 0 ? null : slice.points.value(row);
        long time = row < 0 ? Long.MAX_VALUE : slice.points.times()[row];
        for (ChunkSummary summary : slice.summaries()) {
            Value other = sign > 0 ? summary.greatest() : summary.least();
            if (other != null && (best == null || isBetter(other, summary.first() < time, best, sign))) {
                best = other;
                time = summary.first();
            }
        }
        return best;
    }

    private static boolean isBetter(Value other, boolean isEarlier, Value best, int sign) {
        double number = other.asDouble();
        double bestNumber = best.asDouble();
        return (sign > 0 ? number > bestNumber : number < bestNumber) || number == bestNumber && isEarlier;
    }

    static @Nullable Value extremeTime(Slice slice, int sign) {
        int row = extremeRow(slice, sign);
        return row < 0 ? null : Value.of(slice.points.times()[row]);
    }

    /** The row of {@link #extreme}; -1 if there is none. */
    static int extremeRow(Slice slice, int sign) {
        Columns points = slice.points;
        int best = -1;
        for (int row = slice.first; row < slice.end; ) {
            int end = points.endOfTag(row, slice.end);
            Kind kind = points.kind(row);
            if (kind == Kind.INTEGER || kind == Kind.DECIMAL) {
                best = better(points, best, extremeWord(points.words(), row, end, sign), sign);
            } else if (kind == Kind.FLOAT) {
                for (int i = row; i < end; i++) {
                    best = better(points, best, i, sign);
                }
            }
            row = end;
        }
        return best;
    }

    /** That of two rows whose number is more extreme, the first of equal ones; -1 counts as no row. */
    private static int better(Columns points, int best, int row, int sign) {
        double number = points.number(row);
        if (best < 0 || Double.isNaN(number)) {
            return Double.isNaN(number) ? best : row;
        }
        double bestNumber = points.number(best);
        boolean isBetter = number == bestNumber
                ? Double.isFinite(number)
                        && Math.abs(number) >= MOST_APART
                        && exact(points, row).compareTo(exact(points, best)) == sign
                : sign > 0 ? number > bestNumber : number < bestNumber;
        return isBetter ? row : best;
    }

    /** The first row of the greatest or least word: numbers of one kind and as many digits are ordered as these. */
    private static int extremeWord(long[] words, int from, int to, int sign) {
        int best = from;
        for (int i = from + 1; i < to; i++) {
            if (sign > 0 ? words[i] > words[best] : words[i] < words[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The number as it was written: those of this size may differ though their doubles are equal. */
    private static BigDecimal exact(Columns points, int row) {
        return points.kind(row) == Kind.FLOAT
                ? new BigDecimal(points.number(row))
                : BigDecimal.valueOf(points.words()[row], PointBatch.scale(points.tags()[row]));
    }

    static @Nullable Value range(Slice slice) {
        Value least = extreme(slice, -1);
        Value greatest = extreme(slice, 1);
        return least == null || greatest == null ? null : difference(greatest, least);
    }

    /** Exact where both are integers or decimals. */
    private static Value difference(Value left, Value right) {
        if (left.kind() == Kind.FLOAT || right.kind() == Kind.FLOAT) {
            return Value.of(left.asDouble() - right.asDouble());
        }
        BigDecimal exact =
                BigDecimal.valueOf(left.word(), left.scale()).subtract(BigDecimal.valueOf(right.word(), right.scale()));
        return number(exact);
    }

    static Value number(BigDecimal exact) {
        if (exact.unscaledValue().bitLength() < 64) {
            long mantissa = exact.unscaledValue().longValue();
            if (exact.scale() == 0) {
                return Value.of(mantissa);
            }
            if (Value.isExact(mantissa, exact.scale())) {
                return Value.decimal(mantissa, exact.scale());
            }
        }
        return Value.of(exact.doubleValue());
    }

    /** Linear interpolation between the closest ranks (Hyndman and Fan's type 7), as spreadsheets and NumPy do. */
    static @Nullable Value quantile(Slice slice, double rank) {
        double[] sorted = slice.sorted();
        if (sorted.length == 0) {
            return null;
        }
        double place = rank * (sorted.length - 1);
        int below = (int) Math.floor(place);
        double low = sorted[below];
        double high = sorted[Math.min(below + 1, sorted.length - 1)];
        return Value.of(low == high ? low : low + (high - low) * (place - below));
    }

    /**
     * Variance or its root, of a sample ({@code free} 1) or of all there is (0); null where too few numbers are there.
     */
    static @Nullable Value deviation(Slice slice, int free, boolean root) {
        ExactSum sum = new ExactSum().add(slice.points, slice.first, slice.end);
        if (sum.count() <= free) {
            return null;
        }
        double mean = sum.mean();
        ExactSum squares = new ExactSum();
        for (int i = slice.first; i < slice.end; i++) {
            if (slice.points.isNumber(i)) {
                double apart = slice.points.number(i) - mean;
                squares.add(apart * apart);
            }
        }
        double variance = squares.toDouble() / (sum.count() - free);
        return Value.of(root ? Math.sqrt(variance) : variance);
    }

    /** What a counter grew by since the point before the window; a drop is a reset to 0. */
    static @Nullable Value increase(Slice slice) {
        Growth growth = Growth.of(slice);
        return growth.isKnown() ? growth.value() : null;
    }

    /** {@link #increase} per second between the point before the window and its last. */
    static @Nullable Value rate(Slice slice) {
        Growth growth = Growth.of(slice);
        return growth.isKnown() ? Value.of(growth.value().asDouble() / growth.seconds()) : null;
    }
}
