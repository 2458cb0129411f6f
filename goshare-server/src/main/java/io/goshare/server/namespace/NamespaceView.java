package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Values as of one snapshot, current ones or those of a moment of the past. A value of the past is current's if that
 * holds since then; else it is the first row of history from that moment on. Over a subtree the two tables, in the same
 * order, are merged piece by piece, for no two scans run at once.
 */
final class NamespaceView {
    private static final int PIECE_VALUES = 512;
    private static final int PIECE_HISTORY = 4096;
    private static final long PIECE_BYTES = 4 << 20;

    private final StorageEngine base;
    private final @Nullable Snapshot snapshot;
    private final List<Cut> cuts;

    NamespaceView(StorageEngine base, @Nullable Snapshot snapshot, List<Cut> cuts) {
        this.base = base;
        this.snapshot = snapshot;
        this.cuts = cuts;
    }

    /** Receives what paths hold, in the order of paths, until it returns false. */
    @FunctionalInterface
    interface Visitor {
        boolean held(byte[] path, CurrentRow row);
    }

    Optional<NamespaceValue> get(Path path, OptionalLong at) {
        byte[] encoded = path.encoded();
        Optional<CurrentRow> current =
                base.get(snapshot, CurrentRow.key(encoded)).map(CurrentRow::decode);
        long moment = at.orElse(Long.MAX_VALUE);
        if (current.isPresent() && current.get().since() <= moment) {
            return isUncut(encoded, current.get(), moment) ? current.map(row -> value(encoded, row)) : Optional.empty();
        }
        return at.isEmpty() ? Optional.empty() : past(encoded, moment).map(row -> value(encoded, row));
    }

    /** Whether no cut had ended the row at {@code moment}. */
    private boolean isUncut(byte[] path, CurrentRow row, long moment) {
        return cuts.isEmpty()
                || Cut.of(cuts, path, row)
                        .map(cut -> moment < cut.endOf(row.since()))
                        .orElse(true);
    }

    private Optional<CurrentRow> past(byte[] path, long at) {
        byte[] prefix = HistoryRow.prefix(path);
        List<CurrentRow> found = new ArrayList<>(1);
        base.scan(snapshot, HistoryRow.key(path, at), Tables.behind(prefix), (key, value) -> {
            Optional.ofNullable(past(HistoryRow.sinceOf(key), HistoryRow.decode(value)))
                    .ifPresent(found::add);
            return false;
        });
        return found.stream().findFirst();
    }

    private static @Nullable CurrentRow past(long since, HistoryRow row) {
        return row.value() == null ? null : new CurrentRow(row.revision(), row.revision(), since, since, row.value());
    }

    /** The newest eras of a path, from its current value on: an end by a cut, and the value; none if it holds none. */
    List<Era> top(Path path) {
        byte[] encoded = path.encoded();
        List<Era> eras = new ArrayList<>(2);
        base.get(snapshot, CurrentRow.key(encoded)).map(CurrentRow::decode).ifPresent(row -> {
            Cut.of(cuts, encoded, row)
                    .ifPresent(cut -> eras.add(new Era(cut.endOf(row.since()), Optional.empty(), cut.revision())));
            eras.add(new Era(row.since(), Optional.of(value(encoded, row).value()), row.opened()));
        });
        return eras;
    }

    /** The cut that ended {@code row} of {@code path}, if one did. */
    Optional<Cut> cutOf(byte[] path, CurrentRow row) {
        return Cut.of(cuts, path, row);
    }

    /** Current rows as they stand, those that a cut has ended with them. */
    void scanCurrent(byte[] from, byte @Nullable [] to, RowVisitor rows) {
        base.scan(snapshot, from, to, rows);
    }

    /** Rows of history as they stand. */
    void scanHistory(byte[] from, byte @Nullable [] to, RowVisitor rows) {
        base.scan(snapshot, from, to, rows);
    }

    /** The value of {@code row}, fetched from history if it stands there. */
    NamespaceValue value(byte[] path, CurrentRow row) {
        Value value = row.value() != null ? row.value() : fromHistory(path, row);
        return new NamespaceValue(Path.decode(path), value, row.since(), row.lastSeen(), row.opened(), row.last());
    }

    private Value fromHistory(byte[] path, CurrentRow row) {
        Value value = base.get(snapshot, HistoryRow.key(path, row.since()))
                .map(HistoryRow::decode)
                .map(HistoryRow::value)
                .orElse(null);
        if (value == null) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED,
                    "the value of " + Path.decode(path) + " is not in history, where it should stand; run verify");
        }
        return value;
    }

    /**
     * Hands over what the paths of {@code [from, to)} hold, {@code to} null meaning to the end.
     *
     * @return where to go on: the path at which {@code visitor} returned false, or one behind it once {@code deadline}
     *     of {@link System#nanoTime} is over; empty if all was seen
     */
    Optional<byte[]> walk(byte[] from, byte @Nullable [] to, OptionalLong at, long deadline, Visitor visitor) {
        byte[] position = from;
        while (true) {
            Piece piece = new Piece(position, to, at);
            Optional<byte[]> stopped = piece.handOver(visitor);
            if (stopped.isPresent() || piece.bound == null || Arrays.equals(piece.bound, to)) {
                return stopped;
            }
            if (System.nanoTime() - deadline >= 0) {
                return Optional.of(piece.bound);
            }
            position = piece.bound;
        }
    }

    private record Held(byte[] path, CurrentRow row) {}

    /** Rows of both tables from a path up to a bound that keeps them few. */
    private final class Piece {
        private final List<Held> current = new ArrayList<>();
        private final List<Held> past = new ArrayList<>();
        private final OptionalLong at;
        private byte @Nullable [] bound;

        Piece(byte[] from, byte @Nullable [] to, OptionalLong at) {
            this.at = at;
            this.bound = to;
            readCurrent(from);
            if (at.isPresent()) {
                readHistory(from, at.getAsLong());
            }
        }

        private void readCurrent(byte[] from) {
            base.scan(snapshot, CurrentRow.key(from), endOfTable(Tables.NAMESPACE), (key, value) -> {
                byte[] path = CurrentRow.pathOf(key);
                if (current.size() == PIECE_VALUES) {
                    bound = path;
                    return false;
                }
                return current.add(new Held(path, CurrentRow.decode(value)));
            });
        }

        private byte[] endOfTable(byte table) {
            return bound == null ? new byte[] {(byte) (table + 1)} : Tables.key(table, bound);
        }

        /** The rows at {@code moment}; those of a path after it, or before what is wanted, are leapt over. */
        private void readHistory(byte[] from, long moment) {
            byte[] position = HistoryRow.prefix(from);
            int room = PIECE_HISTORY;
            long bytes = PIECE_BYTES;
            while (position.length > 0) {
                HistoryScan scan = new HistoryScan(moment, room, bytes, past);
                base.scan(snapshot, position, endOfTable(Tables.HISTORY), scan::row);
                room -= scan.seen;
                bytes -= scan.taken;
                if (scan.full != null) {
                    bound = scan.full;
                }
                position = scan.leap;
            }
        }

        /** @return the path at which {@code visitor} stopped */
        Optional<byte[]> handOver(Visitor visitor) {
            long moment = at.orElse(Long.MAX_VALUE);
            int next = 0;
            for (Held now : current) {
                if (bound != null && Arrays.compareUnsigned(now.path, bound) >= 0) {
                    break;
                }
                while (next < past.size() && Arrays.compareUnsigned(past.get(next).path, now.path) < 0) {
                    Held old = past.get(next++);
                    if (!visitor.held(old.path, old.row)) {
                        return Optional.of(old.path);
                    }
                }
                Held old = next < past.size() && Arrays.equals(past.get(next).path, now.path) ? past.get(next++) : null;
                boolean holds = now.row.since() <= moment;
                Held shown = holds ? (isUncut(now.path, now.row, moment) ? now : null) : old;
                if (shown != null && !visitor.held(shown.path, shown.row)) {
                    return Optional.of(shown.path);
                }
            }
            for (; next < past.size(); next++) {
                if (!visitor.held(past.get(next).path, past.get(next).row)) {
                    return Optional.of(past.get(next).path);
                }
            }
            return Optional.empty();
        }
    }

    /** One run over history that finds, for each path, the row that holds at a moment. */
    private static final class HistoryScan {
        private static final int PASSES_OVER = 16;

        private final long moment;
        private final int room;
        private final long bytes;
        private final List<Held> found;
        private byte[] path = {};
        private boolean decided;
        private int passed;
        private int seen;
        private long taken;
        private byte[] leap = {};
        private byte @Nullable [] full;

        HistoryScan(long moment, int room, long bytes, List<Held> found) {
            this.moment = moment;
            this.room = room;
            this.bytes = bytes;
            this.found = found;
        }

        boolean row(byte[] key, byte[] value) {
            byte[] own = HistoryRow.pathOf(key);
            if (!Arrays.equals(own, path)) {
                if (seen >= room || taken >= bytes) {
                    full = own;
                    return false;
                }
                path = own;
                decided = false;
                passed = 0;
            }
            seen++;
            long since = HistoryRow.sinceOf(key);
            if (!decided && since <= moment) {
                decided = true;
                CurrentRow row = past(since, HistoryRow.decode(value));
                if (row != null) {
                    found.add(new Held(path, row));
                    taken += value.length;
                }
                return true;
            }
            if (++passed == PASSES_OVER) {
                leap = decided ? behind(path) : HistoryRow.key(path, moment);
                return false;
            }
            return true;
        }

        private static byte[] behind(byte[] path) {
            byte[] prefix = HistoryRow.prefix(path);
            byte[] behind = Tables.behind(prefix);
            return behind == null ? prefix : behind;
        }
    }
}
