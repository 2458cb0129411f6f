package io.goshare.server.commit;

import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.util.Arrays;

/**
 * Revisions that may have been told to somebody and are not in the store: those behind the newest that an unclean end
 * left, up to the end of the block they came from. Immutable.
 *
 * <pre>
 *   meta row "lost":      of each gap, oldest first: newest revision before it, last revision in it
 *   meta row "revision":  the newest revision, where no log entry tells it
 * </pre>
 */
final class LostRevisions {
    static final int GAPS = 256;

    private static final String LOST = "lost";
    private static final String NEWEST = "revision";

    private final long[] bounds;

    private LostRevisions(long[] bounds) {
        this.bounds = bounds;
    }

    static LostRevisions open(StorageEngine base) {
        return new LostRevisions(Meta.read(base, LOST).orElseGet(() -> new long[0]));
    }

    /** Adds to {@code batch} that {@code revision} is the newest. */
    static void putNewest(WriteBatch batch, long revision) {
        Meta.put(batch, NEWEST, revision);
    }

    /** Whether what was changed at {@code revision}, or right before it, may be gone. */
    boolean contains(long revision) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (revision > bounds[i] && revision <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Notes on stable storage that numbering goes on at {@code next} after an unclean end, of which the log holds
     * revisions up to {@code logged}. Of more than {@value #GAPS} gaps the two oldest become one.
     */
    LostRevisions uncleanEnd(StorageEngine base, long logged, long next) {
        long newest = Math.max(logged, Meta.read(base, NEWEST).orElseGet(() -> new long[1])[0]);
        if (newest >= next - 1) {
            return this;
        }
        long[] more = Arrays.copyOf(bounds, bounds.length + 2);
        more[bounds.length] = newest;
        more[bounds.length + 1] = next - 1;
        if (more.length > 2 * GAPS) {
            long oldest = more[0];
            more = Arrays.copyOfRange(more, 2, more.length);
            more[0] = oldest;
        }
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        Meta.put(batch, LOST, more);
        putNewest(batch, next);
        base.write(batch);
        base.sync();
        return new LostRevisions(more);
    }
}
