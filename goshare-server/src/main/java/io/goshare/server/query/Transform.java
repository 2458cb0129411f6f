package io.goshare.server.query;

import io.goshare.protocol.Durations;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Words;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The clause {@code fn}: steps from point to point, one after another, separated by commas.
 *
 * <pre>
 *   delta  derivative       difference to the point before; per second
 *   increase  rate  irate   the same of a counter: a drop is a reset to 0
 *   abs  scale:2  offset:-5  round:1  cumsum
 *   lag:1                   the value that many points ago, of any type
 *   debounce:30s            without values that held for less, of any type
 * </pre>
 *
 * What is no number is passed over by those that take numbers.
 */
record Transform(List<Step> steps) {
    static final Transform NONE = new Transform(List.of());

    private static final List<String> WORDS = List.of(
            "rate",
            "irate",
            "increase",
            "delta",
            "derivative",
            "abs",
            "scale",
            "offset",
            "round",
            "lag",
            "cumsum",
            "debounce");

    private static final int MOST_STEPS = 16;

    /** One step. */
    interface Step {
        /** @param from the beginning of the range; points before it are there to look back at */
        Columns apply(Columns points, long from);

        /** How many points before the range it looks at. */
        default int reach() {
            return 0;
        }

        /** Whether it passes over what is no number. */
        default boolean isNumeric() {
            return true;
        }
    }

    static Transform parse(String text) {
        List<Step> steps = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            steps.add(step(one));
        }
        if (steps.size() > MOST_STEPS) {
            throw GoShareException.badField("fn", "fn takes at most " + MOST_STEPS + " steps");
        }
        return new Transform(List.copyOf(steps));
    }

    private static Step step(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        String argument = colon < 0 ? "" : text.substring(colon + 1);
        boolean takes = List.of("scale", "offset", "round", "lag", "debounce").contains(word);
        if (WORDS.contains(word) && takes == (colon < 0)) {
            throw GoShareException.badField(
                    "fn",
                    takes
                            ? "fn=" + word + " wants a value behind a colon, such as " + word
                                    + (word.equals("debounce") ? ":30s" : ":1")
                            : "fn=" + word + " takes no value; leave :" + argument + " out");
        }
        return switch (word) {
            case "delta" -> new Difference(false, false);
            case "derivative" -> new Difference(false, true);
            case "increase" -> new Difference(true, false);
            case "rate", "irate" -> new Difference(true, true);
            case "abs" -> new Abs();
            case "scale" -> new Scale(number(word, argument).number(0));
            case "offset" -> new Offset(number(word, argument));
            case "round" -> new Round(integer(word, argument, 0, 15));
            case "lag" -> new Lag(integer(word, argument, 1, 1_000));
            case "cumsum" -> new CumulativeSum();
            case "debounce" -> new Debounce(duration(argument));
            default ->
                throw GoShareException.badField(
                        "fn",
                        "fn knows no " + word + Words.suggestion(word, WORDS.stream()) + "; it takes "
                                + String.join(", ", WORDS));
        };
    }

    private static Columns number(String word, String text) {
        Literal literal = Literal.of(text);
        return Columns.of(List.of(literal.number()
                .filter(value -> !Double.isNaN(value.asDouble()))
                .orElseThrow(() -> GoShareException.badField(
                        "fn", "fn=" + word + ":" + text + " wants a number, such as " + word + ":0.5"))));
    }

    private static int integer(String word, String text, int first, int last) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < first || Integer.parseInt(text) > last) {
            throw GoShareException.badField(
                    "fn", "fn=" + word + ":" + text + " wants an integer from " + first + " to " + last);
        }
        return Integer.parseInt(text);
    }

    private static long duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField("fn", "fn=debounce:" + text + " " + e.getMessage());
        }
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    int reach() {
        return steps.stream().mapToInt(Step::reach).sum();
    }

    boolean isNumeric() {
        return steps.stream().anyMatch(Step::isNumeric);
    }

    Columns apply(Columns points, long from) {
        Columns result = points;
        for (Step step : steps) {
            result = step.apply(result, from);
        }
        return result;
    }

    private record Difference(boolean isCounter, boolean isPerSecond) implements Step {
        @Override
        public Columns apply(Columns points, long from) {
            Numbers out = new Numbers(points.count());
            int before = -1;
            for (int i = 0; i < points.count(); i++) {
                if (!points.isNumber(i)) {
                    continue;
                }
                if (before >= 0) {
                    add(points, before, i, out);
                }
                before = i;
            }
            return out.build();
        }

        private void add(Columns points, int before, int row, Numbers out) {
            long time = points.times()[row];
            double step = points.number(row) - points.number(before);
            boolean isReset = isCounter && points.isLess(row, before);
            if (isPerSecond) {
                double seconds = ((double) time - points.times()[before]) / 1e9;
                out.add(time, (isReset ? points.number(row) : step) / seconds);
            } else if (isReset) {
                out.copy(time, points, row);
            } else {
                out.sum(time, points, row, -1, points, before);
            }
        }

        @Override
        public int reach() {
            return 1;
        }
    }

    private record Abs() implements Step {
        private static final Columns ZERO = Columns.of(List.of(Value.of(0L)));

        @Override
        public Columns apply(Columns points, long from) {
            Numbers out = new Numbers(points.count());
            for (int i = 0; i < points.count(); i++) {
                if (points.isNumber(i) && points.number(i) < 0) {
                    out.sum(points.times()[i], ZERO, 0, -1, points, i);
                } else if (points.isNumber(i)) {
                    out.copy(points.times()[i], points, i);
                }
            }
            return out.build();
        }
    }

    private record Scale(double factor) implements Step {
        @Override
        public Columns apply(Columns points, long from) {
            Numbers out = new Numbers(points.count());
            for (int i = 0; i < points.count(); i++) {
                if (points.isNumber(i)) {
                    out.add(points.times()[i], points.number(i) * factor);
                }
            }
            return out.build();
        }
    }

    private record Offset(Columns term) implements Step {
        @Override
        public Columns apply(Columns points, long from) {
            Numbers out = new Numbers(points.count());
            for (int i = 0; i < points.count(); i++) {
                if (points.isNumber(i)) {
                    out.sum(points.times()[i], points, i, 1, term, 0);
                }
            }
            return out.build();
        }
    }

    private record Round(int digits) implements Step {
        @Override
        public Columns apply(Columns points, long from) {
            Numbers out = new Numbers(points.count());
            for (int i = 0; i < points.count(); i++) {
                if (points.isNumber(i)) {
                    out.rounded(points.times()[i], points, i, digits);
                }
            }
            return out.build();
        }
    }

    /** Sums from the beginning of the range on. */
    private record CumulativeSum() implements Step {
        @Override
        public Columns apply(Columns points, long from) {
            Numbers out = new Numbers(points.count());
            for (int i = points.firstAtOrAfter(from, 0); i < points.count(); i++) {
                if (points.isNumber(i) && out.count() == 0) {
                    out.copy(points.times()[i], points, i);
                } else if (points.isNumber(i)) {
                    out.sum(points.times()[i], out.soFar(), out.count() - 1, 1, points, i);
                }
            }
            return out.build();
        }
    }

    private record Lag(int distance) implements Step {
        @Override
        public Columns apply(Columns points, long from) {
            int count = Math.max(0, points.count() - distance);
            Columns late = points.first(count);
            long[] times = new long[count];
            System.arraycopy(points.times(), Math.min(distance, points.count()), times, 0, count);
            return new Columns(count, times, late.tags(), late.words(), late.heap());
        }

        @Override
        public int reach() {
            return distance;
        }

        @Override
        public boolean isNumeric() {
            return false;
        }
    }

    /** The last run is kept: it may hold for longer. */
    private record Debounce(long nanos) implements Step {
        @Override
        public Columns apply(Columns points, long from) {
            int[] rows = new int[points.count()];
            int kept = 0;
            int start = 0;
            for (int i = 1; i <= points.count(); i++) {
                boolean isEnd = i == points.count() || !points.same(i - 1, i);
                if (isEnd) {
                    boolean stays = i == points.count() || points.times()[i] - points.times()[start] >= nanos;
                    for (int row = start; stays && row < i; row++) {
                        rows[kept++] = row;
                    }
                    start = i;
                }
            }
            return points.only(rows, kept);
        }

        @Override
        public boolean isNumeric() {
            return false;
        }
    }
}
