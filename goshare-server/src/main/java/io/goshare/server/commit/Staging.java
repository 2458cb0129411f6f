package io.goshare.server.commit;

import io.goshare.server.engine.RowVisitor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request while it is judged: reads see the base store and all that its group staged before. Commit thread only.
 */
public interface Staging {
    /** The number this request gets if it changes something. */
    long revision();

    /** Nanoseconds since 1970 by the server's clock, the same for the whole group. */
    long now();

    Optional<byte[]> get(byte[] key);

    /** Rows of {@code [from, to)} in key order, staged ones included; {@code to} null means to the end. */
    void scan(byte[] from, byte @Nullable [] to, RowVisitor rows);

    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    /** Adds an operation to the group's log entry; at start the {@link LogReplayer} of {@code tag} gets it again. */
    void log(byte tag, byte[] payload);

    /**
     * Runs {@code apply} once the group is written (and synced, if asked), before its acknowledgement, while no read
     * starts. It must not fail.
     */
    void afterWrite(Runnable apply);
}
