package io.goshare.protocol.model;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The house style of time: {@code year:month:day:hour:minute:second:nanosecond}, in UTC, plain integers without
 * padding. Seven parts name an instant; a shorter prefix names the span that begins with it.
 */
public final class Timedot {
    /** Parts of a whole timedot. */
    public static final int PARTS = 7;

    private static final long SECOND = 1_000_000_000L;

    private Timedot() {}

    /**
     * The instant of seven parts, or empty where they are none that an int64 of nanoseconds can hold: month 13, year
     * 9999, a last part above 999,999,999.
     */
    public static OptionalLong nanos(long... parts) {
        if (parts.length != PARTS || parts[6] < 0 || parts[6] >= SECOND) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < PARTS; i++) {
            if (parts[i] < 0 || parts[i] > 999_999_999) {
                return OptionalLong.empty();
            }
        }
        try {
            LocalDateTime time = LocalDateTime.of(
                    (int) parts[0], (int) parts[1], (int) parts[2], (int) parts[3], (int) parts[4], (int) parts[5]);
            long nanos = Math.addExact(Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), SECOND), parts[6]);
            return nanos == PointBatch.NO_TIME ? OptionalLong.empty() : OptionalLong.of(nanos);
        } catch (DateTimeException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    /** The instant that the last seven segments of {@code path} name, if they are a canonical timedot below a path. */
    public static OptionalLong tail(Path path) {
        List<byte[]> segments = path.segments();
        int start = segments.size() - PARTS;
        if (start < 1) {
            return OptionalLong.empty();
        }
        long[] parts = new long[PARTS];
        for (int i = 0; i < PARTS; i++) {
            byte[] text = segments.get(start + i);
            if (text.length == 0 || text.length > 9 || text.length > 1 && text[0] == '0') {
                return OptionalLong.empty();
            }
            for (byte b : text) {
                if (b < '0' || b > '9') {
                    return OptionalLong.empty();
                }
                parts[i] = parts[i] * 10 + (b - '0');
            }
        }
        return nanos(parts);
    }

    /** {@code path} without the last {@link #PARTS} segments. */
    public static Path withoutTail(Path path) {
        List<byte[]> segments = path.segments();
        return Path.of(segments.subList(0, segments.size() - PARTS));
    }

    /** {@code path} with the seven segments of {@code nanos} below it. */
    public static Path append(Path path, long nanos) {
        List<byte[]> segments = new ArrayList<>(path.segments());
        for (long part : parts(nanos)) {
            segments.add(Long.toString(part).getBytes(StandardCharsets.US_ASCII));
        }
        return Path.of(segments);
    }

    /** The seven parts of an instant. */
    public static long[] parts(long nanos) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(nanos, SECOND), 0, ZoneOffset.UTC);
        return new long[] {
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond(),
            Math.floorMod(nanos, SECOND)
        };
    }

    /** {@code 2014:7:1:12:0:0:0}. */
    public static String print(long nanos) {
        StringBuilder out = new StringBuilder();
        for (long part : parts(nanos)) {
            out.append(out.isEmpty() ? "" : ":").append(part);
        }
        return out.toString();
    }

    /**
     * The span that one to seven leading parts name, such as all of a day for three, cut to what an int64 holds; empty
     * where they name none.
     */
    public static java.util.Optional<TimeRange> span(long... prefix) {
        if (prefix.length == 0 || prefix.length > PARTS) {
            return java.util.Optional.empty();
        }
        long[] first = {0, 1, 1, 0, 0, 0, 0};
        System.arraycopy(prefix, 0, first, 0, prefix.length);
        OptionalLong from = nanos(first);
        if (from.isEmpty()) {
            return java.util.Optional.empty();
        }
        LocalDateTime start = LocalDateTime.ofEpochSecond(
                Math.floorDiv(from.getAsLong(), SECOND), (int) Math.floorMod(from.getAsLong(), SECOND), ZoneOffset.UTC);
        LocalDateTime end = switch (prefix.length) {
            case 1 -> start.plusYears(1);
            case 2 -> start.plusMonths(1);
            case 3 -> start.plusDays(1);
            case 4 -> start.plusHours(1);
            case 5 -> start.plusMinutes(1);
            case 6 -> start.plusSeconds(1);
            default -> start.plusNanos(1);
        };
        long to;
        try {
            to = Math.addExact(Math.multiplyExact(end.toEpochSecond(ZoneOffset.UTC), SECOND), end.getNano());
        } catch (ArithmeticException e) {
            to = Long.MAX_VALUE;
        }
        return java.util.Optional.of(new TimeRange(from.getAsLong(), to));
    }
}
