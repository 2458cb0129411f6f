package io.goshare.server.namespace;

import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Staging;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed, in the order of commits; docs/storage-format.md, "Changes". Bounded in age and rows. A subtree that was
 * cut off stands in the log instead. State belongs to the commit thread.
 *
 * <pre>
 *   key      'C'  revision (8)  ordinal in its request (4)      big-endian
 *   value    format (1) = 1,  since (8) nanoseconds since 1970,  path (encoded)
 *
 *   key      'M'  "changes"
 *   value    format (1) = 1,  revision (8): older changes are forgotten
 * </pre>
 */
final class ChangeTable {
    /** Age after which a watcher must begin again with a snapshot. */
    static final long MAX_AGE_NANOS = 600_000_000_000L;

    static final int MAX_ROWS = 1 << 18;

    private static final byte FORMAT = 1;
    private static final byte[] BOUND = Tables.key(Tables.META, "changes".getBytes(StandardCharsets.US_ASCII));

    /** Rows of revisions below it are gone; written by the commit thread. */
    private volatile long first;

    private long rows;

    /** Counts the rows there are. */
    ChangeTable(StorageEngine base) {
        first = base.get(BOUND).map(row -> ByteBuffer.wrap(row).getLong(1)).orElse(0L);
        base.scan(null, key(first, 0), end(), (key, value) -> {
            rows++;
            return true;
        });
    }

    private static byte[] key(long revision, int ordinal) {
        return ByteBuffer.allocate(13)
                .put(Tables.CHANGES)
                .putLong(revision)
                .putInt(ordinal)
                .array();
    }

    private static long revisionOf(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    private static byte[] end() {
        return new byte[] {Tables.CHANGES + 1};
    }

    /** All changes behind this revision are still kept. */
    long keptAfter() {
        return Math.max(0, first - 1);
    }

    /** Hands over the changes behind {@code after}; see {@link NamespaceStore#changed}. */
    static void scan(StorageEngine base, @Nullable Snapshot snapshot, long after, NamespaceStore.Changed changed) {
        base.scan(snapshot, key(after + 1, 0), end(), (key, value) -> {
            long since = ByteBuffer.wrap(value).getLong(1);
            return changed.path(revisionOf(key), Arrays.copyOfRange(value, 9, value.length), since);
        });
    }

    /** Records the changes of one request. */
    final class Recorder {
        private final Staging staging;
        private int ordinal;

        Recorder(Staging staging) {
            this.staging = staging;
        }

        void add(byte[] path, long since) {
            staging.put(
                    key(staging.revision(), ordinal++),
                    ByteBuffer.allocate(9 + path.length)
                            .put(FORMAT)
                            .putLong(since)
                            .put(path)
                            .array());
        }

        void done() {
            if (ordinal > 0) {
                int added = ordinal;
                staging.afterWrite(() -> rows += added);
            }
        }
    }

    Recorder recorder(Staging staging) {
        return new Recorder(staging);
    }

    Mutation trim(int most) {
        return new Mutation() {
            @Override
            public Value stage(Staging staging) {
                return Value.of((long) trim(staging, most));
            }

            @Override
            public long bytes() {
                return most * 32L;
            }

            @Override
            public boolean givesSpaceBack() {
                return true;
            }
        };
    }

    private int trim(Staging staging, int most) {
        long tooMany = rows - MAX_ROWS;
        long oldest = staging.now() - MAX_AGE_NANOS;
        List<byte[]> gone = new ArrayList<>();
        staging.scan(key(first, 0), end(), (key, value) -> {
            // All of a request goes or stays, so that what is left begins at a revision.
            boolean begun = !gone.isEmpty() && revisionOf(gone.get(gone.size() - 1)) == revisionOf(key);
            boolean goes = gone.size() < tooMany || ByteBuffer.wrap(value).getLong(1) < oldest;
            if (!begun && (!goes || gone.size() >= most)) {
                return false;
            }
            return gone.add(key);
        });
        if (gone.isEmpty()) {
            return 0;
        }
        gone.forEach(staging::delete);
        long bound = revisionOf(gone.get(gone.size() - 1)) + 1;
        staging.put(BOUND, ByteBuffer.allocate(9).put(FORMAT).putLong(bound).array());
        staging.afterWrite(() -> {
            first = bound;
            rows -= gone.size();
        });
        return gone.size();
    }
}
