package io.goshare.server.query;

import io.goshare.protocol.Durations;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Words;
import io.goshare.protocol.model.Value;
import io.goshare.server.series.ChunkSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of the clauses {@code agg} and {@code reduce}: its spelling, what it needs and how it is computed.
 *
 * @param name as spelled, such as {@code p99} or {@code share:down}; the name of its column
 * @param traits what it needs of its window
 */
record Aggregate(String name, Set<Trait> traits, Computation computation) {
    /** What an aggregate asks for. */
    enum Trait {
        /** Reads numbers; others are skipped and counted. */
        NUMERIC,
        /** Reads runs, so that it needs the value that holds as the range begins. */
        RUNS,
        /** Reads runs where the series is a state. */
        RUNS_OF_STATES,
        /** Reads the point before the window. */
        PREVIOUS,
        /** Its value is an instant. */
        TIME,
        /** Gives a row for each value. */
        PER_VALUE,
        /** Has a meaning across series too. */
        ACROSS,
        /** Any chunk's header tells enough of its points. */
        TOLD,
        /** A chunk's first and last value tell enough of its points. */
        TOLD_BY_ENDS,
        /** A chunk's sums tell enough of its points. */
        TOLD_BY_SUMS,
        /** A chunk's least and greatest number tell enough of its points. */
        TOLD_BY_EXTREMES,
        /** A chunk's growth and its ends tell enough of its points. */
        TOLD_BY_GROWTH
    }

    /** From a window to its value; null: nothing there. */
    @FunctionalInterface
    interface Computation {
        @Nullable
        Value of(Slice slice);
    }

    private record Definition(Set<Trait> traits, Computation computation) {}

    /** Those that take a value behind a colon. */
    private record WithValue(Optional<String> otherwise, Function<Literal, Computation> computation) {}

    /** Stands alone: a row for each pair of values that followed each other. */
    static final String MATRIX = "matrix";

    private static final Map<String, Definition> PLAIN = new LinkedHashMap<>();
    private static final Map<String, WithValue> WITH_VALUE = new LinkedHashMap<>();

    private static void define(String name, Computation computation, Trait... traits) {
        PLAIN.put(name, new Definition(Set.of(traits), computation));
    }

    static {
        define("count", slice -> Value.of(slice.count()), Trait.ACROSS, Trait.TOLD);
        define("first", Counting::first, Trait.ACROSS, Trait.TOLD_BY_ENDS);
        define("last", Counting::last, Trait.ACROSS, Trait.TOLD_BY_ENDS);
        define("any", Counting::first, Trait.ACROSS, Trait.TOLD_BY_ENDS);
        define("distinct", Counting::distinct, Trait.ACROSS);
        define("distinct_count", Counting::distinctCount, Trait.ACROSS);
        define("mode", Counting::mode, Trait.ACROSS, Trait.RUNS_OF_STATES);
        define("sum", Numeric::sum, Trait.NUMERIC, Trait.ACROSS, Trait.TOLD_BY_SUMS);
        define("mean", Numeric::mean, Trait.NUMERIC, Trait.ACROSS, Trait.TOLD_BY_SUMS);
        define("min", slice -> Numeric.extreme(slice, -1), Trait.NUMERIC, Trait.ACROSS, Trait.TOLD_BY_EXTREMES);
        define("max", slice -> Numeric.extreme(slice, 1), Trait.NUMERIC, Trait.ACROSS, Trait.TOLD_BY_EXTREMES);
        define("range", Numeric::range, Trait.NUMERIC, Trait.ACROSS, Trait.TOLD_BY_EXTREMES);
        define("median", slice -> Numeric.quantile(slice, 0.5), Trait.NUMERIC, Trait.ACROSS);
        define("stddev", slice -> Numeric.deviation(slice, 1, true), Trait.NUMERIC, Trait.ACROSS);
        define("stddev_pop", slice -> Numeric.deviation(slice, 0, true), Trait.NUMERIC, Trait.ACROSS);
        define("variance", slice -> Numeric.deviation(slice, 1, false), Trait.NUMERIC, Trait.ACROSS);
        define("argmin", slice -> Numeric.extremeTime(slice, -1), Trait.NUMERIC, Trait.TIME);
        define("argmax", slice -> Numeric.extremeTime(slice, 1), Trait.NUMERIC, Trait.TIME);
        define("t_first", Counting::firstTime, Trait.TIME, Trait.TOLD);
        define("t_last", Counting::lastTime, Trait.TIME, Trait.TOLD);
        define("increase", Numeric::increase, Trait.NUMERIC, Trait.PREVIOUS, Trait.TOLD_BY_GROWTH);
        define("rate", Numeric::rate, Trait.NUMERIC, Trait.PREVIOUS, Trait.TOLD_BY_GROWTH);
        define("twa", slice -> Stepped.average(slice), Trait.NUMERIC, Trait.RUNS);
        define("integral", slice -> Stepped.integral(slice), Trait.NUMERIC, Trait.RUNS);
        define("transitions", Stepped::transitions, Trait.RUNS);
        define("unknown", Stepped::unknown, Trait.RUNS);
        WITH_VALUE.put("duration", new WithValue(Optional.empty(), value -> slice -> Stepped.duration(slice, value)));
        WITH_VALUE.put("share", new WithValue(Optional.empty(), value -> slice -> Stepped.share(slice, value)));
        WITH_VALUE.put("entries", new WithValue(Optional.empty(), value -> slice -> Stepped.entries(slice, value)));
        WITH_VALUE.put("uptime", new WithValue(Optional.of("up"), value -> slice -> Stepped.share(slice, value)));
        WITH_VALUE.put("mtbf", new WithValue(Optional.of("up"), value -> slice -> Stepped.mtbf(slice, value)));
        define("t_change", Stepped::changeTime, Trait.RUNS, Trait.TIME);
        WITH_VALUE.put("longest", new WithValue(Optional.of("true"), value -> slice -> Stepped.longest(slice, value)));
        WITH_VALUE.put("mttr", new WithValue(Optional.of("up"), value -> slice -> Stepped.mttr(slice, value)));
    }

    /** The aggregates of {@code field}, separated by commas that have no backslash before them. */
    static List<Aggregate> parse(String field, String text) {
        List<Aggregate> all = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (String one : text.split("(?<!\\\\),", -1)) {
            Aggregate aggregate = one(field, one.replace("\\,", ","));
            if (!names.add(aggregate.name)) {
                throw GoShareException.badField(field, field + " names " + aggregate.name + " twice");
            }
            all.add(aggregate);
        }
        return all;
    }

    private static Aggregate one(String field, String text) {
        Definition plain = PLAIN.get(text);
        if (plain != null) {
            return new Aggregate(text, plain.traits, plain.computation);
        }
        if (text.matches("p\\d{1,2}(\\.\\d{1,9})?")) {
            return quantile(text, Double.parseDouble(text.substring(1)) / 100);
        }
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        if (word.equals("quantile") && text.matches("quantile:(0(\\.\\d{1,17})?|1(\\.0*)?)")) {
            return quantile(text, Double.parseDouble(text.substring(colon + 1)));
        }
        if (text.equals(MATRIX)) {
            return new Aggregate(text, Set.of(Trait.RUNS, Trait.PER_VALUE), slice -> null);
        }
        if (word.equals("worst") || word.equals("flaps")) {
            return word.equals("worst") ? worst(field, text) : flaps(field, text);
        }
        WithValue withValue = WITH_VALUE.get(word);
        if (withValue == null) {
            throw unknown(field, word);
        }
        Optional<String> value = colon < 0 ? withValue.otherwise : Optional.of(text.substring(colon + 1));
        return value.map(literal ->
                        new Aggregate(text, Set.of(Trait.RUNS), withValue.computation.apply(Literal.of(literal))))
                .orElseGet(() -> new Aggregate(text, Set.of(Trait.RUNS, Trait.PER_VALUE), slice -> null));
    }

    private static Aggregate worst(String field, String text) {
        if (text.length() < 7) {
            throw GoShareException.badField(
                    field, field + "=worst wants the values from the worst on: worst:down|degraded|up");
        }
        List<Literal> severities =
                Stream.of(text.substring(6).split("\\|", -1)).map(Literal::of).toList();
        return new Aggregate(text, Set.of(Trait.RUNS), slice -> Stepped.worst(slice, severities));
    }

    private static Aggregate flaps(String field, String text) {
        Matcher given = Pattern.compile("flaps(?::(\\d{1,4}):(\\w+))?").matcher(text);
        long nanos = -1;
        try {
            nanos = given.matches() ? Durations.parse(given.group(2) == null ? "10m" : given.group(2)) : -1;
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(field, field + "=" + text + " " + e.getMessage());
        }
        int least = nanos >= 0 && given.group(1) != null ? Integer.parseInt(given.group(1)) : 5;
        if (nanos < 0 || least < 2) {
            throw GoShareException.badField(
                    field,
                    field + "=" + text + " is not flaps:5:10m: times at which 5 changes, at least 2, came within 10m");
        }
        long within = nanos;
        return new Aggregate(text, Set.of(Trait.RUNS), slice -> Stepped.flaps(slice, least, within));
    }

    private static Aggregate quantile(String name, double rank) {
        return new Aggregate(name, Set.of(Trait.NUMERIC, Trait.ACROSS), slice -> Numeric.quantile(slice, rank));
    }

    private static GoShareException unknown(String field, String word) {
        Set<String> names = new TreeSet<>(PLAIN.keySet());
        names.addAll(WITH_VALUE.keySet());
        names.addAll(List.of("worst", "flaps", MATRIX));
        return GoShareException.badField(
                field,
                field + " knows no " + word + Words.suggestion(word, names.stream())
                        + "; it takes " + String.join(", ", names)
                        + ", p50 to p99.9 and quantile:0.99; duration, share and"
                        + " entries take a value as in share:down");
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }

    boolean needsRuns(boolean isState) {
        return is(Trait.RUNS) || isState && is(Trait.RUNS_OF_STATES);
    }

    boolean isAnsweredBy(ChunkSummary summary) {
        return is(Trait.TOLD)
                || is(Trait.TOLD_BY_ENDS) && summary.tellsEnds()
                || is(Trait.TOLD_BY_SUMS) && summary.tellsSums()
                || is(Trait.TOLD_BY_EXTREMES) && summary.tellsExtremes()
                || is(Trait.TOLD_BY_GROWTH) && summary.tellsGrowth();
    }

    @Nullable
    Value of(Slice slice) {
        return computation.of(slice);
    }
}
