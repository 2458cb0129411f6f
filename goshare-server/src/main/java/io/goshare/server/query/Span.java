package io.goshare.server.query;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.model.RangeText;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.TimeText;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The clauses that say when: {@code from}, {@code to}, or {@code around} with {@code radius}, or {@code range}.
 *
 * @param fixed the same range for every series; empty where each has its own
 * @param latest the range that depends on the series' last point
 * @param boundedFrom whether its beginning was asked for rather than left open
 * @param boundedTo whether its end was
 */
public record Span(Optional<TimeRange> fixed, Optional<RangeText> latest, boolean boundedFrom, boolean boundedTo) {
    private static final List<Param<?>> POINTS = List.of(Param.FROM, Param.TO);

    public static Span of(Command command, ZoneId zone, long now) {
        Optional<RangeText> range = command.get(Param.RANGE);
        Optional<TimeText> around = command.get(Param.AROUND);
        boolean fromTo = POINTS.stream().anyMatch(command::has);
        if (Stream.of(range.isPresent(), around.isPresent(), fromTo)
                        .filter(given -> given)
                        .count()
                > 1) {
            throw GoShareException.badField(
                    "range", "the range is given twice; give either from and to, or around and radius, or range");
        }
        if (around.isPresent() != command.has(Param.RADIUS)) {
            throw GoShareException.badField(
                    around.isPresent() ? "radius" : "around", "around and radius go together: around=-1h radius=5m");
        }
        if (range.isPresent()) {
            return range.get().needsLatest()
                    ? new Span(Optional.empty(), range, true, true)
                    : fixed(resolve("range", range.get(), () -> range.get().resolve(now, zone, 0)), true, true);
        }
        if (around.isPresent()) {
            long middle = instant(command, Param.AROUND, zone, now);
            long radius = command.require(Param.RADIUS);
            return fixed(new TimeRange(minus(middle, radius), plus(middle, radius)), true, true);
        }
        return fromTo(command, zone, now);
    }

    private static Span fromTo(Command command, ZoneId zone, long now) {
        boolean hasFrom = command.has(Param.FROM);
        boolean hasTo = command.has(Param.TO);
        long from = hasFrom ? instant(command, Param.FROM, zone, now) : TimeRange.ALL.from();
        long to = hasTo ? instant(command, Param.TO, zone, now) : Math.max(plus(now, 1), from);
        if (to < from) {
            throw GoShareException.badField(
                    "to",
                    "to=" + print(command, Param.TO) + " is before from=" + print(command, Param.FROM)
                            + "; exchange them");
        }
        return fixed(new TimeRange(from, to), hasFrom, hasTo);
    }

    private static String print(Command command, Param<TimeText> param) {
        return command.get(param).map(TimeText::toString).orElse("the beginning");
    }

    private static Span fixed(TimeRange range, boolean boundedFrom, boolean boundedTo) {
        return new Span(Optional.of(range), Optional.empty(), boundedFrom, boundedTo);
    }

    /** The instant that {@code param}, which must be given, names. */
    public static long instant(Command command, Param<TimeText> param, ZoneId zone, long now) {
        TimeText text = command.require(param);
        return resolve(param.name(), text, () -> clamped(text.resolve(now, zone)));
    }

    private static long clamped(long nanos) {
        return Math.max(TimeRange.ALL.from(), nanos);
    }

    private static <T> T resolve(String field, Object text, java.util.function.Supplier<T> resolution) {
        try {
            return resolution.get();
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(field, field + "=" + text + ": " + e.getMessage());
        }
    }

    /** The range for a series whose last point is at {@code lastNanos}. */
    TimeRange of(ZoneId zone, long now, long lastNanos) {
        return fixed.orElseGet(() -> latest.orElseThrow().resolve(now, zone, lastNanos));
    }

    private static long plus(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static long minus(long a, long b) {
        return a < TimeRange.ALL.from() + b ? TimeRange.ALL.from() : a - b;
    }
}
