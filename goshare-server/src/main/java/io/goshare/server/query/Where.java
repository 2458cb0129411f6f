package io.goshare.server.query;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Words;
import io.goshare.protocol.model.Regex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoublePredicate;

/**
 * The clause {@code where}: predicates on a point's value, all of which must hold, separated by {@code ;}.
 *
 * <pre>
 *   gt:90  lt:90  ge:90  le:90      numbers; what is no number fails and is counted as skipped
 *   between:10:20                   both included
 *   near:50:5                       at most 5 away
 *   eq:down  ne:down  in:a,b        any type; a backslash takes , ; and itself as they are
 *   re:^4  nre:^4                   a regular expression finds something in the text, or does not
 *   changed                         the value is not that of the point before
 * </pre>
 */
final class Where {
    private static final List<String> WORDS =
            List.of("gt", "lt", "ge", "le", "between", "near", "eq", "ne", "in", "re", "nre", "changed");

    /** One predicate on the value of a row. */
    private interface Test {
        boolean passes(Columns columns, int row);
    }

    /** A predicate on numbers. */
    private record Numeric(DoublePredicate predicate) implements Test {
        @Override
        public boolean passes(Columns columns, int row) {
            return columns.isNumber(row) && predicate.test(columns.number(row));
        }
    }

    static final Where NONE = new Where(List.of(), false);

    private final List<Test> tests;
    private final boolean changed;

    private Where(List<Test> tests, boolean changed) {
        this.tests = tests;
        this.changed = changed;
    }

    static Where parse(String text) {
        List<Test> tests = new ArrayList<>();
        boolean changed = false;
        for (String one : split(text, ';')) {
            if (one.equals("changed")) {
                changed = true;
            } else {
                int colon = one.indexOf(':');
                if (colon < 0) {
                    throw unknown(one);
                }
                tests.add(test(one.substring(0, colon), one.substring(colon + 1)));
            }
        }
        return new Where(tests, changed);
    }

    private static Test test(String word, String argument) {
        return switch (word) {
            case "gt" -> number(word, argument, limit -> n -> n > limit);
            case "lt" -> number(word, argument, limit -> n -> n < limit);
            case "ge" -> number(word, argument, limit -> n -> n >= limit);
            case "le" -> number(word, argument, limit -> n -> n <= limit);
            case "between" -> {
                double[] ends = two(word, argument);
                yield new Numeric(n -> n >= ends[0] && n <= ends[1]);
            }
            case "near" -> {
                double[] middle = two(word, argument);
                yield new Numeric(n -> Math.abs(n - middle[0]) <= middle[1]);
            }
            case "eq" -> Literal.of(unescaped(argument))::equalTo;
            case "ne" -> {
                Literal literal = Literal.of(unescaped(argument));
                yield (columns, row) -> !literal.equalTo(columns, row);
            }
            case "in" -> {
                List<Literal> literals = split(argument, ',').stream()
                        .map(Where::unescaped)
                        .map(Literal::of)
                        .toList();
                yield (columns, row) -> literals.stream().anyMatch(literal -> literal.equalTo(columns, row));
            }
            case "re" -> regex(argument, true);
            case "nre" -> regex(argument, false);
            default -> throw unknown(word);
        };
    }

    private interface Comparison {
        DoublePredicate with(double limit);
    }

    private static Test number(String word, String argument, Comparison comparison) {
        return new Numeric(comparison.with(number(word, argument)));
    }

    private static double number(String word, String argument) {
        try {
            return Double.parseDouble(argument);
        } catch (NumberFormatException e) {
            throw GoShareException.badField(
                    "where",
                    "where=" + word + ":" + argument + " compares numbers, and "
                            + (argument.isEmpty() ? "none is given" : argument + " is none")
                            + "; for texts there are eq, in and re");
        }
    }

    private static double[] two(String word, String argument) {
        String[] parts = argument.split(":", -1);
        if (parts.length != 2) {
            throw GoShareException.badField(
                    "where",
                    "where=" + word + ":" + argument + " wants two numbers: "
                            + (word.equals("near") ? "near:middle:distance" : "between:first:last"));
        }
        return new double[] {number(word, parts[0]), number(word, parts[1])};
    }

    private static Test regex(String argument, boolean wanted) {
        Regex regex;
        try {
            regex = Regex.parse(argument);
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField("where", "where: " + e.getMessage());
        }
        Map<Object, Boolean> known = new ConcurrentHashMap<>(); // several threads read the series of one query
        return (columns, row) -> {
            if (known.size() > 10_000) {
                known.clear();
            }
            return known.computeIfAbsent(columns.value(row), value -> regex.finds(value.toString()) == wanted);
        };
    }

    private static GoShareException unknown(String word) {
        return GoShareException.badField(
                "where",
                "where knows no " + word + Words.suggestion(word, WORDS.stream()) + "; it takes "
                        + String.join(", ", WORDS) + ", such as gt:90 or eq:down");
    }

    /** Parts between {@code separator}s that have no backslash before them; the backslashes stay. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == separator) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean escape = text.charAt(i) == '\\' && i + 1 < text.length() && ",;\\".indexOf(text.charAt(i + 1)) >= 0;
            out.append(text.charAt(escape ? ++i : i));
        }
        return out.toString();
    }

    boolean isEmpty() {
        return tests.isEmpty() && !changed;
    }

    boolean needsPrevious() {
        return changed;
    }

    /** Whether the value of {@code row} passes, {@code changed} left aside. */
    boolean passes(Columns columns, int row) {
        for (Test test : tests) {
            if (!test.passes(columns, row)) {
                return false;
            }
        }
        return true;
    }

    /** Whether some predicate asks for numbers. */
    boolean isNumeric() {
        return tests.stream().anyMatch(Numeric.class::isInstance);
    }

    /** The rows that pass. The first row has none before it, so it counts as changed. */
    Columns filter(Columns columns) {
        if (isEmpty()) {
            return columns;
        }
        int[] rows = new int[columns.count()];
        int kept = 0;
        for (int i = 0; i < columns.count(); i++) {
            if (passes(columns, i) && !(changed && i > 0 && columns.same(i - 1, i))) {
                rows[kept++] = i;
            }
        }
        return columns.only(rows, kept);
    }
}
