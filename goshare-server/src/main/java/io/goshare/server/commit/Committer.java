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

    /**
     * Whether an unclean end may have taken what {@code revision} stood for: it was told to somebody, or could have
     * been, and what the store holds now is another history.
     */
    boolean isLost(long revision);

    /** All operations behind this revision are still in the log. */
    long logKeptAfter();

    /**
     * Hands over the operations logged behind {@code after}, in order, until those of {@code maxBytes} and the rest of
     * their group are read; operations behind {@code upTo} may come too.
     *
     * @return the revision up to which all were handed over, {@code upTo} at most; -1 if some are no longer kept
     */
    long readLog(long after, long upTo, long maxBytes, LogReplayer reader);

    /** Runs {@code listener} after each group was applied, on the thread that commits: it must be quick. */
    void afterEachGroup(Runnable listener);

    /** Bytes of the log entries there are. */
    long logBytes();

    /** For how long the group under way is being committed, 0 without one: who shares the disk yields by it. */
    long groupNanos();
}
