package io.goshare.server.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Transitions that are told only once their value has held for a time. A later change of the same path decides: it came
 * too soon, or it did not; without one the clock does. What is told is told in the order of revisions, so a transition
 * waits for those before it, which is no longer than the time to hold.
 */
final class Holding {
    /** Where a transition stands. */
    private enum Fate {
        OPEN,
        TOLD,
        GONE
    }

    private static final class Held {
        private final String name;
        private final Happening happening;
        private final long due;
        private Fate fate = Fate.OPEN;

        Held(String name, Happening happening, long due) {
            this.name = name;
            this.happening = happening;
            this.due = due;
        }
    }

    private record Revision(long revision, List<Held> held) {}

    private final long nanos;
    private final Deque<Revision> waiting = new ArrayDeque<>();
    private final Map<String, Held> open = new HashMap<>();
    private List<Held> current = new ArrayList<>();

    Holding(long nanos) {
        this.nanos = nanos;
    }

    /**
     * Takes a change.
     *
     * @param wanted whether it is to be told itself
     * @param now the server's clock: a change said to be of the future begins to hold now
     */
    void add(Happening happening, boolean wanted, long now) {
        String name = happening.name().toString();
        Held before = open.remove(name);
        if (before != null && before.fate == Fate.OPEN) {
            before.fate = happening.time() - before.happening.time() < nanos ? Fate.GONE : Fate.TOLD;
        }
        if (wanted) {
            Held held = new Held(name, happening, Math.min(happening.time(), now) + nanos);
            open.put(name, held);
            current.add(held);
        }
    }

    void endRevision(long revision) {
        if (!current.isEmpty()) {
            waiting.add(new Revision(revision, current));
            current = new ArrayList<>();
        }
    }

    /** Hands over what is decided, or due by {@code now}, revision by revision. */
    void ripen(long now, BiConsumer<Long, List<Happening>> told) {
        Revision first = waiting.peek();
        while (first != null) {
            List<Happening> rows = new ArrayList<>();
            for (Held held : first.held) {
                if (held.fate == Fate.OPEN && held.due <= now) {
                    held.fate = Fate.TOLD;
                }
                if (held.fate == Fate.OPEN) {
                    return;
                }
                if (held.fate == Fate.TOLD) {
                    rows.add(held.happening);
                }
            }
            waiting.remove();
            first.held.forEach(held -> open.remove(held.name, held));
            if (!rows.isEmpty()) {
                told.accept(first.revision, rows);
            }
            first = waiting.peek();
        }
    }

    /** The oldest revision that is not decided; {@code none} if all are. */
    long oldest(long none) {
        @Nullable Revision first = waiting.peek();
        return first == null ? none : first.revision;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
