package io.goshare.server.query;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the clauses {@code when} and {@code while} ask for: predicates on series, put together. Words are separated by
 * blanks, parentheses too.
 *
 * <pre>
 *   or    := and ("or" and)*
 *   and   := unary ("and" unary)*
 *   unary := ("not" | "gaps" | "longest") unary | "(" or ")" | ["any" | "all" | "overlap:N"] atom
 *   atom  := selector op value | where          a predicate of where is of the series that is asked for itself
 *   op    := =  !=  &gt;  &gt;=  &lt;  &lt;=  ~  !~       the last two with a regular expression
 * </pre>
 *
 * A value with blanks stands in single quotes.
 */
sealed interface Condition {
    /** Three-valued negation. */
    record Not(Condition of) implements Condition {}

    /** All of them hold. */
    record And(List<Condition> of) implements Condition {}

    /** One of them holds. */
    record Or(List<Condition> of) implements Condition {}

    /** The time between two times that it holds. */
    record Gaps(Condition of) implements Condition {}

    /** The longest time that it holds. */
    record Longest(Condition of) implements Condition {}

    /**
     * A predicate on the values of series.
     *
     * @param text as it was spelled
     * @param selector empty: the series that is asked for itself
     * @param least how many of the series must pass: 0: all; empty: there may be only one
     */
    record Atom(String text, Optional<Selector> selector, Optional<Integer> least, Where where) implements Condition {}

    /** The most conditions in one clause. */
    int MOST = 32;

    static Condition parse(String field, String text) {
        return new ConditionParser(field, text).parse();
    }

    /** The atoms, left to right. */
    default List<Atom> atoms() {
        List<Atom> atoms = new ArrayList<>();
        collect(this, atoms);
        return atoms;
    }

    private static void collect(Condition condition, List<Atom> atoms) {
        if (condition instanceof Atom atom) {
            atoms.add(atom);
        } else if (condition instanceof Not not) {
            collect(not.of, atoms);
        } else if (condition instanceof Gaps gaps) {
            collect(gaps.of, atoms);
        } else if (condition instanceof Longest longest) {
            collect(longest.of, atoms);
        } else if (condition instanceof And and) {
            and.of.forEach(one -> collect(one, atoms));
        } else if (condition instanceof Or or) {
            or.of.forEach(one -> collect(one, atoms));
        }
    }

    /**
     * The labels that its selectors capture: one condition for each of their values.
     *
     * @throws GoShareException if some selectors capture other labels than others
     */
    default List<String> labels(String field) {
        TreeSet<String> labels = new TreeSet<>();
        for (Atom atom : atoms()) {
            TreeSet<String> own =
                    new TreeSet<>(atom.selector().map(Selector::labels).orElse(List.of()));
            if (!own.isEmpty() && !labels.isEmpty() && !own.equals(labels)) {
                throw GoShareException.badField(
                        field,
                        field + ": " + atom.text() + " captures " + own + ", others " + labels
                                + "; capture the same segments, or none");
            }
            labels.addAll(own);
        }
        return List.copyOf(labels);
    }
}
