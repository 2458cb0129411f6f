package io.goshare.server.series;

import io.goshare.server.commit.Threads;
import io.goshare.server.engine.EngineException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes checkpoints: freeze, log before data, data, index, trim, release, in this order and no other. One at a time; on
 * a thread of its own once started.
 */
final class Checkpointer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SLOW_GROUP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long YIELD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_YIELDS = 10;
    /** A server that is left alone for so long brings what is in memory into place: it is smaller there. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Names that only memory and log hold, some 100 bytes each, before they are written. */
    static final int MOST_NAMES = 1 << 20;
    /** Erases that each read goes through, and a checkpoint for each chunk. */
    private static final int MOST_ERASES = 4096;
    /** What is less than this waits for its age. */
    private static final long WORTH_BYTES = 64 << 10;

    private final LocalSeriesStore store;
    private final List<CheckpointStep> steps = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final ReentrantLock running = new ReentrantLock();
    private final Thread thread;
    private boolean closing;
    private long lastRevision = -1;
    private long lastChange = System.nanoTime();

    Checkpointer(LocalSeriesStore store) {
        this.store = store;
        this.thread = new Thread(this::runWhenDue, "goshare-checkpoint");
        thread.setDaemon(true);
    }

    void add(CheckpointStep step) {
        steps.add(step);
    }

    void start() {
        thread.start();
    }

    private boolean isDue() {
        long age = store.committer.log().unsealedNanos();
        boolean old = age > store.config.checkpointAge().toNanos();
        return isFull()
                || old
                || store.catalog.owesPostings()
                || isQuiet() && store.committer.log().unsealedBytes() > WORTH_BYTES;
    }

    /** Whether nothing was written for some time: what there is may settle. */
    private boolean isQuiet() {
        long now = System.nanoTime();
        long revision = store.committer.revision();
        if (revision != lastRevision) {
            lastRevision = revision;
            lastChange = now;
        }
        return now - lastChange > QUIET_NANOS;
    }

    private boolean isSettleDue() {
        return isQuiet()
                && store.committer.log().hasSealed(store.config.watchWindow().toNanos());
    }

    private boolean isFull() {
        return store.catalog.unsaved() > MOST_NAMES
                || store.unsealed.erasures().erases().size() > MOST_ERASES
                || store.committer.log().unsealedBytes() > store.config.logBytes() / 2
                || store.unsealed.bytes() > store.config.unsealedBytes() / 2;
    }

    /** Called by the commit thread after each group of points. */
    void wakeIfDue() {
        if (isFull() && lock.tryLock()) {
            try {
                wake.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private void runWhenDue() {
        while (awaitDue()) {
            try {
                if (isDue()) {
                    boolean quiet = isQuiet();
                    run();
                    if (quiet) {
                        store.stores.flush();
                    }
                } else {
                    settle();
                }
            } catch (EngineException e) {
                if (e.reason() == EngineException.Reason.DISK_LOW) {
                    LOG.warn("a checkpoint waits for disk space: {}", e.getMessage());
                    LockSupport.parkNanos(LOOK_NANOS);
                } else {
                    fail(e);
                    return;
                }
            } catch (RuntimeException e) {
                fail(e);
                return;
            }
        }
    }

    private void fail(RuntimeException e) {
        LOG.error("a checkpoint failed", e);
        store.committer.failed(e);
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** False once closing. */
    private boolean awaitDue() {
        lock.lock();
        try {
            while (!closing && !isDue() && !isSettleDue()) {
                long left = wake.awaitNanos(LOOK_NANOS);
                LOG.trace("looked after {} ns", LOOK_NANOS - left);
            }
            return !closing;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back the space of log entries that nobody may ask for any more. */
    private void settle() {
        running.lock();
        try {
            store.committer.log().settle(store.config.watchWindow().toNanos(), store.config.watchBytes());
        } finally {
            running.unlock();
        }
    }

    void run() {
        running.lock();
        try {
            FailPoints at = store.config.failPoints();
            LocalSeriesStore.Frozen frozen = store.freeze();
            at.reach("checkpoint.frozen");
            store.base.sync();
            at.reach("checkpoint.log-synced");
            new DataStep(store, frozen, this::yieldToWriters).run();
            at.reach("checkpoint.data");
            store.catalog.write(frozen.changes(), at);
            at.reach("checkpoint.catalog");
            store.presence.write();
            steps.forEach(step -> step.bringIntoPlace(frozen.revision()));
            at.reach("checkpoint.index");
            store.base.sync();
            store.committer
                    .log()
                    .trim(frozen.revision(), store.config.watchWindow().toNanos(), store.config.watchBytes());
            at.reach("checkpoint.trimmed");
            store.release(frozen);
            store.reclaim.run(() -> !isFull() && !isClosing());
        } finally {
            running.unlock();
        }
    }

    /** Runs {@code work} while no checkpoint is made. */
    <T> T exclusively(Supplier<T> work) {
        running.lock();
        try {
            return work.get();
        } finally {
            running.unlock();
        }
    }

    /** Waits a little while commits are slow: they share the disk. */
    private void yieldToWriters() {
        for (int i = 0; i < MOST_YIELDS && store.committer.groupNanos() > SLOW_GROUP_NANOS; i++) {
            LockSupport.parkNanos(YIELD_NANOS);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.join(thread);
    }
}
