package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Numbers between text and column words, without an object per number. A parser's result stands in {@link #kind},
 * {@link #scale} and {@link #word} until the next. For one thread.
 */
final class NumberText {
    private static final long CANONICAL_NAN = 0x7ff8000000000000L;

    Kind kind = Kind.INTEGER;
    int scale;
    long word;

    /** The number of {@link Value#inferNumber}: false where that would find text. */
    boolean infer(byte[] text, int offset, int end) {
        int i = offset;
        boolean negative = i < end && text[i] == '-';
        if (negative) {
            i++;
        }
        int first = i;
        int point = -1;
        long mantissa = 0;
        if (end - first > 16) {
            return inferLong(text, offset, end);
        }
        for (; i < end; i++) {
            int c = text[i] - '0';
            if (c >= 0 && c <= 9) {
                mantissa = mantissa * 10 + c;
            } else if (c == '.' - '0' && point < 0 && i > first) {
                point = i;
            } else {
                return false;
            }
        }
        int whole = (point < 0 ? end : point) - first;
        if (whole == 0 || whole > 1 && text[first] == '0' || point == end - 1 || negative && mantissa == 0) {
            return false;
        }
        word = negative ? -mantissa : mantissa;
        if (point < 0) {
            kind = Kind.INTEGER;
            scale = 0;
            return true;
        }
        kind = Kind.DECIMAL;
        scale = end - 1 - point;
        return Value.isExact(word, scale);
    }

    private boolean inferLong(byte[] text, int offset, int end) {
        Optional<Value> value = Value.inferNumber(text, offset, end - offset);
        value.ifPresent(this::take);
        return value.isPresent();
    }

    private void take(Value value) {
        kind = value.kind();
        scale = value.scale();
        word = value.word();
    }

    /**
     * A float64: plain digits are kept as a decimal, all else as the nearest double.
     *
     * @throws IllegalArgumentException if it is none, or beyond what a float64 holds
     */
    void parseFloat(byte[] text, int offset, int end) {
        if (infer(text, offset, end) && (kind == Kind.DECIMAL || Value.isExact(word, 0))) {
            kind = Kind.DECIMAL;
            return;
        }
        kind = Kind.FLOAT;
        scale = 0;
        word = floatBits(new String(text, offset, end - offset, StandardCharsets.ISO_8859_1));
    }

    /** Raw bits of text in the syntax of JSON numbers, or {@code NaN}, {@code NaN:bits in hex}, {@code -Infinity}. */
    static long floatBits(String text) {
        switch (text) {
            case "NaN" -> {
                return CANONICAL_NAN;
            }
            case "Infinity", "+Infinity" -> {
                return Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
            }
            case "-Infinity" -> {
                return Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY);
            }
            default -> {
                return text.startsWith("NaN:") ? nanBits(text) : finiteBits(text);
            }
        }
    }

    private static long nanBits(String text) {
        try {
            long bits = Long.parseUnsignedLong(text, 4, text.length(), 16);
            if (Double.isNaN(Double.longBitsToDouble(bits))) {
                return bits;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(shown(text) + " is no float64", e);
        }
        throw new IllegalArgumentException(shown(text) + " is no NaN");
    }

    private static long finiteBits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789.+-eE".indexOf(text.charAt(i)) < 0) {
                throw new IllegalArgumentException(shown(text) + " is no float64");
            }
        }
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(shown(text) + " is no float64", e);
        }
        if (Double.isInfinite(number)) {
            throw new IllegalArgumentException(shown(text) + " is beyond what a float64 holds");
        }
        return Double.doubleToRawLongBits(number);
    }

    /**
     * An int64.
     *
     * @throws IllegalArgumentException if it is none
     */
    void parseInteger(byte[] text, int offset, int end) {
        kind = Kind.INTEGER;
        scale = 0;
        if (end - offset <= 18 && end > offset) {
            int i = text[offset] == '-' ? offset + 1 : offset;
            long number = 0;
            int from = i;
            while (i < end && text[i] >= '0' && text[i] <= '9') {
                number = number * 10 + (text[i++] - '0');
            }
            if (i == end && i > from) {
                word = from == offset ? number : -number;
                return;
            }
        }
        String whole = new String(text, offset, end - offset, StandardCharsets.ISO_8859_1);
        try {
            word = Long.parseLong(whole);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(shown(whole) + " is no int64", e);
        }
    }

    private static String shown(String text) {
        return "\"" + (text.length() <= 40 ? text : text.substring(0, 40) + "…") + "\"";
    }

    /** What {@link #parseFloat} reads back bit for bit. */
    static String printFloat(long bits) {
        double number = Double.longBitsToDouble(bits);
        if (Double.isNaN(number)) {
            return bits == CANONICAL_NAN ? "NaN" : "NaN:" + Long.toHexString(bits);
        }
        return Value.printDouble(number);
    }

    static void printInteger(long number, ByteSink out) {
        if (number == Long.MIN_VALUE) {
            out.put(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        if (number < 0) {
            out.put('-');
        }
        out.putDigits(Math.abs(number), 1);
    }

    /** Mantissa and scale in plain digits. */
    static void printDecimal(long mantissa, int scale, ByteSink out) {
        if (scale == 0) {
            printInteger(mantissa, out);
            return;
        }
        if (mantissa == Long.MIN_VALUE) {
            out.put(Value.printDecimal(mantissa, scale).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        if (mantissa < 0) {
            out.put('-');
        }
        long power = Value.powerOfTen(scale);
        long positive = Math.abs(mantissa);
        out.putDigits(positive / power, 1).put('.').putDigits(positive % power, scale);
    }
}
