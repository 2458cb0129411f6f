package io.goshare.protocol.model;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Optional;

/**
 * Units that calendars and clocks count in. Steps of days and more are made in local time, so that a day on which
 * clocks change has 23 or 25 hours; weeks begin on Monday.
 */
public enum CalendarUnit {
    SECOND("s", "sec", ChronoUnit.SECONDS, 1),
    MINUTE("m", "min", ChronoUnit.MINUTES, 1),
    HOUR("h", "hour", ChronoUnit.HOURS, 1),
    DAY("d", "day", ChronoUnit.DAYS, 1),
    WEEK("w", "week", ChronoUnit.WEEKS, 1),
    MONTH("mo", "month", ChronoUnit.MONTHS, 1),
    QUARTER("q", "quarter", ChronoUnit.MONTHS, 3),
    YEAR("y", "year", ChronoUnit.YEARS, 1);

    private static final long NANOS = 1_000_000_000L;

    private final String symbol;
    private final String word;
    private final ChronoUnit unit;
    private final int count;

    CalendarUnit(String symbol, String word, ChronoUnit unit, int count) {
        this.symbol = symbol;
        this.word = word;
        this.unit = unit;
        this.count = count;
    }

    /** {@code s m h d w mo q y}. */
    public String symbol() {
        return symbol;
    }

    /** {@code sec min hour day week month quarter year}. */
    public String word() {
        return word;
    }

    public static Optional<CalendarUnit> ofSymbol(String symbol) {
        return Arrays.stream(values())
                .filter(unit -> unit.symbol.equals(symbol))
                .findFirst();
    }

    /** The unit of this word, {@code minute} and {@code second} written out too. */
    public static Optional<CalendarUnit> ofWord(String word) {
        return Arrays.stream(values())
                .filter(unit -> unit.word.equals(word) || unit.name().equalsIgnoreCase(word))
                .findFirst();
    }

    /** Whether its steps follow the calendar of a zone rather than count seconds. */
    public boolean isCalendar() {
        return compareTo(DAY) >= 0;
    }

    public ZonedDateTime plus(ZonedDateTime time, long steps) {
        return time.plus(Math.multiplyExact(steps, count), unit);
    }

    /** The start of the unit that {@code time} is in. */
    public ZonedDateTime floor(ZonedDateTime time) {
        return switch (this) {
            case SECOND, MINUTE, HOUR -> time.truncatedTo(unit);
            case DAY -> startOfDay(time);
            case WEEK -> startOfDay(time.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
            case MONTH -> startOfDay(time.withDayOfMonth(1));
            case QUARTER -> startOfDay(time.withDayOfMonth(1).withMonth((time.getMonthValue() - 1) / 3 * 3 + 1));
            case YEAR -> startOfDay(time.withDayOfYear(1));
        };
    }

    /**
     * Not {@code truncatedTo}: where clocks skip midnight, the day starts later; where it comes twice, the first
     * counts.
     */
    private static ZonedDateTime startOfDay(ZonedDateTime time) {
        return time.toLocalDate().atStartOfDay(time.getZone());
    }

    /** The start of the unit that begins {@code steps} after the one {@code nanos} is in. */
    public long floor(long nanos, ZoneId zone, long steps) {
        ZonedDateTime start = plus(floor(at(nanos, zone)), steps);
        return nanos(isCalendar() ? startOfDay(start) : start);
    }

    /** The time of day in {@code zone} at nanoseconds since 1970. */
    public static ZonedDateTime at(long nanos, ZoneId zone) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))
                .atZone(zone);
    }

    /** @throws IllegalArgumentException if an int64 of nanoseconds cannot hold it */
    public static long nanos(ZonedDateTime time) {
        return nanos(time.toInstant());
    }

    /** @throws IllegalArgumentException if an int64 of nanoseconds cannot hold it */
    public static long nanos(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(instant + " is not between the years 1677 and 2262", e);
        }
    }
}
