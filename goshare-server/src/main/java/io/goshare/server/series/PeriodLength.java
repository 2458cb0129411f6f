package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** How long a period of chunks is, in UTC. */
public enum PeriodLength {
    DAY,
    WEEK,
    MONTH;

    private static final BigInteger SECOND = BigInteger.valueOf(1_000_000_000L);

    private LocalDate first(long time) {
        LocalDate day = Instant.ofEpochSecond(Math.floorDiv(time, 1_000_000_000L))
                .atZone(ZoneOffset.UTC)
                .toLocalDate();
        return switch (this) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
        };
    }

    /** The period that holds {@code time}, cut at the ends of what an int64 of nanoseconds can tell. */
    TimeRange span(long time) {
        LocalDate first = first(time);
        LocalDate next = switch (this) {
            case DAY -> first.plusDays(1);
            case WEEK -> first.plusWeeks(1);
            case MONTH -> first.plusMonths(1);
        };
        return new TimeRange(Math.max(nanos(first), TimeRange.ALL.from()), Math.min(nanos(next), TimeRange.ALL.to()));
    }

    private static long nanos(LocalDate day) {
        BigInteger nanos = BigInteger.valueOf(day.toEpochDay() * 86_400L).multiply(SECOND);
        return nanos.bitLength() < 64 ? nanos.longValue() : nanos.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** {@code data-2026-11}, {@code data-2026-w48}, {@code data-2026-11-25}. */
    String storeName(long time) {
        LocalDate first = first(time);
        return switch (this) {
            case DAY -> "data-" + first;
            case WEEK ->
                String.format(
                        Locale.ROOT,
                        "data-%d-w%02d",
                        first.get(IsoFields.WEEK_BASED_YEAR),
                        first.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case MONTH -> "data-" + first.format(DateTimeFormatter.ofPattern("yyyy-MM", Locale.ROOT));
        };
    }
}
