package io.goshare.protocol.model;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instant as people write it; it gets its meaning from a clock and a time zone. Immutable; equal if written alike.
 *
 * <pre>
 *   2014-07-01T12:00:00Z  2014-07-01T12:00:00+02:00   RFC 3339
 *   2014-07-01  2014-07-01T12:00                      in the zone asked for
 *   1404172800s  …ms  …us  …ns                        since 1970
 *   now  -1h  +5m  now-1d/d  -1mo/mo                  from now on, then down to the start of a unit
 *   2014:7  2014:7:1:12                               timedot: where that span begins, UTC
 * </pre>
 *
 * Days, weeks, months, quarters and years step in local time; smaller units count seconds.
 */
public final class TimeText {
    private static final Pattern EPOCH = Pattern.compile("(\\d{1,19})(s|ms|us|ns)");
    private static final Pattern DOT = Pattern.compile("\\d{1,9}(:\\d{1,9}){0,6}");
    private static final Pattern RELATIVE =
            Pattern.compile("(now)?((?:[+-](?:\\d{1,9}[a-z]{1,2})+)*)(?:/([a-z]{1,2}))?");
    private static final Pattern ZONED = Pattern.compile(".*T.*([zZ]|[+-]\\d\\d:\\d\\d)");
    private static final Pattern TERM = Pattern.compile("([+-])?(\\d{1,9})([a-z]{1,2})");
    private static final String REMEDY =
            "an instant is 2014-07-01T12:00:00Z, 1404172800s, now, -1h, now-1d/d or a timedot such as 2014:7:1";

    /** Turns a clock and a zone into nanoseconds since 1970. */
    @FunctionalInterface
    private interface Form {
        long resolve(long nowNanos, ZoneId zone);
    }

    private final String text;
    private final Form form;

    private TimeText(String text, Form form) {
        this.text = text;
        this.form = form;
    }

    /** @throws IllegalArgumentException if it is none of the spellings above */
    public static TimeText parse(String text) {
        return new TimeText(text, form(text));
    }

    private static Form form(String text) {
        OptionalLong instant = rfc3339(text);
        if (instant.isPresent()) {
            long nanos = instant.getAsLong();
            return (now, zone) -> nanos;
        }
        Matcher epoch = EPOCH.matcher(text);
        if (epoch.matches()) {
            long nanos = epoch(epoch.group(1), epoch.group(2));
            return (now, zone) -> nanos;
        }
        if (DOT.matcher(text).matches()) {
            long nanos = dot(text).from();
            return (now, zone) -> nanos;
        }
        Matcher relative = RELATIVE.matcher(text);
        if (!text.isEmpty() && !text.startsWith("/") && relative.matches()) {
            return relative(relative.group(2), Optional.ofNullable(relative.group(3)));
        }
        return absolute(text);
    }

    private static OptionalLong rfc3339(String text) {
        try {
            return Rfc3339.parse(text);
        } catch (DateTimeException e) {
            throw noInstant(e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is not between the years 1677 and 2262", e);
        }
    }

    private static IllegalArgumentException noInstant(DateTimeException e) {
        return new IllegalArgumentException("is no instant; " + REMEDY, e);
    }

    private static long epoch(String digits, String unit) {
        try {
            return Math.multiplyExact(
                    Long.parseLong(digits),
                    switch (unit) {
                        case "s" -> 1_000_000_000L;
                        case "ms" -> 1_000_000L;
                        case "us" -> 1_000L;
                        default -> 1L;
                    });
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("is after the year 2262", e);
        }
    }

    /** The span of a timedot of one to seven parts. */
    static TimeRange dot(String text) {
        String[] parts = text.split(":");
        if (parts[0].length() != 4) {
            throw new IllegalArgumentException("is neither a timedot, which begins with a year of four digits, nor"
                    + " seconds since 1970, which need a unit: " + parts[0] + "s, ms, us or ns");
        }
        long[] numbers = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = Long.parseLong(parts[i]);
        }
        return Timedot.span(numbers)
                .orElseThrow(() -> new IllegalArgumentException(
                        "is no timedot year:month:day:hour:minute:second:nanosecond of the calendar"));
    }

    private static Form relative(String terms, Optional<String> rounding) {
        TERM.matcher(terms).results().forEach(term -> unit(term.group(3)));
        Optional<CalendarUnit> down = rounding.map(symbol -> CalendarUnit.ofSymbol(symbol)
                .orElseThrow(
                        () -> new IllegalArgumentException("rounds to " + symbol + "; units are s m h d w mo q y")));
        return (now, zone) -> {
            ZonedDateTime time = CalendarUnit.at(now, zone);
            Matcher term = TERM.matcher(terms);
            boolean back = false;
            while (term.find()) {
                back = term.group(1) == null ? back : term.group(1).equals("-");
                long count = Long.parseLong(term.group(2));
                time = plus(time, back ? -count : count, unit(term.group(3)));
            }
            ZonedDateTime moved = time;
            return CalendarUnit.nanos(down.map(unit -> unit.floor(moved)).orElse(moved));
        };
    }

    private static String unit(String symbol) {
        if (CalendarUnit.ofSymbol(symbol).isEmpty() && !symbol.matches("ms|us|ns")) {
            throw new IllegalArgumentException(
                    "has the unknown unit " + symbol + "; units are ns us ms s m h d w mo q y");
        }
        return symbol;
    }

    private static ZonedDateTime plus(ZonedDateTime time, long count, String symbol) {
        return switch (symbol) {
            case "ns" -> time.plusNanos(count);
            case "us" -> time.plusNanos(count * 1_000);
            case "ms" -> time.plusNanos(count * 1_000_000);
            default -> CalendarUnit.ofSymbol(symbol).orElseThrow().plus(time, count);
        };
    }

    private static Form absolute(String text) {
        try {
            if (text.length() == 10) {
                LocalDate day = LocalDate.parse(text);
                return (now, zone) -> CalendarUnit.nanos(day.atStartOfDay(zone));
            }
            String upper = text.replace(' ', 'T');
            if (ZONED.matcher(upper).matches()) {
                long nanos = CalendarUnit.nanos(OffsetDateTime.parse(upper).toInstant());
                return (now, zone) -> nanos;
            }
            LocalDateTime local = LocalDateTime.parse(upper);
            return (now, zone) -> CalendarUnit.nanos(local.atZone(zone));
        } catch (DateTimeException e) {
            throw noInstant(e);
        }
    }

    /**
     * Nanoseconds since 1970.
     *
     * @throws IllegalArgumentException if they do not fit an int64
     */
    public long resolve(long nowNanos, ZoneId zone) {
        try {
            return form.resolve(nowNanos, zone);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("is not between the years 1677 and 2262", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimeText that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
