package io.goshare.server.query;

import io.goshare.protocol.Command;
import io.goshare.protocol.Durations;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.model.CalendarUnit;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How time is cut: the clauses {@code every}, {@code window} and {@code align}. */
sealed interface Window {
    /** One window over all of the range. */
    record Whole() implements Window {}

    /** Windows of {@code every}, one behind the other. */
    record Tumbling(WindowClock clock) implements Window {}

    /** Windows of {@code sizeNanos} that begin each {@code every} and so overlap. */
    record Hopping(WindowClock clock, long sizeNanos) implements Window {}

    /** Points with gaps of at most {@code gapNanos} between. */
    record Session(long gapNanos) implements Window {}

    /** So many points, the last perhaps fewer. */
    record Count(int points) implements Window {}

    /** One window per run of equal values. */
    record Run() implements Window {}

    /** One row per change from a known value to another. */
    record Transition() implements Window {}

    /** One window for each time that a condition holds. */
    record During(String condition) implements Window {}

    Pattern CALENDAR = Pattern.compile("(\\d{1,5})(d|w|mo|q|y)");

    static Window parse(Command command, ZoneId zone, long now) {
        Optional<String> every = command.get(Param.EVERY);
        Optional<String> window = command.get(Param.WINDOW);
        if (every.isEmpty() && command.has(Param.ALIGN)) {
            throw GoShareException.badField("every", "align says where windows of every=… begin; add every=1h");
        }
        if (window.isEmpty()) {
            return every.<Window>map(text -> new Tumbling(clock(text, command, zone, now)))
                    .orElseGet(Whole::new);
        }
        String text = window.get();
        int colon = text.indexOf(':');
        String argument = text.substring(colon + 1);
        Window own = switch (colon < 0 ? text : text.substring(0, colon)) {
            case "run" -> new Run();
            case "transition" -> new Transition();
            case "session" -> new Session(positive("window", argument));
            case "count" -> new Count(count(argument));
            case "while" -> new During(argument);
            default -> new Whole();
        };
        if (!(own instanceof Whole)) {
            if (every.isPresent()) {
                throw GoShareException.badField(
                        "every", "every cannot stand beside window=" + text + "; leave one out");
            }
            return own;
        }
        if (every.isEmpty()) {
            throw GoShareException.badField(
                    "window",
                    "window=" + text + " is none of run, transition, session:5m, count:100, while:gt:90, or the length"
                            + " of overlapping windows (15m), which needs every=… beside it");
        }
        return new Hopping(clock(every.get(), command, zone, now), positive("window", text));
    }

    private static int count(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw GoShareException.badField("window", "window=count:" + text + " wants a number of points: count:100");
        }
        return Integer.parseInt(text);
    }

    private static WindowClock clock(String text, Command command, ZoneId zone, long now) {
        String align = command.get(Param.ALIGN).orElse("epoch");
        if (!align.matches("epoch|first|offset:.*")) {
            throw GoShareException.badField("align", "align=" + align + " is none of epoch, first and offset:6h");
        }
        long offset = align.startsWith("offset:") ? duration("align", align.substring(7)) : 0;
        Matcher calendar = CALENDAR.matcher(text);
        if (calendar.matches()) {
            int count = Integer.parseInt(calendar.group(1));
            if (count == 0) {
                throw zero("every", text);
            }
            if (align.equals("first")) {
                throw GoShareException.badField(
                        "align", "align=first is for lengths such as 24h; every=" + text + " follows the calendar");
            }
            if (offset >= 86_400_000_000_000L) {
                throw GoShareException.badField("align", "align=" + align + " is not shorter than a day");
            }
            return WindowClock.calendar(
                    count, CalendarUnit.ofSymbol(calendar.group(2)).orElseThrow(), zone, offset);
        }
        return WindowClock.fixed(positive("every", text), zone, now, offset);
    }

    private static long positive(String field, String text) {
        long nanos = duration(field, text);
        if (nanos == 0) {
            throw zero(field, text);
        }
        return nanos;
    }

    private static long duration(String field, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(
                    field,
                    field + "=" + text + " " + e.getMessage() + "; calendar units (1d 1w 1mo 1q 1y) are for every");
        }
    }

    private static GoShareException zero(String field, String text) {
        return GoShareException.badField(field, field + "=" + text + " is no length; it must be longer than nothing");
    }

    /** Whether each series has windows of its own, which do not meet those of others. */
    default boolean isOwn() {
        return !(this instanceof Whole || this instanceof Tumbling || this instanceof Hopping);
    }

    /** Whether its windows are made from runs. */
    default boolean isOfRuns() {
        return this instanceof Run || this instanceof Transition;
    }
}
