package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a chunk's header tells about its values, so that a question about all of a chunk needs no value of it;
 * docs/storage-format.md, "Chunks". Whole numbers and decimals are told exactly, floats without NaN and infinities.
 *
 * <pre>
 *   flags      varint: 1 integers, 2 decimals, 4 floats, 8 booleans, 16 text, 32 bytes are among the values;
 *              64 increase is told; 128 first and last value are told; 256 all decimals are of one scale
 *   counts     varint for each kind among them, if there is more than one
 *   changes    varint: points whose value differs from the one before
 *   integers   least, greatest: zig-zag; sum: length (1), two's complement
 *   decimals   scale (1), 0xff: they fit no common scale and nothing follows; least, greatest: zig-zag mantissas;
 *              sum of mantissas as above
 *   floats     NaN, +infinite, -infinite: varints; if others are left: least, greatest, sum, what the sum lost to
 *              rounding: 8 bytes each (double-double; Dekker, 1971)
 *   booleans   true ones: varint
 *   increase   numbers of one kind only: how much they grew in all, a fall counting as a new start from 0: zig-zag
 *              mantissa, of floats 8 bytes; then number of falls: varint
 *   first, last  tag (1); then zig-zag word, of floats 8 bytes, of text and bytes length (varint) and bytes
 * </pre>
 *
 * @param first time of the first point
 * @param last time of the last point
 * @param counts points by {@link Kind#code}
 * @param changes points whose value differs from the one before
 * @param integers of the integers; null: there are none
 * @param decimals of the decimals; null: there are none, or they fit no common scale
 * @param oneScale whether all decimals have the scale of {@code decimals}, so that its least is one of them
 * @param growth mantissa at {@link #scale}; null: not told, or not exact
 * @param firstValue null: not told
 * @param lastValue null: not told
 */
public record ChunkSummary(
        long first,
        long last,
        int[] counts,
        int changes,
        @Nullable Exact integers,
        @Nullable Exact decimals,
        boolean oneScale,
        @Nullable Long growth,
        @Nullable Value firstValue,
        @Nullable Value lastValue) {
    /** Numbers that are mantissas at one scale. */
    public record Exact(int scale, long least, long greatest, BigInteger sum) {
        Value value(long mantissa) {
            return scale == 0 ? Value.of(mantissa) : Value.decimal(mantissa, scale);
        }
    }

    private static final int INCREASE = 64;
    private static final int FIRST_LAST = 128;
    private static final int ONE_SCALE = 256;
    private static final int KINDS = 6;
    private static final int[] FLAGS = {4, 2, 1, 8, 16, 32};
    private static final int LONGEST_VALUE = 64;
    private static final int NO_SCALE = 0xff;
    /** Sums of so many words of at most this size stay within an int64. */
    private static final int MOST_PLAIN = 4096;

    private static final long MOST_PLAIN_WORD = 1L << 50;
    /** Integers below it differ as doubles too. */
    private static final long MOST_APART = 1L << 53;

    static void write(Points points, ByteSink out) {
        if (writePlain(points, out)) {
            return;
        }
        int n = points.count();
        int[] counts = new int[KINDS];
        int changes = 0;
        for (int i = 0; i < n; i++) {
            counts[points.tags()[i] & 7]++;
            changes += i > 0 && !Columns.same(points, i - 1, points, i) ? 1 : 0;
        }
        int flags = 0;
        int kinds = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            if (counts[kind] > 0) {
                flags |= FLAGS[kind];
                kinds++;
            }
        }
        ByteSink increase = new ByteSink();
        flags |= kinds == 1 && writeIncrease(points, increase) ? INCREASE : 0;
        flags |= length(points, 0) <= LONGEST_VALUE && length(points, n - 1) <= LONGEST_VALUE ? FIRST_LAST : 0;
        int scale = counts[Kind.DECIMAL.code()] > 0 ? commonScale(points) : 0;
        flags |= isOneScale(points, scale) ? ONE_SCALE : 0;
        out.putVarint(flags);
        for (int kind = 0; kind < KINDS && kinds > 1; kind++) {
            if (counts[kind] > 0) {
                out.putVarint(counts[kind]);
            }
        }
        out.putVarint(changes);
        if (counts[Kind.INTEGER.code()] > 0) {
            writeWhole(points, Kind.INTEGER, 0, out);
        }
        if (counts[Kind.DECIMAL.code()] > 0) {
            out.put(scale);
            if (scale != NO_SCALE) {
                writeWhole(points, Kind.DECIMAL, scale, out);
            }
        }
        if (counts[Kind.FLOAT.code()] > 0) {
            writeFloats(points, out);
        }
        if (counts[Kind.BOOLEAN.code()] > 0) {
            int trues = 0;
            for (int i = 0; i < n; i++) {
                trues += (points.tags()[i] & 7) == Kind.BOOLEAN.code() && points.words()[i] == 1 ? 1 : 0;
            }
            out.putVarint(trues);
        }
        out.put(increase.array(), 0, increase.size());
        if ((flags & FIRST_LAST) != 0) {
            writeValue(points, 0, out);
            writeValue(points, n - 1, out);
        }
    }

    /** Writes whole numbers or decimals of one kind, scale and moderate size, in one pass; false if they are others. */
    private static boolean writePlain(Points points, ByteSink out) {
        int n = points.count();
        byte tag = points.tags()[0];
        int kind = tag & 7;
        if (n > MOST_PLAIN || kind != Kind.INTEGER.code() && kind != Kind.DECIMAL.code()) {
            return false;
        }
        long before = points.words()[0];
        long least = before;
        long greatest = before;
        long sum = before;
        long grown = 0;
        int falls = 0;
        int changes = 0;
        int others = 0;
        for (int i = 1; i < n; i++) {
            long word = points.words()[i];
            others |= points.tags()[i] ^ tag;
            least = Math.min(least, word);
            greatest = Math.max(greatest, word);
            sum += word;
            boolean falling = word < before;
            falls += falling ? 1 : 0;
            grown += falling ? word : word - before;
            changes += word == before ? 0 : 1;
            before = word;
        }
        if (others != 0 || least < -MOST_PLAIN_WORD || greatest > MOST_PLAIN_WORD) {
            return false;
        }
        boolean decimal = kind == Kind.DECIMAL.code();
        out.putVarint(FLAGS[kind] | INCREASE | FIRST_LAST | (decimal ? ONE_SCALE : 0))
                .putVarint(changes);
        if (decimal) {
            out.put(PointBatch.scale(tag));
        }
        byte[] total = BigInteger.valueOf(sum).toByteArray();
        out.putZigZag(least).putZigZag(greatest).put(total.length).put(total);
        out.putZigZag(grown).putVarint(falls);
        writeValue(points, 0, out);
        writeValue(points, n - 1, out);
        return true;
    }

    private static int length(Points points, int row) {
        return Columns.isBytes(points.tags()[row]) ? (int) points.words()[row] : 8;
    }

    private static boolean isOneScale(Points points, int scale) {
        boolean found = false;
        for (int i = 0; i < points.count(); i++) {
            if ((points.tags()[i] & 7) == Kind.DECIMAL.code()) {
                if (PointBatch.scale(points.tags()[i]) != scale) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    private static int commonScale(Points points) {
        int scale = 0;
        for (int i = 0; i < points.count(); i++) {
            scale = Math.max(scale, PointBatch.scale(points.tags()[i]));
        }
        for (int i = 0; i < points.count(); i++) {
            byte tag = points.tags()[i];
            if ((tag & 7) == Kind.DECIMAL.code()) {
                long power = Value.powerOfTen(scale - PointBatch.scale(tag));
                long word = points.words()[i];
                if (Math.multiplyHigh(word, power) != word * power >> 63) {
                    return NO_SCALE;
                }
            }
        }
        return scale;
    }

    private static void writeWhole(Points points, Kind kind, int scale, ByteSink out) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        Int128 sum = new Int128();
        for (int i = 0; i < points.count(); i++) {
            byte tag = points.tags()[i];
            if ((tag & 7) == kind.code()) {
                long word = points.words()[i] * Value.powerOfTen(scale - PointBatch.scale(tag));
                least = Math.min(least, word);
                greatest = Math.max(greatest, word);
                sum.add(word);
            }
        }
        out.putZigZag(least).putZigZag(greatest);
        sum.write(out);
    }

    private static void writeFloats(Points points, ByteSink out) {
        int nan = 0;
        int positive = 0;
        int negative = 0;
        int finite = 0;
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double lost = 0;
        for (int i = 0; i < points.count(); i++) {
            if ((points.tags()[i] & 7) != Kind.FLOAT.code()) {
                continue;
            }
            double value = Double.longBitsToDouble(points.words()[i]);
            if (Double.isNaN(value)) {
                nan++;
            } else if (value == Double.POSITIVE_INFINITY) {
                positive++;
            } else if (value == Double.NEGATIVE_INFINITY) {
                negative++;
            } else {
                finite++;
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
                double next = sum + value;
                double part = next - sum;
                lost += sum - (next - part) + (value - part);
                sum = next;
            }
        }
        out.putVarint(nan).putVarint(positive).putVarint(negative);
        if (finite > 0) {
            out.putLong(Double.doubleToRawLongBits(least)).putLong(Double.doubleToRawLongBits(greatest));
            out.putLong(Double.doubleToRawLongBits(sum)).putLong(Double.doubleToRawLongBits(lost));
        }
    }

    /** Writes growth and falls; false if the values are no numbers, or their growth does not fit. */
    private static boolean writeIncrease(Points points, ByteSink out) {
        Kind kind = PointBatch.kind(points.tags()[0]);
        if (!kind.isNumber()) {
            return false;
        }
        int falls = 0;
        if (kind == Kind.FLOAT) {
            double grown = 0;
            for (int i = 1; i < points.count(); i++) {
                double before = Double.longBitsToDouble(points.words()[i - 1]);
                double value = Double.longBitsToDouble(points.words()[i]);
                falls += value < before ? 1 : 0;
                grown += value < before ? value : value - before;
            }
            out.putLong(Double.doubleToRawLongBits(grown)).putVarint(falls);
            return true;
        }
        int scale = kind == Kind.DECIMAL ? commonScale(points) : 0;
        if (scale == NO_SCALE) {
            return false;
        }
        Int128 grown = new Int128();
        long before = 0;
        for (int i = 0; i < points.count(); i++) {
            long value = points.words()[i] * Value.powerOfTen(scale - PointBatch.scale(points.tags()[i]));
            if (i > 0) {
                falls += value < before ? 1 : 0;
                long difference = value - before;
                if (value >= before && difference < 0) {
                    return false;
                }
                grown.add(value < before ? value : difference);
            }
            before = value;
        }
        BigInteger total = grown.value();
        if (total.bitLength() > 63) {
            return false;
        }
        out.putZigZag(total.longValue()).putVarint(falls);
        return true;
    }

    private static void writeValue(Points points, int row, ByteSink out) {
        byte tag = points.tags()[row];
        long word = points.words()[row];
        out.put(tag);
        if (Columns.isBytes(tag)) {
            int length = (int) word;
            out.putVarint(length).put(points.heap(), (int) (word >>> 32), length);
        } else if ((tag & 7) == Kind.FLOAT.code()) {
            out.putLong(word);
        } else {
            out.putZigZag(word);
        }
    }

    /** Reads what {@link #write} wrote of {@code points} points between these times. */
    static ChunkSummary read(ByteSource in, int points, long first, long last) {
        int flags = (int) in.varint();
        int[] counts = new int[KINDS];
        boolean oneKind = Integer.bitCount(flags & INCREASE - 1) == 1;
        for (int kind = 0; kind < KINDS; kind++) {
            if ((flags & FLAGS[kind]) != 0) {
                counts[kind] = oneKind ? points : in.count(points);
            }
        }
        int changes = in.count(points);
        Exact integers = counts[Kind.INTEGER.code()] > 0 ? readWhole(in, 0) : null;
        int scale = counts[Kind.DECIMAL.code()] > 0 ? in.get() : NO_SCALE;
        Exact decimals = scale == NO_SCALE ? null : readWhole(in, scale);
        int floats = counts[Kind.FLOAT.code()];
        if (floats > 0 && floats > in.count(floats) + in.count(floats) + in.count(floats)) {
            in.take(4 * Long.BYTES);
        }
        if (counts[Kind.BOOLEAN.code()] > 0) {
            in.count(points);
        }
        Long growth = null;
        if ((flags & INCREASE) != 0) {
            growth = readGrowth(in, floats > 0);
            in.count(points);
        }
        boolean told = (flags & FIRST_LAST) != 0;
        Value firstValue = told ? readValue(in) : null;
        Value lastValue = told ? readValue(in) : null;
        boolean oneScale = (flags & ONE_SCALE) != 0;
        return new ChunkSummary(
                first, last, counts, changes, integers, decimals, oneScale, growth, firstValue, lastValue);
    }

    private static Exact readWhole(ByteSource in, int scale) {
        return new Exact(scale, in.zigZag(), in.zigZag(), Int128.read(in));
    }

    private static @Nullable Long readGrowth(ByteSource in, boolean isFloat) {
        if (isFloat) {
            in.getLong();
            return null;
        }
        return in.zigZag();
    }

    private static Value readValue(ByteSource in) {
        byte tag = (byte) in.get();
        Kind kind = PointBatch.kind(tag);
        if (kind.isBytes()) {
            int length = in.count(LONGEST_VALUE);
            int start = in.take(length);
            return Value.fromColumns(kind, 0, 0, Arrays.copyOfRange(in.array(), start, start + length));
        }
        long word = kind == Kind.FLOAT ? in.getLong() : in.zigZag();
        return Value.fromColumns(kind, PointBatch.scale(tag), word, new byte[0]);
    }

    public int points() {
        return Arrays.stream(counts).sum();
    }

    /** How many of the points are numbers. */
    public int numbers() {
        return counts[Kind.INTEGER.code()] + counts[Kind.DECIMAL.code()] + counts[Kind.FLOAT.code()];
    }

    /** Whether {@link #firstValue} and {@link #lastValue} are told. */
    public boolean tellsEnds() {
        return firstValue != null && lastValue != null;
    }

    /** Whether {@link #growth} is told, of all points there are, and the ends too. */
    public boolean tellsGrowth() {
        return growth != null && tellsEnds();
    }

    /** Digits after the point of {@link #growth}. */
    public int scale() {
        return decimals == null ? 0 : decimals.scale;
    }

    /**
     * Whether {@link #integers} and {@link #decimals} are all numbers there are. A sum of floats depends on their
     * order.
     */
    public boolean tellsSums() {
        return counts[Kind.FLOAT.code()] == 0 && (counts[Kind.DECIMAL.code()] == 0 || decimals != null);
    }

    /** Whether {@link #least} and {@link #greatest} are told as they were written, and apart as doubles. */
    public boolean tellsExtremes() {
        int numbers = numbers();
        if (numbers == counts[Kind.INTEGER.code()]) {
            return integers == null || isPlain(integers);
        }
        return numbers == counts[Kind.DECIMAL.code()] && oneScale && decimals != null && isPlain(decimals);
    }

    private static boolean isPlain(Exact exact) {
        return exact.least > -MOST_APART && exact.greatest < MOST_APART;
    }

    /** The least number; null if there is none. Only where {@link #tellsExtremes}. */
    public @Nullable Value least() {
        Exact exact = integers == null ? decimals : integers;
        return exact == null ? null : exact.value(exact.least);
    }

    /** The greatest number; null if there is none. Only where {@link #tellsExtremes}. */
    public @Nullable Value greatest() {
        Exact exact = integers == null ? decimals : integers;
        return exact == null ? null : exact.value(exact.greatest);
    }
}
