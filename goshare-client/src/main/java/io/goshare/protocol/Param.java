package io.goshare.protocol;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.RangeText;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.TimeText;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A named parameter of commands: one entry of the table that parsing, printing, help and documentation are made from.
 *
 * @param <T> the type of its values; {@link #parse} and {@link #print} are inverse
 */
public final class Param<T> {
    private static final List<Param<?>> ALL = new ArrayList<>();

    // What is asked for
    public static final Param<String> KEY = text("key", "key of the key-value face, 4,096 bytes at most");
    public static final Param<Path> PATH = of("path", "path", "a:b:c", Path::parse, Path::toString, null);
    public static final Param<Selector> SEL = of(
            "sel",
            "selector",
            "selector of series or paths: node:*:cpu{dc=\"eu\"}",
            Selector::parse,
            Selector::toString,
            null);
    public static final Param<String> PREFIX = text("prefix", "keys that begin with it");
    public static final Param<String> FACE = word("face", "which face of the store", "kv", "kv", "ns");
    public static final Param<String> TYPE =
            word("type", "task type of the first GoShare", "default", "default", "ns", "tsds", "now");

    // Time
    public static final Param<TimeText> FROM =
            time("from", "first instant, included: RFC 3339, 1404172800s, -1h, 2014:7:1");
    public static final Param<TimeText> TO = time("to", "last instant, excluded; default now");
    public static final Param<TimeText> AT = time("at", "the instant to read as of");
    public static final Param<TimeText> AROUND = time("around", "middle of the range; with radius");
    public static final Param<Long> RADIUS = duration("radius", "half the length of the range", null);
    public static final Param<Long> BASELINE = duration(
            "baseline",
            "time before the range in which changes are counted, to tell what is rare; default 24 radii",
            null);
    public static final Param<RangeText> RANGE = of(
            "range",
            "range",
            "a named, timedot or ISO 8601 range: this_hour, latest_day, 2014:7:1..2014:7:3, 2014-07-01/P7D",
            RangeText::parse,
            RangeText::toString,
            null);
    public static final Param<ZoneId> TZ = of(
            "tz",
            "zone",
            "time zone of calendar windows and named ranges, such as Europe/Berlin or +02:00",
            Param::zone,
            ZoneId::getId,
            ZoneOffset.UTC);
    public static final Param<String> TIME = text("time", "time of points that carry none; default the server's clock");

    // Query clauses
    public static final Param<String> WHEN = text(
            "when",
            "in place of sel: whether a condition holds, as a state: 'node:web1:state=down and node:web2:cpu>90'");
    public static final Param<String> WHERE = text("where", "keeps points whose value passes: gt:90, eq:down, re:^4");
    public static final Param<String> WHILE =
            text("while", "keeps the time during which a condition holds, as in when; gt:90 is of the series itself");
    public static final Param<String> FN = text(
            "fn",
            "steps from point to point, one after another: rate, irate, increase, delta, derivative, abs, scale:2,"
                    + " offset:-5, round:1, lag:1, cumsum, debounce:30s");
    public static final Param<String> EVERY = text("every", "length of tumbling windows: 1m, 1h, 1d, 1w, 1mo, 1q, 1y");
    public static final Param<String> WINDOW = text(
            "window",
            "15m beside every: overlapping windows; run, transition, session:5m, count:100, while:gt:90: others");
    public static final Param<String> ALIGN =
            text("align", "where windows begin: epoch (as without), first, offset:6h");
    public static final Param<String> LABEL =
            word("label", "which edge of a window is its time", "start", "start", "end");
    public static final Param<String> AGG = text("agg", "aggregates along time, separated by commas");
    public static final Param<String> FILL = text("fill", "empty windows: none, null, previous, linear, const:v");
    public static final Param<String> BY = text("by", "groups series: @host, #2, tag:dc");
    public static final Param<String> REDUCE = text("reduce", "aggregate across the series of a group");
    public static final Param<String> JOIN = word(
            "join",
            "beside each row a value of with: the last, the last before, the nearest",
            null,
            "asof",
            "lt",
            "nearest");
    public static final Param<Selector> WITH = of(
            "with",
            "selector",
            "the series of a join; captures it shares with sel must be equal",
            Selector::parse,
            Selector::toString,
            null);
    public static final Param<Long> TOLERANCE = duration("tolerance", "how far away a join looks at most", null);
    public static final Param<String> ORDER = word("order", "order of rows by time", "asc", "asc", "desc");
    public static final Param<Long> TOP =
            integer("top", "of the rows of each window those with the greatest first aggregate", 1, 1_000_000, null);
    public static final Param<Long> BOTTOM =
            integer("bottom", "of the rows of each window those with the least first aggregate", 1, 1_000_000, null);
    public static final Param<String> PLOT =
            text("plot", "fewer points that look the same: lttb:500, minmax:500; of states runs:500");
    public static final Param<Long> LIMIT =
            integer("limit", "rows of a page at most, 1 to 1,000,000", 1, 1_000_000, 10_000L);
    public static final Param<Long> OFFSET =
            integer("offset", "rows passed over before the first page", 0, 1_000_000, 0L);
    public static final Param<Boolean> EXPLAIN = flag("explain", "tells what was read, in notes of the reply");
    public static final Param<String> CURSOR = text("cursor", "where the page before ended");
    public static final Param<String> SHAPE =
            word("shape", "points as rows, or as columns grouped by series", "rows", "rows", "columns");

    // Watching
    public static final Param<Long> AFTER = integer(
            "after", "revision to resume from: all that was changed behind it follows", 0, Long.MAX_VALUE, null);
    public static final Param<String> ON =
            word("on", "every write, or only changes of value", "writes", "writes", "transitions");
    public static final Param<String> FROM_VALUE = text("from", "only transitions from this value");
    public static final Param<String> TO_VALUE = text("to", "only transitions to this value");
    public static final Param<Long> FOR =
            duration("for", "only transitions whose new value holds so long; told once it has", null);
    public static final Param<Boolean> LIVE_ONLY = flag("live_only", "leaves out the snapshot at the beginning");
    public static final Param<Long> WAIT =
            duration("wait", "how long a page of watch waits for a change, 25 s at most", 10_000_000_000L);

    // Writing
    public static final Param<String> VALUE = text("value", "the value, as text whose type is inferred");
    public static final Param<Long> EXPIRE = duration("expire", "lifetime of a key; default for ever", null);
    public static final Param<Long> REV =
            integer("rev", "only if the key stands at this revision; 0: does not exist", 0, Long.MAX_VALUE, null);
    public static final Param<String> EXPECT = text("expect", "only if the key holds this value");
    public static final Param<Long> DELTA = integer("delta", "what to add", Long.MIN_VALUE, Long.MAX_VALUE, 1L);
    public static final Param<Boolean> RECURSIVE = flag("recursive", "the path and all below it");
    public static final Param<String> CONFIRM =
            text("confirm", "number of keys, or the path, of a recursive delete above 1,000 keys");
    public static final Param<String> PRECISION =
            word("precision", "unit of bare integers in time columns", "ns", "ns", "us", "ms", "s");
    public static final Param<String> PARTIAL = word(
            "partial",
            "whether good rows are kept where others are wrong, which are told",
            "refuse",
            "refuse",
            "allow");
    public static final Param<String> KEEP = text(
            "keep", "how long points are kept: 30d; 30d,last keeps the newest whatever its age; forever ends the rule");
    public static final Param<String> SUMMARY_EVERY =
            text("every", "length of the windows of which summaries are kept, a part of a day: 1m, 15m, 1h, 1d");
    public static final Param<String> SUMMARY_KEEP =
            text("keep", "how long summaries stay at least: 2y, forever; none ends the rule");
    public static final Param<String> KIND =
            word("kind", "what a series holds", null, "gauge", "counter", "state", "event");
    public static final Param<String> UNIT = text("unit", "unit of a series' values, for people");
    public static final Param<Boolean> STRICT = flag("strict", "refuses points of another type than the series has");
    public static final Param<Long> STALE_AFTER =
            duration("stale_after", "silence after which a state is unknown", null);
    public static final Param<Boolean> CHANGE_ONLY = flag("change_only", "drops points between equal neighbours");

    // How it is carried
    public static final Param<String> FMT = word(
            "fmt",
            "encoding of bodies",
            null,
            Arrays.stream(Format.values()).map(Format::word).toArray(String[]::new));
    public static final Param<String> TIMES = word("times", "how times print", "ns", "ns", "us", "ms", "s", "rfc3339");
    public static final Param<String> REQUEST =
            text("request", "names a request, so that a retry is applied once; 1 to 64 characters");
    public static final Param<String> DURABILITY =
            word("durability", "what an acknowledgement means", null, "interval", "always");
    public static final Param<Long> TIMEOUT =
            duration("timeout", "time after which the server gives up", 30_000_000_000L);
    public static final Param<Boolean> STORAGE = flag("storage", "rows and bytes per table too");

    private final String name;
    private final String type;
    private final String help;
    private final Function<String, T> parser;
    private final Function<T, String> printer;
    private final @Nullable T fallback;

    private Param(
            String name,
            String type,
            String help,
            Function<String, T> parser,
            Function<T, String> printer,
            @Nullable T fallback) {
        this.name = name;
        this.type = type;
        this.help = help;
        this.parser = parser;
        this.printer = printer;
        this.fallback = fallback;
        ALL.add(this);
    }

    private static <T> Param<T> of(
            String name,
            String type,
            String help,
            Function<String, T> parser,
            Function<T, String> printer,
            @Nullable T fallback) {
        return new Param<>(name, type, help, parser, printer, fallback);
    }

    private static Param<String> text(String name, String help) {
        return of(name, "text", help, text -> text, text -> text, null);
    }

    private static Param<String> word(String name, String help, @Nullable String fallback, String... words) {
        List<String> allowed = List.of(words);
        return of(
                name,
                String.join("|", words),
                help,
                text -> {
                    String word = text.toLowerCase(Locale.ROOT);
                    if (!allowed.contains(word)) {
                        throw new IllegalArgumentException("is none of " + String.join(", ", allowed));
                    }
                    return word;
                },
                word -> word,
                fallback);
    }

    private static Param<Boolean> flag(String name, String help) {
        return of(
                name,
                "true|false",
                help,
                text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "", "1", "true", "yes", "on" -> true;
                    case "0", "false", "no", "off" -> false;
                    default -> throw new IllegalArgumentException("is neither true nor false");
                },
                flag -> flag ? "true" : "false",
                false);
    }

    private static Param<Long> integer(String name, String help, long first, long last, @Nullable Long fallback) {
        return of(
                name,
                "integer",
                help,
                text -> {
                    long number;
                    try {
                        number = Long.parseLong(text);
                    } catch (NumberFormatException e) {
                        throw new IllegalArgumentException("is no integer", e);
                    }
                    if (number < first || number > last) {
                        throw new IllegalArgumentException("is not between " + first + " and " + last);
                    }
                    return number;
                },
                String::valueOf,
                fallback);
    }

    private static ZoneId zone(String text) {
        try {
            return text.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("is no time zone", e);
        }
    }

    private static Param<TimeText> time(String name, String help) {
        return of(name, "time", help, TimeText::parse, TimeText::toString, null);
    }

    private static Param<Long> duration(String name, String help, @Nullable Long fallback) {
        return of(name, "duration", help, Durations::parse, Durations::print, fallback);
    }

    public static List<Param<?>> all() {
        return List.copyOf(ALL);
    }

    public String name() {
        return name;
    }

    /** The type for people: {@code text}, {@code duration}, or the words it takes. */
    public String type() {
        return type;
    }

    public String help() {
        return help;
    }

    /** The value where none is given; empty where that means something of its own. */
    public Optional<T> fallback() {
        return Optional.ofNullable(fallback);
    }

    /**
     * The value that {@code text} spells.
     *
     * @throws GoShareException BAD_REQUEST that names this parameter
     */
    public T parse(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(
                    name, name + "=" + shortened(text) + " " + e.getMessage() + "; it is " + help);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    public String print(T value) {
        return printer.apply(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
