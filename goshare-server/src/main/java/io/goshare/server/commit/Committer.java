package io.goshare.server.commit;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Where all changes go through. Safe for many threads. */
public interface Committer {
    /**
     * Queues {@code request}. The future fails with a {@link io.goshare.protocol.GoShareException} if the request is
     * refused, the queue is full ({@code busy}), the disk is low, or the store is closed or read-only after a failure.
     * It completes on the thread that commits, which may be the caller's before this returns: do no work there.
     */
    CompletableFuture<Receipt> commit(WriteRequest request);

    /**
     * Runs {@code views} while no group is being applied, so that head views and engine snapshots taken in it belong
     * together. Keep it short.
     */
    <T> T startRead(Supplier<T> views);

    /** Runs {@code release} while no read starts and no group is being applied. Keep it short. */
    void excludingReads(Runnable release);

    /** The newest revision applied. */
    long revision();

    /** Bytes of the log entries there are. */
    long logBytes();

    /** For how long the group under way is being committed, 0 without one: who shares the disk yields by it. */
    long groupNanos();
}
