package io.goshare.server.query;

import io.goshare.protocol.model.CalendarUnit;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;

/** Where windows begin: a row of instants without end. Immutable. */
interface WindowClock {
    /** The start of the window that {@code time} is in. */
    long floor(long time);

    /** The start of the window after the one that starts at {@code start}. */
    long next(long start);

    /** These windows moved so that one begins at {@code time}; calendars stay. */
    default WindowClock startingAt(long time) {
        return this;
    }

    /**
     * Windows of one length, counted from midnight of 1970-01-01 in the zone's standard time of {@code now}, so that
     * they keep their length and place when clocks change, and moved by {@code offset}.
     */
    static WindowClock fixed(long nanos, ZoneId zone, long now, long offset) {
        int seconds = zone.getRules()
                .getStandardOffset(Instant.ofEpochSecond(Math.floorDiv(now, 1_000_000_000L)))
                .getTotalSeconds();
        return new Fixed(nanos, Math.floorMod(Math.floorMod(-seconds * 1_000_000_000L, nanos) + offset % nanos, nanos));
    }

    /** Windows of one length, one of which begins at {@code origin}, from 0 to {@code nanos}. */
    record Fixed(long nanos, long origin) implements WindowClock {
        @Override
        public long floor(long time) {
            long into = Math.floorMod(Math.floorMod(time, nanos) - origin, nanos);
            return time < Long.MIN_VALUE + 1 + into ? Long.MIN_VALUE + 1 : time - into;
        }

        @Override
        public long next(long start) {
            return start > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : start + nanos;
        }

        @Override
        public WindowClock startingAt(long time) {
            return new Fixed(nanos, Math.floorMod(time, nanos));
        }
    }

    /**
     * Windows of {@code count} days, weeks from Monday, months, quarters or years in local time, counted from 1970.
     *
     * @param offset nanoseconds after midnight, by the clock on the wall, at which a day begins
     */
    static WindowClock calendar(int count, CalendarUnit unit, ZoneId zone, long offset) {
        return new WindowClock() {
            @Override
            public long floor(long time) {
                return start(floorDay(time), Long.MIN_VALUE + 1);
            }

            @Override
            public long next(long start) {
                return start(stepped(floorDay(start), count), Long.MAX_VALUE);
            }

            private LocalDate floorDay(long time) {
                LocalDate day = day(time);
                LocalDate start = unit.floor(day.atStartOfDay(zone)).toLocalDate();
                long index = index(start);
                return stepped(start, Math.floorDiv(index, count) * count - index);
            }

            /** Where clocks change at the hour that begins a day, the day before may last longer or the next begin. */
            private LocalDate day(long time) {
                LocalDate day = CalendarUnit.at(time, zone)
                        .toLocalDateTime()
                        .minusNanos(offset)
                        .toLocalDate();
                if (offset > 0 && start(day, Long.MIN_VALUE + 1) > time) {
                    return day.minusDays(1);
                }
                return offset > 0 && start(day.plusDays(1), Long.MAX_VALUE) <= time ? day.plusDays(1) : day;
            }

            private long index(LocalDate start) {
                return switch (unit) {
                    case DAY -> start.toEpochDay();
                    case WEEK ->
                        Math.floorDiv(
                                start.toEpochDay()
                                        - LocalDate.EPOCH
                                                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                                                .toEpochDay(),
                                7);
                    case MONTH -> months(start);
                    case QUARTER -> Math.floorDiv(months(start), 3);
                    case YEAR -> start.getYear() - 1970;
                    case SECOND, MINUTE, HOUR -> throw new IllegalArgumentException(unit + " is no unit of a calendar");
                };
            }

            private static long months(LocalDate day) {
                return (day.getYear() - 1970) * 12L + day.getMonthValue() - 1;
            }

            private LocalDate stepped(LocalDate day, long steps) {
                return unit.plus(day.atStartOfDay(zone), steps).toLocalDate();
            }

            private long start(LocalDate day, long otherwise) {
                try {
                    return CalendarUnit.nanos(
                            offset == 0
                                    ? day.atStartOfDay(zone)
                                    : day.atStartOfDay().plusNanos(offset).atZone(zone));
                } catch (IllegalArgumentException e) { // beyond what an int64 can hold
                    return otherwise;
                }
            }
        };
    }
}
