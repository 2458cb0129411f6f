package io.goshare.client.statement;

import io.goshare.protocol.model.TimeText;
import java.time.Instant;

/** Instants as nanoseconds since 1970, and back. */
public final class Times {
    private static final long SECOND = 1_000_000_000L;

    private Times() {}

    /**
     * Nanoseconds since 1970.
     *
     * @throws IllegalArgumentException if it is not between the years 1677 and 2262
     */
    public static long nanos(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(instant + " is not between the years 1677 and 2262", e);
        }
    }

    public static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
    }

    static TimeText text(Instant instant) {
        long checked = nanos(instant);
        return TimeText.parse(instant(checked).toString());
    }
}
