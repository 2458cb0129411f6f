package io.goshare.server.query;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.TimeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells when a {@link Condition} holds, from the series it names. Safe for many threads; open until closed. */
final class ConditionReader implements AutoCloseable {
    private final String field;
    private final Condition condition;
    private final List<String> labels;
    private final long now;
    private final Budget budget;
    private final Map<Condition.Atom, Bound> bound = new HashMap<>();
    private final Map<Condition.Atom, Truth> shared = new HashMap<>();
    private @Nullable TimeRange sharedRange;
    private Known sharedKnown = new Known();

    /**
     * @param field the clause, for errors
     * @param range all that will be asked for
     */
    ConditionReader(SeriesReader reader, String field, Condition condition, TimeRange range, long now, Budget budget) {
        this.field = field;
        this.condition = condition;
        this.labels = condition.labels(field);
        this.now = now;
        this.budget = budget;
        try {
            for (Condition.Atom atom : condition.atoms()) {
                if (atom.selector().isPresent() && !bound.containsKey(atom)) {
                    bound.put(atom, Bound.open(reader, atom.selector().get(), range, budget));
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    List<String> labels() {
        return labels;
    }

    /** The values of {@link #labels} for which some series is there, in the order of their series. */
    Collection<List<String>> bindings() {
        Set<List<String>> all = new LinkedHashSet<>();
        for (Bound one : bound.values()) {
            if (one.labels().equals(labels)) {
                all.addAll(one.bindings());
            }
        }
        return all;
    }

    /**
     * What the condition is in {@code range}, up to what can be known.
     *
     * @param captured the segments that bind its labels
     * @param own the runs of the series asked for; empty where there is none
     */
    synchronized Truth truth(Map<String, String> captured, TimeRange range, Optional<SeriesReader.States> own) {
        if (!range.equals(sharedRange)) {
            shared.clear();
            sharedRange = range;
            sharedKnown = new Known();
        }
        Known known = new Known();
        Map<Condition.Atom, Truth> truths = new HashMap<>();
        for (Condition.Atom atom : condition.atoms()) {
            truths.put(atom, atom(atom, captured, range, own, known));
        }
        known.add(sharedKnown);
        long end = Math.max(range.from(), Math.max(now, known.behind));
        return of(condition, truths).since(known.first).until(end);
    }

    /** From when to when something is known of some series: nothing is told before its first point, or after now. */
    private static final class Known {
        private long first = Long.MAX_VALUE;
        private long behind = Long.MIN_VALUE;

        void add(SeriesReader.States states) {
            if (states.runs().count() > 0) {
                first = Math.min(first, states.runs().from()[0]);
            }
            int rows = states.rows().count();
            behind = rows > 0 ? Math.max(behind, states.rows().times()[rows - 1] + 1) : behind;
        }

        void add(Known other) {
            first = Math.min(first, other.first);
            behind = Math.max(behind, other.behind);
        }
    }

    private static Truth of(Condition condition, Map<Condition.Atom, Truth> truths) {
        if (condition instanceof Condition.Not not) {
            return of(not.of(), truths).not();
        } else if (condition instanceof Condition.Gaps gaps) {
            return of(gaps.of(), truths).gaps();
        } else if (condition instanceof Condition.Longest longest) {
            return of(longest.of(), truths).longest();
        } else if (condition instanceof Condition.And and) {
            return Truth.atLeast(and.of().size(), all(and.of(), truths));
        } else if (condition instanceof Condition.Or or) {
            return Truth.atLeast(1, all(or.of(), truths));
        }
        return Objects.requireNonNull(truths.get((Condition.Atom) condition));
    }

    private static List<Truth> all(List<Condition> conditions, Map<Condition.Atom, Truth> truths) {
        return conditions.stream().map(one -> of(one, truths)).toList();
    }

    private Truth atom(
            Condition.Atom atom,
            Map<String, String> captured,
            TimeRange range,
            Optional<SeriesReader.States> own,
            Known known) {
        Bound series = bound.get(atom);
        if (series == null) {
            SeriesReader.States states = own.orElseThrow(() -> GoShareException.badField(
                    field,
                    field + ": " + atom.text() + " names no series; write it before, as in node:web1:state=down"));
            known.add(states);
            return truth(atom.where(), states, range);
        }
        if (series.labels().isEmpty()) {
            Truth truth = shared.get(atom);
            if (truth == null) {
                truth = combined(atom, series, series.all(), range, sharedKnown);
                shared.put(atom, truth);
            }
            return truth;
        }
        return combined(atom, series, series.of(captured), range, known);
    }

    private Truth combined(Condition.Atom atom, Bound series, int[] indices, TimeRange range, Known known) {
        if (indices.length > 1 && atom.least().isEmpty()) {
            throw GoShareException.badField(
                    field,
                    field + ": " + atom.text() + " finds " + indices.length
                            + " series; write any, all or overlap:2 before it, or capture a segment, as in node:@host");
        }
        List<Truth> all = new ArrayList<>();
        for (int index : indices) {
            SeriesReader.States states = series.states(index, range, budget);
            known.add(states);
            all.add(truth(atom.where(), states, range));
        }
        if (all.isEmpty()) {
            return Truth.always(Truth.UNKNOWN, range.from(), range.to());
        }
        int least = atom.least().orElse(1);
        return least > all.size()
                ? Truth.always(Truth.FALSE, range.from(), range.to())
                : Truth.atLeast(least == 0 ? all.size() : least, all);
    }

    /** A value counts until the range ends: what can be known of all series together is judged at last. */
    private static Truth truth(Where where, SeriesReader.States states, TimeRange range) {
        boolean[] passing = new boolean[states.runs().count()];
        for (int run = 0; run < passing.length; run++) {
            passing[run] = states.runs().isKnown(run)
                    && where.passes(states.rows(), states.runs().rows()[run]);
        }
        return Truth.of(states.runs(), passing, range.from(), range.to());
    }

    long heldBytes() {
        return bound.values().stream().mapToLong(one -> one.view().heldBytes()).sum();
    }

    @Override
    public void close() {
        bound.values().forEach(Bound::close);
    }
}
