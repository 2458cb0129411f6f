package io.goshare.server.datastore;

import io.goshare.protocol.Durations;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long something is kept, as text: a duration, or years of 365 days. */
final class Keep {
    private static final Pattern YEARS = Pattern.compile("(\\d{1,3})y");

    private Keep() {}

    /**
     * Nanoseconds of {@code text}, more than none.
     *
     * @throws IllegalArgumentException if it is none
     */
    static long parse(String text) {
        Matcher years = YEARS.matcher(text);
        long nanos = Durations.parse(years.matches() ? 365L * Integer.parseInt(years.group(1)) + "d" : text);
        if (nanos == 0) {
            throw new IllegalArgumentException("keeps nothing");
        }
        return nanos;
    }
}
