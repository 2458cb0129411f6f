package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Staging;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.keyvalue.Condition;
import io.goshare.server.keyvalue.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one request. A new value, and an end, stands at the server's time, but always behind the newest that is
 * known of its path, so that a clock set back never puts the present before the past.
 */
final class NamespaceChange implements Mutation {
    /** Ends of one request, looked at and written on the commit thread: more rows, or more bytes, are cut off whole. */
    static final int MAX_ENDS = 10_000;

    private static final long MAX_END_BYTES = 4 << 20;

    private final List<Change> steps;
    private final CutState state;
    private final ChangeTable changes;
    private final int maxEnds;

    NamespaceChange(List<Change> steps, CutState state, ChangeTable changes, int maxEnds) {
        this.steps = List.copyOf(steps);
        this.state = state;
        this.changes = changes;
        this.maxEnds = maxEnds;
    }

    @Override
    public Value stage(Staging staging) {
        return new Run(staging).all();
    }

    @Override
    public long bytes() {
        return steps.stream().mapToLong(NamespaceChange::bytes).sum();
    }

    private static long bytes(Change step) {
        long path = step.path().encoded().length + 128L;
        return step instanceof Change.Put put ? path + ValueCodec.bytes(put.value()) : path;
    }

    private final class Run implements Change.Visitor {
        private final Staging staging;
        private final ChangeTable.Recorder recorder;
        private final List<Cut> cuts;
        private final List<Path> opened = new ArrayList<>();
        private long ended;

        Run(Staging staging) {
            this.staging = staging;
            this.recorder = changes.recorder(staging);
            this.cuts = new ArrayList<>(state.in(staging));
        }

        Value all() {
            for (Change step : steps) {
                step.accept(this);
            }
            recorder.done();
            return Value.of(ended);
        }

        @Override
        public void put(Change.Put put) {
            byte[] path = put.path().encoded();
            CurrentRow row = current(path);
            Cut cut = row == null ? null : Cut.of(cuts, path, row).orElse(null);
            CurrentRow held = cut == null ? row : null;
            check(put.condition(), put.path(), held);
            if (held != null && ValueCodec.same(value(path, held), put.value())) {
                long seen = Math.max(staging.now(), held.lastSeen());
                CurrentRow again = new CurrentRow(held.opened(), staging.revision(), held.since(), seen, held.value());
                staging.put(CurrentRow.key(path), again.encode());
                return;
            }
            open(path, put.value(), afterNewest(path, row, cut));
            opened.add(put.path());
        }

        /** Closes what holds, and tells when the next may stand: the server's time, or just behind the newest row. */
        private long afterNewest(byte[] path, @Nullable CurrentRow row, @Nullable Cut cut) {
            if (row == null) {
                OptionalLong newest = newestOfHistory(path);
                return newest.isEmpty() ? staging.now() : Math.max(staging.now(), newest.getAsLong() + 1);
            }
            Ending ending = new Ending(path, row);
            ending.close(staging);
            long newest = row.since();
            if (cut != null) {
                newest = cut.endOf(row.since());
                ending.end(staging, newest, cut.revision());
            }
            return Math.max(staging.now(), newest + 1);
        }

        private OptionalLong newestOfHistory(byte[] path) {
            byte[] prefix = HistoryRow.prefix(path);
            List<Long> newest = new ArrayList<>(1);
            staging.scan(prefix, Tables.behind(prefix), (key, value) -> {
                newest.add(HistoryRow.sinceOf(key));
                return false;
            });
            return newest.isEmpty() ? OptionalLong.empty() : OptionalLong.of(newest.get(0));
        }

        private void open(byte[] path, Value value, long since) {
            long revision = staging.revision();
            boolean inline = ValueCodec.bytes(value) <= CurrentRow.MAX_INLINE_BYTES;
            if (!inline) {
                staging.put(HistoryRow.key(path, since), new HistoryRow(revision, value).encode());
            }
            CurrentRow row = new CurrentRow(revision, revision, since, since, inline ? value : null);
            staging.put(CurrentRow.key(path), row.encode());
            recorder.add(path, since);
        }

        @Override
        public void end(Change.End end) {
            byte[] path = end.path().encoded();
            CurrentRow row = current(path);
            CurrentRow held = row == null || Cut.of(cuts, path, row).isPresent() ? null : row;
            check(end.condition(), end.path(), held);
            if (held != null) {
                end(new Ending(path, held));
            }
        }

        private void end(Ending ending) {
            long time = Math.max(staging.now(), ending.row().since() + 1);
            ending.stage(staging, time, staging.revision());
            recorder.add(ending.path(), time);
            ended++;
        }

        @Override
        public void endTree(Change.EndTree tree) {
            Path root = tree.path();
            byte[] prefix = CurrentRow.key(root.subtreePrefix());
            List<Ending> endings = new ArrayList<>();
            long[] seen = {0, 0};
            staging.scan(prefix, Tables.behind(prefix), (key, value) -> {
                seen[0]++;
                seen[1] += key.length + value.length;
                byte[] path = CurrentRow.pathOf(key);
                CurrentRow row = CurrentRow.decode(value);
                if (Cut.of(cuts, path, row).isEmpty()) {
                    endings.add(new Ending(path, row));
                }
                return seen[0] <= maxEnds && seen[1] <= MAX_END_BYTES;
            });
            if (seen[0] <= maxEnds && seen[1] <= MAX_END_BYTES) {
                endings.forEach(this::end);
            } else {
                // Of this very request, so that no cut of it would cover them.
                opened.stream().filter(root::contains).forEach(path -> end(new Change.End(path, Condition.none())));
                cuts.add(state.add(staging, new Cut(staging.revision(), staging.now(), root)));
                ended += NamespaceStore.CUT;
            }
        }

        private @Nullable CurrentRow current(byte[] path) {
            return staging.get(CurrentRow.key(path)).map(CurrentRow::decode).orElse(null);
        }

        private void check(Condition condition, Path path, @Nullable CurrentRow held) {
            if (condition instanceof Condition.None) {
                return;
            }
            if (held == null) {
                condition.check("path " + path, null, 0, 0);
            } else {
                condition.check("path " + path, value(path.encoded(), held), held.opened(), held.last());
            }
        }

        private Value value(byte[] path, CurrentRow row) {
            if (row.value() != null) {
                return row.value();
            }
            Optional<Value> value = staging.get(HistoryRow.key(path, row.since()))
                    .map(HistoryRow::decode)
                    .map(HistoryRow::value);
            return value.orElseThrow(() -> new EngineException(
                    EngineException.Reason.DAMAGED,
                    "the value of " + Path.decode(path) + " is not in history, where it should stand; run verify"));
        }
    }
}
