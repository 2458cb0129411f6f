package io.goshare.protocol.model;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of time as people write it. Immutable; equal if written alike.
 *
 * <pre>
 *   2014:7:1  2014:7                  timedot: all of that day, of that month; UTC
 *   2014:7:1..2014:7:3                from the first through the last, both whole
 *   2014-07-01/P7D  P1M/2014-07-01  2014-07-01/2014-07-08     ISO 8601
 *   this_day                          from the start of the current day until now
 *   prev_week                         the last complete week
 *   latest_hour                       the hour that holds the series' last point
 *   this_dot  latest_dot              the value as of now; the last point
 *   units: year quarter month week day hour min sec
 * </pre>
 */
public final class RangeText {
    private static final Pattern NAMED = Pattern.compile("(this|prev|latest)_([a-z]+)");
    private static final String REMEDY =
            "a range is 2014:7:1, 2014:7:1..2014:7:3, 2014-07-01/P7D, this_day, prev_week or latest_hour";

    /** Turns a clock, a zone and the time of a series' last point into a span. */
    @FunctionalInterface
    private interface Form {
        TimeRange resolve(long nowNanos, ZoneId zone, long latestNanos);
    }

    private final String text;
    private final boolean needsLatest;
    private final Form form;

    private RangeText(String text, boolean needsLatest, Form form) {
        this.text = text;
        this.needsLatest = needsLatest;
        this.form = form;
    }

    /** @throws IllegalArgumentException if it is none of the spellings above */
    public static RangeText parse(String text) {
        Matcher named = NAMED.matcher(text);
        if (named.matches()) {
            return new RangeText(text, named.group(1).equals("latest"), named(named.group(1), named.group(2)));
        }
        int dots = text.indexOf("..");
        if (dots >= 0) {
            long from = dot(text.substring(0, dots)).from();
            long to = dot(text.substring(dots + 2)).to();
            if (to <= from) {
                throw new IllegalArgumentException("ends before it begins");
            }
            TimeRange range = new TimeRange(from, to);
            return new RangeText(text, false, (now, zone, latest) -> range);
        }
        int slash = text.indexOf('/');
        if (slash > 0) {
            return new RangeText(text, false, interval(text.substring(0, slash), text.substring(slash + 1)));
        }
        TimeRange range = dot(text);
        return new RangeText(text, false, (now, zone, latest) -> range);
    }

    private static TimeRange dot(String text) {
        if (!text.matches("\\d{1,9}(:\\d{1,9}){0,6}")) {
            throw new IllegalArgumentException("is no range; " + REMEDY);
        }
        return TimeText.dot(text);
    }

    private static Form named(String which, String word) {
        if (word.equals("dot")) {
            return switch (which) {
                case "this" -> (now, zone, latest) -> new TimeRange(now, now);
                case "latest" -> (now, zone, latest) -> new TimeRange(latest, latest + 1);
                default -> throw new IllegalArgumentException("is no range; there are this_dot and latest_dot");
            };
        }
        CalendarUnit unit = CalendarUnit.ofWord(word)
                .orElseThrow(() -> new IllegalArgumentException(
                        "names no unit; units are year quarter month week day" + " hour min sec, and dot"));
        return switch (which) {
            case "this" -> (now, zone, latest) -> new TimeRange(unit.floor(now, zone, 0), now);
            case "prev" -> (now, zone, latest) -> new TimeRange(unit.floor(now, zone, -1), unit.floor(now, zone, 0));
            default -> (now, zone, latest) -> new TimeRange(unit.floor(latest, zone, 0), unit.floor(latest, zone, 1));
        };
    }

    private static Form interval(String first, String second) {
        if (first.startsWith("P")) {
            checkPeriod(first);
            TimeText end = TimeText.parse(second);
            return (now, zone, latest) -> {
                long to = end.resolve(now, zone);
                return new TimeRange(CalendarUnit.nanos(shifted(CalendarUnit.at(to, zone), first, -1)), to);
            };
        }
        TimeText start = TimeText.parse(first);
        if (second.startsWith("P")) {
            checkPeriod(second);
            return (now, zone, latest) -> {
                long from = start.resolve(now, zone);
                return new TimeRange(from, CalendarUnit.nanos(shifted(CalendarUnit.at(from, zone), second, 1)));
            };
        }
        TimeText end = TimeText.parse(second);
        return (now, zone, latest) -> new TimeRange(start.resolve(now, zone), end.resolve(now, zone));
    }

    private static void checkPeriod(String period) {
        try {
            shifted(CalendarUnit.at(0, ZoneOffset.UTC), period, 1);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(period + " is no period such as P7D, P1M or PT30M", e);
        }
    }

    /** {@code time} moved by an ISO period such as P1M, P1DT12H or PT30M. */
    private static ZonedDateTime shifted(ZonedDateTime time, String period, int sign) {
        int clock = period.indexOf('T');
        String days = clock < 0 ? period : period.substring(0, clock);
        ZonedDateTime moved =
                days.equals("P") ? time : time.plus(Period.parse(days).multipliedBy(sign));
        return clock < 0
                ? moved
                : moved.plus(Duration.parse("P" + period.substring(clock)).multipliedBy(sign));
    }

    /**
     * Whether {@link #resolve} wants the time of the series' last point, so that each series has a range of its own.
     */
    public boolean needsLatest() {
        return needsLatest;
    }

    /** Whether it asks for the value as of now rather than for a span. */
    public boolean isNow() {
        return text.equals("this_dot");
    }

    /**
     * The span.
     *
     * @param latestNanos time of the series' last point; not read unless {@link #needsLatest}
     * @throws IllegalArgumentException if it is reversed or does not fit an int64
     */
    public TimeRange resolve(long nowNanos, ZoneId zone, long latestNanos) {
        try {
            return form.resolve(nowNanos, zone, latestNanos);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("is not between the years 1677 and 2262", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeText that && text.equals(that.text);
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
