package io.goshare.server.namespace;

import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Staging;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.StorageEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether there are cuts, and their sweep: each value below a cut gets its end in history, and its row goes. */
final class CutState {
    private static final long SLICE_BYTES = 1 << 20;

    /** Set before the first cut is written, and never cleared: a reader's snapshot may be older than a sweep's end. */
    private volatile boolean mayBe;

    /** Where the sweep goes on, and the key of the cut being swept. Commit thread only. */
    private byte[] position = {};

    private byte[] sweeping = {};

    CutState(StorageEngine base) {
        mayBe = !Cut.all((from, to, rows) -> base.scan(null, from, to, rows)).isEmpty();
    }

    /** Whether a snapshot taken before this call may hold cuts. */
    boolean mayBe() {
        return mayBe;
    }

    /** Cuts that {@code staging} sees. */
    List<Cut> in(Staging staging) {
        return mayBe ? Cut.all(staging::scan) : List.of();
    }

    Cut add(Staging staging, Cut cut) {
        mayBe = true;
        staging.put(cut.key(), cut.encode());
        staging.log(Cut.OPERATION, cut.payload());
        return cut;
    }

    Mutation sweep(int rows) {
        return new Mutation() {
            @Override
            public Value stage(Staging staging) {
                return Value.of(new Slice(staging, rows).run());
            }

            @Override
            public long bytes() {
                return SLICE_BYTES;
            }
        };
    }

    /** The next rows of the oldest cut. */
    private final class Slice {
        private final Staging staging;
        private final int most;
        private int looked;
        private long bytes;
        private byte[] next = {};

        Slice(Staging staging, int most) {
            this.staging = staging;
            this.most = most;
        }

        boolean run() {
            List<Cut> cuts = in(staging);
            if (cuts.isEmpty()) {
                return false;
            }
            Cut cut = cuts.get(0);
            byte[] prefix = CurrentRow.key(cut.root().subtreePrefix());
            byte[] from = Arrays.equals(sweeping, cut.key()) ? position : prefix;
            List<Ending> endings = new ArrayList<>();
            staging.scan(from, Tables.behind(prefix), (key, value) -> {
                if (looked == most || bytes > SLICE_BYTES) {
                    next = key;
                    return false;
                }
                looked++;
                bytes += key.length + value.length;
                CurrentRow row = CurrentRow.decode(value);
                if (row.opened() < cut.revision()) {
                    endings.add(new Ending(CurrentRow.pathOf(key), row));
                }
                return true;
            });
            endings.forEach(
                    ending -> ending.stage(staging, cut.endOf(ending.row().since()), cut.revision()));
            boolean done = next.length == 0;
            if (done) {
                staging.delete(cut.key());
            }
            staging.afterWrite(() -> {
                sweeping = cut.key();
                position = next;
            });
            return !done || cuts.size() > 1;
        }
    }
}
