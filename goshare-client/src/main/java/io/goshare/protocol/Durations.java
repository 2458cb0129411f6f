package io.goshare.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * Lengths of time as text: a sum of numbers with units, {@code 1h30m}, {@code 500ms}; units {@code ns us ms s m h d w}.
 * A day is 24 hours here; calendar units belong to windows.
 */
public final class Durations {
    private static final List<String> UNITS = List.of("w", "d", "h", "m", "s", "ms", "us", "ns");
    private static final long[] NANOS = {
        604_800_000_000_000L,
        86_400_000_000_000L,
        3_600_000_000_000L,
        60_000_000_000L,
        1_000_000_000L,
        1_000_000L,
        1_000L,
        1L
    };

    private Durations() {}

    /**
     * Nanoseconds of {@code text}, never negative.
     *
     * @throws IllegalArgumentException if it is no duration or longer than 292 years
     */
    public static long parse(String text) {
        long total = 0;
        int at = 0;
        while (at < text.length()) {
            int digits = at;
            while (digits < text.length()
                    && Character.digit(text.charAt(digits), 10) >= 0
                    && text.charAt(digits) < 128) {
                digits++;
            }
            int unit = digits;
            while (unit < text.length() && text.charAt(unit) >= 'a' && text.charAt(unit) <= 'z') {
                unit++;
            }
            int index = UNITS.indexOf(text.substring(digits, unit));
            if (digits == at || digits - at > 18 || index < 0) {
                throw new IllegalArgumentException("is no duration such as 90s, 1h30m or 500ms");
            }
            try {
                long part = Math.multiplyExact(Long.parseLong(text.substring(at, digits)), NANOS[index]);
                total = Math.addExact(total, part);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("is longer than 292 years", e);
            }
            at = unit;
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty; a duration is 90s, 1h30m or 500ms");
        }
        return total;
    }

    /** The shortest text that {@link #parse} turns back into {@code nanos}. */
    public static String print(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        List<String> parts = new ArrayList<>();
        long rest = nanos;
        for (int i = 0; i < NANOS.length; i++) {
            if (rest >= NANOS[i]) {
                parts.add(rest / NANOS[i] + UNITS.get(i));
                rest %= NANOS[i];
            }
        }
        return String.join("", parts);
    }
}
