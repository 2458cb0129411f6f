package io.goshare.protocol.model;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One value: float64, int64, boolean, text or bytes, exactly as it was given. Immutable.
 *
 * <p>Two values are equal if they have the same type and mean the same: {@code 0.50} equals {@code 0.5}, int64 1 is not
 * float64 1.0; doubles compare by their bits, so NaN equals itself and -0.0 is not 0.0.
 */
public final class Value {
    /** Most digits after the point that a decimal remembers. */
    public static final int MAX_SCALE = 18;

    private static final byte[] NONE = {};
    private static final byte[] LEAST = Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);
    private static final long[] POWERS = new long[MAX_SCALE + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i <= MAX_SCALE; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final Kind kind;
    private final int scale;
    private final long word;
    private final byte[] bytes;

    private Value(Kind kind, int scale, long word, byte[] bytes) {
        this.kind = kind;
        this.scale = scale;
        this.word = word;
        this.bytes = bytes;
    }

    /** 10 to the power of {@code exponent}, 0 to {@link #MAX_SCALE}. */
    public static long powerOfTen(int exponent) {
        return POWERS[exponent];
    }

    public static Value of(double number) {
        return new Value(Kind.FLOAT, 0, Double.doubleToRawLongBits(number), NONE);
    }

    public static Value of(long number) {
        return new Value(Kind.INTEGER, 0, number, NONE);
    }

    public static Value of(boolean flag) {
        return new Value(Kind.BOOLEAN, 0, flag ? 1 : 0, NONE);
    }

    /** Text; lone surrogates other than those of {@link Text} are refused. */
    public static Value of(String text) {
        return text(Text.encode(text));
    }

    /** Text of these bytes, which need not be UTF-8 and must not change afterwards. */
    public static Value text(byte[] bytes) {
        return new Value(Kind.TEXT, 0, 0, bytes);
    }

    /** Bytes, which must not change afterwards. */
    public static Value of(byte[] bytes) {
        return new Value(Kind.BYTES, 0, 0, bytes);
    }

    /**
     * A float64 with {@code scale} digits after the point, from 0 to 18.
     *
     * @throws IllegalArgumentException if a float64 does not give these digits back: see {@link #isExact}
     */
    public static Value decimal(long mantissa, int scale) {
        if (!isExact(mantissa, scale)) {
            throw new IllegalArgumentException(mantissa + "e-" + scale + " is not exact as a float64");
        }
        return new Value(Kind.DECIMAL, scale, mantissa, NONE);
    }

    /**
     * Rebuilds a value from its column form: see {@link PointBatch}. {@code bytes} is empty unless the kind has some.
     */
    public static Value fromColumns(Kind kind, int scale, long word, byte[] bytes) {
        return new Value(kind, scale, word, bytes);
    }

    /** Whether mantissa / 10^scale is a float64 that gives the same digits back: at most 15 of them, or proven. */
    public static boolean isExact(long mantissa, int scale) {
        if (scale < 0 || scale > MAX_SCALE) {
            return false;
        }
        if (Math.abs(mantissa) <= 999_999_999_999_999L && mantissa != Long.MIN_VALUE) {
            return true;
        }
        BigDecimal exact = BigDecimal.valueOf(mantissa, scale);
        double nearest = exact.doubleValue();
        BigDecimal rounded = new BigDecimal(nearest).setScale(scale, java.math.RoundingMode.HALF_EVEN);
        return rounded.compareTo(exact) == 0;
    }

    /**
     * What text without a declared type means: {@code -?(0|[1-9][0-9]*)(\.[0-9]+)?} that an int64 or a float64 gives
     * back exactly is a number that remembers its digits; all else, such as {@code 007}, {@code 1e5} or twenty digits,
     * is text.
     */
    public static Value infer(byte[] text) {
        return inferNumber(text, 0, text.length).orElseGet(() -> text(text));
    }

    /** The number of {@link #infer}, or empty if it is text. */
    public static Optional<Value> inferNumber(byte[] text, int offset, int length) {
        int end = offset + length;
        int i = offset;
        boolean negative = i < end && text[i] == '-';
        if (negative) {
            i++;
        }
        int first = i;
        int point = -1;
        int digits = 0;
        long mantissa = 0;
        for (; i < end; i++) {
            int c = text[i];
            if (c == '.' && point < 0 && i > first) {
                point = i;
            } else if (c >= '0' && c <= '9') {
                if (++digits > 19 || mantissa > (Long.MAX_VALUE - (c - '0')) / 10) {
                    boolean least = Arrays.equals(text, offset, end, LEAST, 0, LEAST.length);
                    return least ? Optional.of(of(Long.MIN_VALUE)) : Optional.empty();
                }
                mantissa = mantissa * 10 + (c - '0');
            } else {
                return Optional.empty();
            }
        }
        int whole = (point < 0 ? end : point) - first;
        if (whole == 0 || whole > 1 && text[first] == '0' || point == end - 1) {
            return Optional.empty();
        }
        if (negative && mantissa == 0) {
            return Optional.empty();
        }
        long signed = negative ? -mantissa : mantissa;
        if (point < 0) {
            return Optional.of(of(signed));
        }
        int scale = end - 1 - point;
        return isExact(signed, scale) ? Optional.of(new Value(Kind.DECIMAL, scale, signed, NONE)) : Optional.empty();
    }

    public Kind kind() {
        return kind;
    }

    /** Digits after the point of a decimal; 0 for all else. */
    public int scale() {
        return scale;
    }

    /** The column word: double bits, mantissa, integer, 0 or 1; 0 for text and bytes. */
    public long word() {
        return word;
    }

    /** The bytes of text and bytes, not to be changed; empty for all else. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * The number as a float64.
     *
     * @throws IllegalStateException if it is no number
     */
    public double asDouble() {
        return switch (kind) {
            case FLOAT -> Double.longBitsToDouble(word);
            case DECIMAL -> decimalToDouble(word, scale);
            case INTEGER -> (double) word;
            case BOOLEAN, TEXT, BYTES -> throw new IllegalStateException(this + " is no number");
        };
    }

    /** mantissa / 10^scale as the nearest float64. */
    public static double decimalToDouble(long mantissa, int scale) {
        if (Math.abs(mantissa) < 1L << 53 && mantissa != Long.MIN_VALUE) {
            return (double) mantissa / POWERS[scale];
        }
        return BigDecimal.valueOf(mantissa, scale).doubleValue();
    }

    /** Text, or how the value prints: numbers with the digits they remember, bytes as base64. */
    public String asText() {
        return switch (kind) {
            case FLOAT -> printDouble(Double.longBitsToDouble(word));
            case DECIMAL -> printDecimal(word, scale);
            case INTEGER -> Long.toString(word);
            case BOOLEAN -> word == 1 ? "true" : "false";
            case TEXT -> Text.decode(bytes);
            case BYTES -> java.util.Base64.getEncoder().encodeToString(bytes);
        };
    }

    /** The bytes the first GoShare's clients get back: text and bytes as they are, all else as it prints. */
    public byte[] classicBytes() {
        return kind.isBytes() ? bytes : asText().getBytes(StandardCharsets.UTF_8);
    }

    /** Mantissa and scale in plain digits. */
    public static String printDecimal(long mantissa, int scale) {
        return scale == 0
                ? Long.toString(mantissa)
                : BigDecimal.valueOf(mantissa, scale).toPlainString();
    }

    /**
     * The shortest digits that give the double back, the same on every JDK (Giulietti, "The Schubfach way to render
     * doubles", 2021); {@code NaN}, {@code Infinity}, {@code -Infinity}. A whole number keeps one digit after the
     * point.
     */
    public static String printDouble(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.toString(number);
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        String shortest = NumberOutput.toString(number, true);
        return shortest.indexOf('E') < 0 ? shortest : printScaled(number, new BigDecimal(shortest));
    }

    /** The spelling of what is below a thousandth, or ten million and more. */
    private static String printScaled(double number, BigDecimal written) {
        BigDecimal shortest = written.stripTrailingZeros();
        if (Math.abs(number) < Double.MIN_NORMAL) { // a second digit where one would do, as Double.toString has it
            BigDecimal one = new BigDecimal(number, new MathContext(1));
            shortest = one.doubleValue() == number ? one : shortest;
        }
        if (shortest.scale() <= 0 && shortest.precision() - shortest.scale() <= 17) {
            return shortest.toBigInteger() + ".0";
        }
        return shortest.scale() > 0 && shortest.scale() <= 22 ? shortest.toPlainString() : shortest.toString();
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Value that)) {
            return false;
        }
        if (kind == that.kind && word == that.word && scale == that.scale) {
            return Arrays.equals(bytes, that.bytes);
        }
        return kind.letter() == that.kind.letter()
                && kind.letter() == 'f'
                && Double.doubleToRawLongBits(asDouble()) == Double.doubleToRawLongBits(that.asDouble());
    }

    @Override
    public int hashCode() {
        return kind.letter() == 'f'
                ? Double.hashCode(asDouble())
                : 31 * (31 * kind.hashCode() + Long.hashCode(word)) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return asText();
    }
}
