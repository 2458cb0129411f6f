package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Staging;
import io.goshare.server.commit.Tables;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes a subtree's old rows: first current ones, then history, so that no current row is left that refers to history
 * which is gone. State belongs to the commit thread.
 */
final class DropRun implements NamespaceStore.Drop {
    private final byte[][] prefixes;
    private final long revision;
    private int table;
    private byte[] position;
    private volatile boolean done;

    DropRun(Path root, long revision) {
        byte[] subtree = root.subtreePrefix();
        this.prefixes = new byte[][] {CurrentRow.key(subtree), HistoryRow.prefix(subtree)};
        this.revision = revision;
        this.position = prefixes[0];
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public Mutation next(int rows) {
        return new Mutation() {
            @Override
            public Value stage(Staging staging) {
                return Value.of(done ? 0L : slice(staging, rows));
            }

            @Override
            public long bytes() {
                return rows * 64L;
            }

            @Override
            public boolean givesSpaceBack() {
                return true;
            }
        };
    }

    private long slice(Staging staging, int most) {
        List<byte[]> gone = new ArrayList<>();
        int[] looked = {0};
        byte[][] next = {new byte[0]};
        boolean current = table == 0;
        staging.scan(position, Tables.behind(prefixes[table]), (key, value) -> {
            if (looked[0] == most) {
                next[0] = key;
                return false;
            }
            looked[0]++;
            long own = current
                    ? CurrentRow.decode(value).opened()
                    : HistoryRow.decode(value).revision();
            if (own <= revision) {
                gone.add(key);
            }
            return true;
        });
        gone.forEach(staging::delete);
        staging.afterWrite(() -> advance(next[0]));
        return gone.size();
    }

    private void advance(byte[] next) {
        if (next.length > 0) {
            position = next;
        } else if (++table < prefixes.length) {
            position = prefixes[table];
        } else {
            done = true;
        }
    }
}
