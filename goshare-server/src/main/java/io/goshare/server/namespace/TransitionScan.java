package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Tables;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the paths of a subtree in a range of time. A change is made from two rows that follow each other, so of
 * each path the rows in the range are read and one before them; what is newer or older is leapt over where it is much.
 */
final class TransitionScan {
    private static final int PIECE_VALUES = 512;
    private static final int PASSES_OVER = 16;
    private static final int LOOKS_AT_CLOCK = 1024;

    private record Current(byte[] path, CurrentRow row) {}

    private final NamespaceView view;
    private final TimeRange range;
    private final long deadline;
    private final Predicate<Transition> visitor;
    private final Deque<Current> current = new ArrayDeque<>();
    private @Nullable Eras eras;
    private byte @Nullable [] leap;
    private int seen;
    private boolean stopped;

    TransitionScan(NamespaceView view, TimeRange range, long deadline, Predicate<Transition> visitor) {
        this.view = view;
        this.range = range;
        this.deadline = deadline;
        this.visitor = visitor;
    }

    /** Runs over {@code [from, to)}, prefixes of paths; {@code to} null means to the end. Whether all was seen. */
    boolean run(byte[] from, byte @Nullable [] to) {
        byte[] position = from;
        while (position != null && !stopped) {
            byte[] bound = readCurrent(position, to);
            readHistory(position, bound == null ? to : bound);
            position = bound;
        }
        return !stopped;
    }

    /** Fills {@link #current} from {@code from} on; the path at which it was full. */
    private byte @Nullable [] readCurrent(byte[] from, byte @Nullable [] to) {
        List<byte[]> bound = new ArrayList<>(1);
        view.scanCurrent(CurrentRow.key(from), end(Tables.NAMESPACE, to), (key, value) -> {
            byte[] path = CurrentRow.pathOf(key);
            if (current.size() == PIECE_VALUES) {
                bound.add(path);
                return false;
            }
            return current.add(new Current(path, CurrentRow.decode(value)));
        });
        return bound.isEmpty() ? null : bound.get(0);
    }

    private static byte[] end(byte table, byte @Nullable [] to) {
        return to == null ? new byte[] {(byte) (table + 1)} : Tables.key(table, to);
    }

    private void readHistory(byte[] from, byte @Nullable [] to) {
        leap = HistoryRow.prefix(from);
        while (leap != null && !stopped) {
            byte[] position = leap;
            leap = null;
            view.scanHistory(position, end(Tables.HISTORY, to), this::row);
        }
        finish();
        Current rest;
        while (!stopped && (rest = current.poll()) != null) {
            begin(rest.path, rest.row);
            finish();
        }
        current.clear();
    }

    private boolean row(byte[] key, byte[] value) {
        byte[] path = HistoryRow.pathOf(key);
        Eras own = eras;
        if (own == null || !Arrays.equals(own.path, path)) {
            own = begin(path);
        }
        if (++seen % LOOKS_AT_CLOCK == 0 && System.nanoTime() - deadline >= 0) {
            stopped = true;
        }
        if (stopped) {
            return false;
        }
        long since = HistoryRow.sinceOf(key);
        if (!own.complete && since < range.to()) {
            HistoryRow row = HistoryRow.decode(value);
            own.add(since, Optional.ofNullable(row.value()), row.revision());
        } else if (++own.passed == PASSES_OVER) {
            leap = own.complete ? Tables.behind(HistoryRow.prefix(path)) : HistoryRow.key(path, range.to() - 1);
            return false;
        }
        return !stopped;
    }

    /** Ends the path before, hands over those that have a current row alone, and begins {@code path}. */
    private Eras begin(byte[] path) {
        finish();
        Current first = current.peek();
        while (!stopped && first != null && Arrays.compareUnsigned(first.path, path) < 0) {
            begin(first.path, first.row);
            finish();
            current.remove();
            first = current.peek();
        }
        if (first != null && Arrays.equals(first.path, path)) {
            current.remove();
            return begin(path, first.row);
        }
        Eras begun = new Eras(path);
        eras = begun;
        return begun;
    }

    private Eras begin(byte[] path, CurrentRow row) {
        Eras begun = new Eras(path);
        eras = begun;
        view.cutOf(path, row).ifPresent(cut -> begun.add(cut.endOf(row.since()), Optional.empty(), cut.revision()));
        // A value that stands in history comes with its row there.
        if (row.value() != null) {
            begun.add(row.since(), Optional.of(row.value()), row.opened());
        }
        return begun;
    }

    private void finish() {
        if (eras != null) {
            eras.tell(Optional.empty());
            eras = null;
        }
    }

    /** The eras of one path, as they come: newest first. */
    private final class Eras {
        private final byte[] path;
        private @Nullable Era newer;
        /** Whether no older row matters. */
        private boolean complete;

        private int passed;

        Eras(byte[] path) {
            this.path = path;
        }

        void add(long from, Optional<Value> value, long revision) {
            if (newer != null && from >= newer.from()) {
                return; // the current value, which stands in history too
            }
            tell(value);
            newer = new Era(from, value, revision);
            if (from < range.from()) {
                complete = true;
                passed = 0;
            }
        }

        /** Hands over the change that the newest row so far is, now that it is known what it changed. */
        private void tell(Optional<Value> old) {
            Era era = newer;
            if (stopped
                    || era == null
                    || !range.contains(era.from())
                    || era.value().isEmpty() && old.isEmpty()) {
                return;
            }
            Transition change = new Transition(Path.decode(path), era.from(), old, era.value(), era.revision());
            stopped = !visitor.test(change);
        }
    }
}
