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
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes waiting requests, judges them in order, writes them as one engine batch, syncs if asked, applies them to
 * memory, then acknowledges (group commit; DeWitt et al., SIGMOD 1984).
 *
 * <p>One group is under way at a time. A small request that finds nothing under way and nothing waiting is a group of
 * its own, on its caller's thread: no thread has to be woken to serve it, nor to hear of it. What arrives meanwhile
 * waits, and the commit thread takes it as the next group.
 */
public final class GroupCommitter implements Committer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitter.class);
    private static final int GROUP_REQUESTS = 256;
    private static final long GROUP_BYTES = 1 << 20;
    private static final long QUEUE_BYTES = 32 << 20;
    /** A larger request would keep its caller, which may serve others, for too long. */
    private static final long CALLER_BYTES = 64 << 10;

    private static final long SYNC_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int REQUEST_IDS = 1_000_000;

    private record Waiting(WriteRequest request, CompletableFuture<Receipt> receipt) {}

    private final StorageEngine base;
    private final Clock clock;
    private final boolean alwaysSync;
    private final Numbers revisions;
    private final RequestWindow window;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition closed = lock.newCondition();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final ReentrantReadWriteLock reads = new ReentrantReadWriteLock();
    private final Thread committing;
    private final Thread syncing;
    private long queuedBytes;
    private boolean closing;
    /** Whether a group is under way, or the store is not yet open for any. */
    private boolean underWay = true;

    private volatile boolean dirty;
    private BooleanSupplier gate = () -> true;
    private volatile Runnable listener = () -> {};
    private @Nullable GoShareException failure;
    private volatile long applied;
    private volatile LostRevisions lost;
    private final CommitLog log;
    /** 0 while no group is under way. */
    private volatile long groupStart;

    /**
     * Continues in {@code base}, which stays the caller's to close. {@link #replay} the log, then {@link #start}.
     *
     * @param alwaysSync whether each group is synced before it is acknowledged; else it is within a second
     */
    public GroupCommitter(StorageEngine base, Clock clock, boolean alwaysSync) {
        this(base, clock, alwaysSync, REQUEST_IDS);
    }

    GroupCommitter(StorageEngine base, Clock clock, boolean alwaysSync, int requestIds) {
        this.base = base;
        this.clock = clock;
        this.alwaysSync = alwaysSync;
        this.log = CommitLog.open(base);
        this.revisions = Numbers.open(base, "revisions");
        this.window = RequestWindow.open(base, requestIds);
        this.lost = LostRevisions.open(base);
        // The last number of the block may have been given before; the one behind it never was.
        this.applied = revisions.endedUnclean() ? revisions.take() : revisions.last();
        this.committing = new Thread(this::run, "goshare-commit");
        this.syncing = new Thread(this::syncEachSecond, "goshare-sync");
        committing.setDaemon(true);
        syncing.setDaemon(true);
    }

    /**
     * Hands each operation logged behind {@link CommitLog#sealed} to {@code replayer}, in the order of their commit.
     * Once, before {@link #start}.
     */
    public void replay(LogReplayer replayer) {
        log.replay(replayer);
    }

    /** The log of what is committed here. */
    public CommitLog log() {
        return log;
    }

    /**
     * Groups are taken only while {@code mayCommit} says so; requests wait in the queue meanwhile, and are refused as
     * {@code busy} once it is full. Call {@link #gateOpened} when it says so again. Before {@link #start}.
     */
    public void gate(BooleanSupplier mayCommit) {
        gate = mayCommit;
    }

    /** Lets the commit thread ask the gate again. */
    public void gateOpened() {
        lock.lock();
        try {
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Begins to commit. */
    public void start() {
        if (revisions.endedUnclean()) {
            lost = lost.uncleanEnd(base, log.newest(), applied);
        }
        free();
        committing.start();
        syncing.start();
    }

    @Override
    public CompletableFuture<Receipt> commit(WriteRequest request) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        long bytes = request.bytes();
        boolean mine = false;
        lock.lock();
        try {
            if (failure != null) {
                receipt.completeExceptionally(failure);
            } else if (closing) {
                receipt.completeExceptionally(closed());
            } else if (queuedBytes > 0 && queuedBytes + bytes > QUEUE_BYTES) {
                receipt.completeExceptionally(new GoShareException(
                        ErrorCode.BUSY, "the commit queue holds " + queuedBytes + " bytes; try again shortly"));
            } else if (!underWay && queue.isEmpty() && isQuick(request) && gate.getAsBoolean()) {
                underWay = true;
                mine = true;
            } else {
                queue.add(new Waiting(request, receipt));
                queuedBytes += bytes;
                if (!underWay) {
                    work.signal();
                }
            }
        } finally {
            lock.unlock();
        }
        if (mine) {
            commitAndFree(List.of(new Waiting(request, receipt)));
        }
        return receipt;
    }

    private boolean isQuick(WriteRequest request) {
        return !alwaysSync && !request.sync() && !request.givesSpaceBack() && request.bytes() <= CALLER_BYTES;
    }

    /** The group is done: the commit thread may take what has come meanwhile. */
    private void free() {
        lock.lock();
        try {
            underWay = false;
            if (closing || !queue.isEmpty()) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
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

    /** Whether a write failed, so that nothing more is accepted until the store is opened again. */
    public boolean isReadOnly() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses all further writes: something that belongs to the store failed beside the commit thread. */
    public void failed(Throwable cause) {
        fail(cause);
    }

    @Override
    public boolean isLost(long revision) {
        return lost.contains(revision);
    }

    @Override
    public long logKeptAfter() {
        return log.keptAfter();
    }

    @Override
    public long readLog(long after, long upTo, long maxBytes, LogReplayer reader) {
        return log.read(after, upTo, maxBytes, reader);
    }

    @Override
    public void afterEachGroup(Runnable newListener) {
        listener = newListener;
    }

    @Override
    public long logBytes() {
        return log.bytes();
    }

    @Override
    public long groupNanos() {
        long start = groupStart;
        return start == 0 ? 0 : System.nanoTime() - start;
    }

    private void run() {
        for (List<Waiting> group = take(); !group.isEmpty(); group = take()) {
            commitAndFree(group);
        }
    }

    private void commitAndFree(List<Waiting> group) {
        groupStart = System.nanoTime() | 1;
        try {
            commitGroup(group);
        } catch (RuntimeException | Error e) {
            GoShareException failed = fail(e);
            group.forEach(waiting -> waiting.receipt.completeExceptionally(failed));
            throw e;
        } finally {
            groupStart = 0;
            free();
        }
    }

    /** The next group, in order of arrival; empty once closing and nothing waits. */
    private List<Waiting> take() {
        List<Waiting> group = new ArrayList<>();
        lock.lock();
        try {
            while (underWay || !closing && (queue.isEmpty() || !gate.getAsBoolean())) {
                work.awaitUninterruptibly();
            }
            underWay = true;
            long bytes = 0;
            Waiting next;
            while ((next = queue.peek()) != null && group.size() < GROUP_REQUESTS) {
                long more = next.request.bytes();
                if (!group.isEmpty()
                        && (bytes + more > GROUP_BYTES
                                || next.request.givesSpaceBack()
                                        != group.get(0).request.givesSpaceBack())) {
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
                Optional<Receipt> known = window.find(request, now);
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
        if (accepted.isEmpty()) {
            return;
        }
        try {
            write(rows, operations, first, sync, now, group.get(0).request.givesSpaceBack());
        } catch (RuntimeException e) {
            GoShareException failed = fail(e, first - 1);
            accepted.forEach(waiting -> waiting.receipt.completeExceptionally(failed));
            return;
        }
        excludingReads(() -> {
            applies.forEach(Runnable::run);
            applied = revisions.last();
        });
        acknowledgements.forEach(Runnable::run);
        listener.run();
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
            NavigableMap<byte[], Optional<byte[]>> rows,
            ByteArrayOutputStream operations,
            long first,
            boolean sync,
            long now,
            boolean givesSpaceBack) {
        WriteBatch batch = new WriteBatch();
        if (givesSpaceBack) {
            batch.givingSpaceBack();
        }
        rows.forEach((key, value) -> value.ifPresentOrElse(v -> batch.put(key, v), () -> batch.delete(key)));
        int parts = operations.size() == 0 ? 0 : LogEntry.write(first, operations.toByteArray(), batch);
        boolean logTells = parts > 0 && rows.isEmpty();
        if (revisions.last() >= first && !logTells) {
            LostRevisions.putNewest(batch, revisions.last());
        }
        revisions.reserve(base);
        window.expire(batch, now);
        if (!batch.isEmpty()) {
            base.write(batch);
            dirty = true;
            if (parts > 0) {
                log.add(first, revisions.last(), parts, operations.size(), System.nanoTime());
            }
        }
        if (sync) {
            dirty = false;
            base.sync();
        }
    }

    /** A full disk refuses a group; whatever else fails leaves the store read-only until it is opened again. */
    private GoShareException fail(RuntimeException e, long lastRevision) {
        window.groupFailed();
        if (e instanceof EngineException engine && engine.reason() == EngineException.Reason.DISK_LOW) {
            revisions.backTo(lastRevision);
            return Failures.of(engine);
        }
        return fail(e);
    }

    private GoShareException fail(Throwable e) {
        LOG.error("a group could not be written; the store is read-only until it is opened again", e);
        GoShareException failed = new GoShareException(
                ErrorCode.INTERNAL,
                "a write failed (" + e.getMessage() + "); the store is read-only until it is opened again",
                e);
        List<Waiting> waiting;
        lock.lock();
        try {
            failure = failed;
            waiting = List.copyOf(queue);
            queue.clear();
            queuedBytes = 0;
        } finally {
            lock.unlock();
        }
        waiting.forEach(request -> request.receipt.completeExceptionally(failed));
        return failed;
    }

    private void syncEachSecond() {
        while (!closedWithin(SYNC_INTERVAL_NANOS)) {
            if (dirty) {
                dirty = false;
                try {
                    base.sync();
                } catch (RuntimeException e) {
                    fail(e);
                    return;
                }
            }
        }
    }

    private boolean closedWithin(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closing) {
                left = closed.awaitNanos(left);
            }
            return closing;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.unlock();
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
            closed.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.join(committing);
        Threads.join(syncing);
        if (!isReadOnly()) {
            revisions.close(base);
        }
    }
}
