package io.goshare.protocol.model;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * Instants written {@code 2014-07-01T12:00:00.123456789+02:00}, up to nine digits of the second, with {@code Z} or an
 * offset, {@code t}, {@code z} or a blank in place of the {@code T}: RFC 3339, section 5.6. Leap seconds are not told.
 */
public final class Rfc3339 {
    private static final int SECONDS_END = 19;
    private static final long NANOS = 1_000_000_000L;
    private static final long DAY = 86_400;

    private Rfc3339() {}

    /**
     * Nanoseconds since 1970; empty if {@code text} is written otherwise.
     *
     * @throws DateTimeException if there is no such day or time of day
     * @throws ArithmeticException if an int64 of nanoseconds cannot hold it
     */
    public static OptionalLong parse(String text) {
        int end = text.length();
        if (end <= SECONDS_END || !isPunctuated(text)) {
            return OptionalLong.empty();
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, SECONDS_END);
        int zone = SECONDS_END;
        int nanos = 0;
        if (text.charAt(zone) == '.') {
            zone++;
            while (zone < end && isDigit(text.charAt(zone))) {
                zone++;
            }
            int digits = zone - SECONDS_END - 1;
            nanos = digits == 0 || digits > 9 ? -1 : number(text, SECONDS_END + 1, zone);
            for (int i = digits; i < 9; i++) {
                nanos *= 10;
            }
        }
        int offset = offset(text, zone);
        if ((year | month | day | hour | minute | second | nanos) < 0 || offset == Integer.MIN_VALUE) {
            return OptionalLong.empty();
        }
        if (hour > 23 || minute > 59 || second > 59) {
            throw new DateTimeException("there is no time of day " + text.substring(11, SECONDS_END));
        }
        long secondOfDay = hour * 3600L + minute * 60L + second;
        long seconds = LocalDate.of(year, month, day).toEpochDay() * DAY + secondOfDay - offset;
        return OptionalLong.of(nanos(seconds, nanos));
    }

    /** The first nanosecond that an int64 holds is not the first of its second. */
    private static long nanos(long seconds, int nanos) {
        return seconds < 0
                ? Math.addExact(Math.multiplyExact(seconds + 1, NANOS), nanos - NANOS)
                : Math.addExact(Math.multiplyExact(seconds, NANOS), nanos);
    }

    private static boolean isPunctuated(String text) {
        return text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && "Tt ".indexOf(text.charAt(10)) >= 0
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
    }

    /** Seconds east of UTC; {@code Integer.MIN_VALUE} if that is none. */
    private static int offset(String text, int at) {
        int rest = text.length() - at;
        if (rest == 1 && (text.charAt(at) == 'Z' || text.charAt(at) == 'z')) {
            return 0;
        }
        if (rest != 6 || text.charAt(at + 3) != ':' || "+-".indexOf(text.charAt(at)) < 0) {
            return Integer.MIN_VALUE;
        }
        int hours = number(text, at + 1, at + 3);
        int minutes = number(text, at + 4, at + 6);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int seconds = hours * 3600 + minutes * 60;
        return text.charAt(at) == '+' ? seconds : -seconds;
    }

    /** The number that these digits are; -1 if they are none. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            number = number * 10 + (text.charAt(i) - '0');
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
