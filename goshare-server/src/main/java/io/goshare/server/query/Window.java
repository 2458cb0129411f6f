package io.goshare.server.query;

import io.goshare.protocol.Durations;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.CalendarUnit;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How time is cut: the clauses {@code every} and {@code window}. */
sealed interface Window {
    /** One window over all of the range. */
    record Whole() implements Window {}

    /** Windows of {@code every}, one behind the other. */
    record Tumbling(WindowClock clock) implements Window {}

    /** Windows of {@code sizeNanos} that begin each {@code every} and so overlap. */
    record Hopping(WindowClock clock, long sizeNanos) implements Window {}

    /** Points with gaps of at most {@code gapNanos} between. */
    record Session(long gapNanos) implements Window {}

    /** One window per run of equal values. */
    record Run() implements Window {}

    Pattern CALENDAR = Pattern.compile("(\\d{1,5})(d|w|mo|q|y)");

    static Window parse(Optional<String> every, Optional<String> window, ZoneId zone, long now) {
        if (window.isEmpty()) {
            return every.<Window>map(text -> new Tumbling(clock(text, zone, now)))
                    .orElseGet(Whole::new);
        }
        String text = window.get();
        if (text.equals("run") || text.startsWith("session:")) {
            if (every.isPresent()) {
                throw GoShareException.badField(
                        "every", "every cannot stand beside window=" + text + "; leave one out");
            }
            return text.equals("run") ? new Run() : new Session(positive("window", text.substring(8)));
        }
        if (every.isEmpty()) {
            throw GoShareException.badField(
                    "window",
                    "window=" + text + " is none of run, session:5m, or the length of overlapping windows (15m),"
                            + " which needs every=… beside it");
        }
        return new Hopping(clock(every.get(), zone, now), positive("window", text));
    }

    private static WindowClock clock(String text, ZoneId zone, long now) {
        Matcher calendar = CALENDAR.matcher(text);
        if (calendar.matches()) {
            int count = Integer.parseInt(calendar.group(1));
            if (count == 0) {
                throw zero("every", text);
            }
            return WindowClock.calendar(
                    count, CalendarUnit.ofSymbol(calendar.group(2)).orElseThrow(), zone);
        }
        return WindowClock.fixed(positive("every", text), zone, now);
    }

    private static long positive(String field, String text) {
        long nanos;
        try {
            nanos = Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(
                    field,
                    field + "=" + text + " " + e.getMessage() + "; calendar units (1d 1w 1mo 1q 1y) are for every");
        }
        if (nanos == 0) {
            throw zero(field, text);
        }
        return nanos;
    }

    private static GoShareException zero(String field, String text) {
        return GoShareException.badField(field, field + "=" + text + " is no length; it must be longer than nothing");
    }
}
