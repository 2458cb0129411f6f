package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Rfc3339;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Timedot;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Instants as text: RFC 3339 ({@code 2014-07-01T12:00:00.5+02:00}, or the date alone), an integer with its unit
 * ({@code 1404172800s}, {@code ms}, {@code us}, {@code ns}), a bare integer whose unit is declared, a timedot
 * ({@code 2014:7:1}).
 */
public final class TimeText {
    /** Seconds of 1990 and 2100: a bare integer that falls between them in a coarser unit was meant in that. */
    private static final long USUAL_FROM = 631_152_000L;

    private static final long USUAL_TO = 4_102_444_800L;

    private static final long NANOS = 1_000_000_000L;
    private static final long DAY = 86_400;

    /** Digits of an int64; so many may exceed it, and then turn negative. */
    private static final int MAX_DIGITS = 19;

    private TimeText() {}

    /** The unit of {@code ns us ms s}. */
    public static TimeUnit unit(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "ns" -> TimeUnit.NANOSECONDS;
            case "us" -> TimeUnit.MICROSECONDS;
            case "ms" -> TimeUnit.MILLISECONDS;
            case "s" -> TimeUnit.SECONDS;
            default -> throw new IllegalArgumentException(word + " is no unit; units are ns, us, ms and s");
        };
    }

    private static String word(TimeUnit unit) {
        return switch (unit) {
            case SECONDS -> "s";
            case MILLISECONDS -> "ms";
            case MICROSECONDS -> "us";
            default -> "ns";
        };
    }

    /**
     * Nanoseconds since 1970 of a bare integer.
     *
     * @throws IllegalArgumentException if int64 nanoseconds cannot hold it (years 1677 to 2262), or if it falls into
     *     the first months of 1970 and would be a usual time in a coarser unit
     */
    public static long ofInteger(long number, TimeUnit unit) {
        if (unit == TimeUnit.NANOSECONDS && number >= USUAL_TO * 1_000_000) {
            return number; // past what is usual in any coarser unit
        }
        TimeUnit meant = meant(number, unit);
        if (meant != unit) {
            throw new IllegalArgumentException(
                    number + " as " + name(unit) + " is " + print(nanos(number, unit)) + "; if it is " + name(meant)
                            + ", write " + number + word(meant) + " or give precision=" + word(meant));
        }
        return nanos(number, unit);
    }

    /** Whether {@link #ofInteger} would refuse these nanoseconds, so that they need their unit behind them. */
    static boolean needsUnit(long nanos) {
        return nanos < USUAL_TO * 1_000_000 && meant(nanos, TimeUnit.NANOSECONDS) != TimeUnit.NANOSECONDS;
    }

    /** The unit in which the number is a usual time, if it is none in {@code unit} but in a coarser one. */
    private static TimeUnit meant(long number, TimeUnit unit) {
        TimeUnit coarser = unit;
        while (coarser != TimeUnit.SECONDS) {
            coarser = next(coarser);
            long seconds = coarser.toSeconds(number);
            if (seconds >= USUAL_FROM && seconds < USUAL_TO) {
                return coarser;
            }
        }
        return unit;
    }

    private static TimeUnit next(TimeUnit unit) {
        return switch (unit) {
            case NANOSECONDS -> TimeUnit.MICROSECONDS;
            case MICROSECONDS -> TimeUnit.MILLISECONDS;
            default -> TimeUnit.SECONDS;
        };
    }

    private static String name(TimeUnit unit) {
        return unit.name().toLowerCase(Locale.ROOT);
    }

    /** The same for a number that is known to be meant in {@code unit}: only the range is checked. */
    static long nanos(long number, TimeUnit unit) {
        long nanos = unit.toNanos(number);
        if (unit.convert(nanos, TimeUnit.NANOSECONDS) != number || nanos == PointBatch.NO_TIME) {
            throw outOfRange(number + " as " + name(unit));
        }
        return nanos;
    }

    private static IllegalArgumentException outOfRange(String what) {
        return new IllegalArgumentException(
                what + " lies outside of 1677-09-21 to 2262-04-11, which is what times can be");
    }

    /**
     * Nanoseconds since 1970 of text; {@code unit} is that of bare integers.
     *
     * @throws IllegalArgumentException if it is none of the forms, out of range, or implausible
     */
    public static long parse(byte[] text, int offset, int length, TimeUnit unit) {
        int end = offset + length;
        int at = offset < end && text[offset] == '-' ? offset + 1 : offset;
        int digits = at;
        long number = 0;
        while (at < end && text[at] >= '0' && text[at] <= '9' && at - digits < MAX_DIGITS) {
            number = number * 10 + (text[at++] - '0');
        }
        if (at == end && at > digits && number >= 0) {
            return ofInteger(digits == offset ? number : -number, unit);
        }
        return parse(new String(text, offset, length, StandardCharsets.UTF_8), unit);
    }

    /** The same for a string. */
    public static long parse(String text, TimeUnit unit) {
        int unitAt = text.length();
        while (unitAt > 0 && text.charAt(unitAt - 1) >= 'a' && text.charAt(unitAt - 1) <= 'z') {
            unitAt--;
        }
        if (isInteger(text, unitAt)) {
            return integer(text, unitAt, unit);
        }
        if (text.length() >= 10 && text.charAt(4) == '-' && text.charAt(7) == '-') {
            return rfc3339(text);
        }
        if (text.indexOf(':') > 0) {
            return timedot(text);
        }
        throw unknown(text);
    }

    private static boolean isInteger(String text, int end) {
        int from = text.startsWith("-") ? 1 : 0;
        for (int i = from; i < end; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return end > from;
    }

    private static long integer(String text, int unitAt, TimeUnit unit) {
        long number;
        try {
            number = Long.parseLong(text, 0, unitAt, 10);
        } catch (NumberFormatException e) {
            throw outOfRange(shortened(text));
        }
        return unitAt == text.length() ? ofInteger(number, unit) : nanos(number, unit(text.substring(unitAt)));
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("\"" + shortened(text)
                + "\" is no time; write 2014-07-01T12:00:00Z, 1404216000s (or ms, us, ns) or 2014:7:1:12");
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private static long timedot(String text) {
        String[] parts = text.split(":", -1);
        long[] numbers = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (!isInteger(parts[i], parts[i].length()) || parts[i].length() > 9) {
                throw unknown(text);
            }
            numbers[i] = Long.parseLong(parts[i]);
        }
        return Timedot.span(numbers).map(TimeRange::from).orElseThrow(() -> outOfRange(text));
    }

    private static long rfc3339(String text) {
        long nanos;
        try {
            nanos = Rfc3339.parse(text.length() == 10 ? text + "T00:00:00Z" : text)
                    .orElseThrow(() -> unknown(text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + shortened(text) + "\" is no time: " + e.getMessage(), e);
        } catch (ArithmeticException e) {
            throw outOfRange(shortened(text));
        }
        if (nanos == PointBatch.NO_TIME) {
            throw outOfRange(text);
        }
        return nanos;
    }

    /** RFC 3339 in UTC, with three, six or nine digits of the second where it needs them. */
    public static String print(long nanos) {
        ByteSink out = new ByteSink(32);
        print(nanos, out);
        return new String(out.array(), 0, out.size(), StandardCharsets.ISO_8859_1);
    }

    /** The same, appended to {@code out}. */
    static void print(long nanos, ByteSink out) {
        long seconds = Math.floorDiv(nanos, NANOS);
        int nano = (int) (nanos - seconds * NANOS);
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, DAY));
        long second = Math.floorMod(seconds, DAY);
        out.putDigits(date.getYear(), 4).put('-');
        out.putDigits(date.getMonthValue(), 2).put('-');
        out.putDigits(date.getDayOfMonth(), 2).put('T');
        out.putDigits(second / 3600, 2).put(':');
        out.putDigits(second / 60 % 60, 2).put(':');
        out.putDigits(second % 60, 2);
        if (nano % 1_000_000 == 0 && nano > 0) {
            out.put('.').putDigits(nano / 1_000_000, 3);
        } else if (nano % 1000 == 0 && nano > 0) {
            out.put('.').putDigits(nano / 1000, 6);
        } else if (nano > 0) {
            out.put('.').putDigits(nano, 9);
        }
        out.put('Z');
    }
}
