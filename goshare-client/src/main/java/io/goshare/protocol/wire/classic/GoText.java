package io.goshare.protocol.wire.classic;

import io.goshare.protocol.model.Text;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Go's rules of white space, quoting and integers, on strings of {@link Text}. */
final class GoText {
    private static final BigInteger MAX_UNSIGNED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private GoText() {}

    /** Go's unicode.IsSpace: Unicode's White_Space, no-break spaces with it. */
    static boolean isSpace(int point) {
        return switch (point) {
            case '\t', '\n', 0x0b, '\f', '\r', ' ', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
            default -> point >= 0x2000 && point <= 0x200a;
        };
    }

    /** Go's strings.Fields: the runs between white space, none of them empty. */
    static List<String> fields(String text) {
        List<String> fields = new ArrayList<>();
        int start = -1;
        for (int i = 0; i < text.length(); i++) {
            boolean space = isSpace(text.charAt(i)); // all white space is one char wide
            if (space && start >= 0) {
                fields.add(text.substring(start, i));
                start = -1;
            } else if (!space && start < 0) {
                start = i;
            }
        }
        if (start >= 0) {
            fields.add(text.substring(start));
        }
        return fields;
    }

    /** Go's strings.TrimSpace. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /**
     * What the first GoShare made of a number: Go's strconv.Atoi with its error ignored. No integer is 0; one that is
     * too large is the nearest int64, even where garbage follows the digit that made it so.
     */
    static long atoi(String text) {
        boolean signed = text.startsWith("+") || text.startsWith("-");
        String digits = signed ? text.substring(1) : text;
        BigInteger magnitude = BigInteger.ZERO;
        if (digits.isEmpty()) {
            return 0;
        }
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            magnitude = magnitude.multiply(BigInteger.TEN).add(BigInteger.valueOf(digit));
            if (magnitude.compareTo(MAX_UNSIGNED) > 0) {
                break;
            }
        }
        return text.startsWith("-")
                ? magnitude.negate().max(MIN).longValueExact()
                : magnitude.min(MAX).longValueExact();
    }

    /** Appends Go's {@code %q} of {@code text}. */
    static void quote(String text, StringBuilder out) {
        out.append('"');
        text.codePoints().forEach(point -> quote(point, out));
        out.append('"');
    }

    private static void quote(int point, StringBuilder out) {
        switch (point) {
            case '"', '\\' -> out.append('\\').append((char) point);
            case 0x07 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 0x0b -> out.append("\\v");
            default -> {
                if (isPrintable(point)) {
                    out.appendCodePoint(point);
                } else if (point < ' ' || point == 0x7f) {
                    out.append(String.format(Locale.ROOT, "\\x%02x", point));
                } else if (point >= 0xDC80 && point <= 0xDCFF) { // a byte that is no UTF-8: see Text
                    out.append(String.format(Locale.ROOT, "\\x%02x", point - 0xDC00));
                } else {
                    out.append(String.format(Locale.ROOT, point < 0x10000 ? "\\u%04x" : "\\U%08x", point));
                }
            }
        }
    }

    /** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII blank. */
    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> true;
        };
    }
}
