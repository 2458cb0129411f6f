package io.goshare.server.commit;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit thread: takes waiting requests, judges them in order, writes them as one engine batch, syncs if asked,
 * applies them to memory, then acknowledges (group commit; DeWitt et al., SIGMOD 1984).
 */
public final class GroupCommitter implements Committer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitter.class);
    private static final int GROUP_REQUESTS = 256;
    private static final long GROUP_BYTES = 1 << 20;
    private static final long QUEUE_BYTES = 32 << 20;
    private static final long SYNC_INTERVAL_MILLIS = 1000;

    private record Waiting(WriteRequest request, CompletableFuture<Receipt> receipt) {}

    private final StorageEngine base;
    private final Clock clock;
    private final boolean alwaysSync;
    private final Numbers revisions;
    private final RequestWindow window;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition stopped = lock.newCondition();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final ReentrantReadWriteLock reads = new ReentrantReadWriteLock();
    private final Thread committing;
    private final Thread syncing;
    private long queuedBytes;
    private boolean closing;
    private boolean dirty;
    private @Nullable GoShareException failure;
    private volatile long applied;

    /**
     * Opens the log of {@code base} and replays it to {@code replayer}; {@link #start} begins to commit.
     *
     * @param alwaysSync whether each group is synced before it is acknowledged; else it is within a second
     */
    public GroupCommitter(StorageEngine base, Clock clock, boolean alwaysSync) {
        this.base = base;
        this.clock = clock;
        this.alwaysSync = alwaysSync;
        this.revisions = Numbers.open(base, "revisions");
        this.window = RequestWindow.open(base, clock);
        this.applied = revisions.last();
        this.committing = new Thread(this::run, "goshare-commit");
        this.syncing = new Thread(this::syncEachSecond, "goshare-sync");
        committing.setDaemon(true);
        syncing.setDaemon(true);
    }

    /** Hands each operation logged from {@code firstRevision} on to {@code replayer}. Before {@link #start}. */
    public void replay(long firstRevision, LogReplayer replayer) {
        LogEntry.replay(base, firstRevision, replayer);
    }

    public void start() {
        committing.start();
        syncing.start();
    }

    @Override
    public CompletableFuture<Receipt> commit(WriteRequest request) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        long bytes = request.bytes();
        lock.lock();
        try {
            if (failure != null) {
                receipt.completeExceptionally(failure);
            } else if (closing) {
                receipt.completeExceptionally(closed());
            } else if (queuedBytes > 0 && queuedBytes + bytes > QUEUE_BYTES) {
                receipt.completeExceptionally(new GoShareException(
                        ErrorCode.BUSY, "the commit queue holds " + queuedBytes + " bytes; try again shortly"));
            } else {
                queue.add(new Waiting(request, receipt));
                queuedBytes += bytes;
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        return receipt;
    }

    private static GoShareException closed() {
        return new GoShareException(ErrorCode.CLOSED, "the store is closing");
    }

    @Override
    public <T> T startRead(Supplier<T> views) {
        reads.readLock().lock();
        try {
            return views.get();
        } finally {
            reads.readLock().unlock();
        }
    }

    @Override
    public void excludingReads(Runnable release) {
        reads.writeLock().lock();
        try {
            release.run();
        } finally {
            reads.writeLock().unlock();
        }
    }

    @Override
    public long revision() {
        return applied;
    }

    private void run() {
        List<Waiting> group;
        while (!(group = take()).isEmpty()) {
            commitGroup(group);
        }
    }

    /** The next group, in order of arrival; empty once closing and nothing waits. */
    private List<Waiting> take() {
        List<Waiting> group = new ArrayList<>();
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                work.awaitUninterruptibly();
            }
            long bytes = 0;
            Waiting next;
            while ((next = queue.peek()) != null && group.size() < GROUP_REQUESTS) {
                long more = next.request.bytes();
                if (!group.isEmpty() && bytes + more > GROUP_BYTES) {
                    break;
                }
                bytes += more;
                group.add(queue.remove());
            }
            queuedBytes -= bytes;
        } finally {
            lock.unlock();
        }
        return group;
    }

    private void commitGroup(List<Waiting> group) {
        NavigableMap<byte[], Optional<byte[]>> rows = new TreeMap<>(Arrays::compareUnsigned);
        ByteArrayOutputStream operations = new ByteArrayOutputStream();
        List<Runnable> applies = new ArrayList<>();
        List<Runnable> acknowledgements = new ArrayList<>();
        List<Waiting> accepted = new ArrayList<>();
        Instant time = clock.instant();
        long now = Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        long first = revisions.next();
        boolean sync = alwaysSync;
        window.beginGroup();
        for (Waiting waiting : group) {
            WriteRequest request = waiting.request;
            try {
                Optional<Receipt> known = window.find(request);
                Receipt receipt = known.isPresent()
                        ? known.get()
                        : judge(request, new RequestStaging(base, rows, revisions.next(), now), operations, applies);
                sync |= request.sync();
                accepted.add(waiting);
                acknowledgements.add(() -> waiting.receipt.complete(receipt));
            } catch (GoShareException refused) {
                waiting.receipt.completeExceptionally(refused);
            } catch (EngineException failed) {
                waiting.receipt.completeExceptionally(Failures.of(failed));
            } catch (RuntimeException bug) {
                LOG.error("a request could not be judged", bug);
                waiting.receipt.completeExceptionally(
                        new GoShareException(ErrorCode.INTERNAL, "the request could not be judged: " + bug, bug));
            }
        }
        try {
            write(rows, operations, first, sync);
        } catch (RuntimeException e) {
            GoShareException failed = fail(e);
            accepted.forEach(waiting -> waiting.receipt.completeExceptionally(failed));
            return;
        }
        excludingReads(() -> {
            applies.forEach(Runnable::run);
            applied = revisions.last();
        });
        window.groupWritten();
        acknowledgements.forEach(Runnable::run);
    }

    private Receipt judge(
            WriteRequest request, RequestStaging staging, ByteArrayOutputStream operations, List<Runnable> applies) {
        List<Value> outcomes = new ArrayList<>();
        for (Mutation mutation : request.mutations()) {
            outcomes.add(mutation.stage(staging));
        }
        boolean unchanged = staging.changesNothing() && request.requestId() == null;
        Receipt receipt = new Receipt(unchanged ? revisions.last() : staging.revision(), outcomes, false);
        window.remember(request, receipt, staging);
        staging.accept(operations, applies);
        if (!unchanged) {
            revisions.take();
        }
        return receipt;
    }

    private void write(
            NavigableMap<byte[], Optional<byte[]>> rows, ByteArrayOutputStream operations, long first, boolean sync) {
        WriteBatch batch = new WriteBatch();
        rows.forEach((key, value) -> value.ifPresentOrElse(v -> batch.put(key, v), () -> batch.delete(key)));
        if (operations.size() > 0) {
            LogEntry.write(first, operations.toByteArray(), batch);
        }
        window.expire(batch);
        if (batch.isEmpty() && !sync) {
            return;
        }
        revisions.reserve(base);
        base.write(batch);
        if (sync) {
            base.sync();
        } else {
            setDirty(true);
        }
    }

    /** A full disk refuses a group; whatever else fails leaves the store read-only until it is opened again. */
    private GoShareException fail(RuntimeException e) {
        window.groupFailed();
        if (e instanceof EngineException engine && engine.reason() == EngineException.Reason.DISK_LOW) {
            return Failures.of(engine);
        }
        LOG.error("a group could not be written; the store is read-only until it is opened again", e);
        GoShareException failed = new GoShareException(
                ErrorCode.INTERNAL,
                "a write failed (" + e.getMessage() + "); the store is read-only until it is opened again",
                e);
        lock.lock();
        try {
            failure = failed;
            queue.forEach(waiting -> waiting.receipt.completeExceptionally(failed));
            queue.clear();
            queuedBytes = 0;
        } finally {
            lock.unlock();
        }
        return failed;
    }

    private void setDirty(boolean value) {
        lock.lock();
        try {
            dirty = value;
        } finally {
            lock.unlock();
        }
    }

    private void syncEachSecond() {
        boolean more = true;
        while (more) {
            boolean sync;
            lock.lock();
            try {
                long left = TimeUnit.MILLISECONDS.toNanos(SYNC_INTERVAL_MILLIS);
                while (left > 0 && !closing) {
                    left = stopped.awaitNanos(left);
                }
                sync = dirty;
                dirty = false;
                more = !closing;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                lock.unlock();
            }
            if (sync) {
                try {
                    base.sync();
                } catch (RuntimeException e) {
                    fail(e);
                    return;
                }
            }
        }
    }

    /** Commits what waits, syncs, and records that numbering ended cleanly. The base store stays open. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closing) {
                return;
            }
            closing = true;
            work.signalAll();
            stopped.signalAll();
        } finally {
            lock.unlock();
        }
        join(committing);
        join(syncing);
        if (failure == null) {
            revisions.close(base);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
