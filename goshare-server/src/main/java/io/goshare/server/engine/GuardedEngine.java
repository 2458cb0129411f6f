package io.goshare.server.engine;

import io.goshare.server.engine.EngineException.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every engine needs around the library it wraps, so that no misuse reaches freed memory: calls are counted and
 * closing waits for them; scans and snapshots are capped; a snapshot in use is freed by its last reader; a failed sync
 * or write ends writing. A subclass says how one call is done, and is called only while the library is open.
 *
 * @param <S> the library's snapshot
 */
public abstract class GuardedEngine<S> implements StorageEngine {
    /** Live scans, and live snapshots, of one engine; each pins memory and files. */
    public static final int LEASES = 64;

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);
    /** Versions that an engine has for itself: more than it will ever write batches. */
    private static final long VERSIONS = 1L << 40;

    private static final AtomicLong FIRST_VERSION = new AtomicLong(1);
    private static final Logger LOG = LoggerFactory.getLogger(GuardedEngine.class);

    private final String name;
    private final Guard guard;
    private final Duration closeLimit;
    private final Semaphore snapshotLeases = new Semaphore(LEASES);
    private final Semaphore scanLeases = new Semaphore(LEASES);
    private final Set<Thread> scanning = ConcurrentHashMap.newKeySet();
    private final Set<Lease> snapshots = ConcurrentHashMap.newKeySet();
    private final AtomicInteger suspensions = new AtomicInteger();
    private final long firstVersion = FIRST_VERSION.getAndAdd(VERSIONS);
    private final AtomicLong writesBegun = new AtomicLong();
    private final AtomicLong writesEnded = new AtomicLong();
    private final Object closing = new Object();
    private volatile @Nullable RuntimeException broken;

    /** An engine that people know as {@code name}. */
    protected GuardedEngine(String name) {
        this(name, CLOSE_LIMIT);
    }

    /** As above, with a limit for {@link #close}. */
    protected GuardedEngine(String name, Duration closeLimit) {
        this.name = name;
        this.guard = new Guard(name);
        this.closeLimit = closeLimit;
    }

    protected abstract byte @Nullable [] doGet(@Nullable S snapshot, byte[] key);

    protected abstract void doWrite(WriteBatch batch);

    protected abstract void doSync();

    protected abstract void doScan(@Nullable S snapshot, byte[] from, byte @Nullable [] to, RowVisitor rows);

    protected abstract S openSnapshot();

    protected abstract void releaseSnapshot(S snapshot);

    protected abstract void doCompact(byte[] from, byte @Nullable [] to);

    protected abstract EngineStats doStats();

    /** Frees the library's handle. Called once, when no call is under way and all snapshots are released. */
    protected abstract void doClose();

    @Override
    public final Optional<byte[]> get(@Nullable Snapshot snapshot, byte[] key) {
        requireKey(key);
        guard.enter();
        try {
            Lease lease = pin(snapshot);
            try {
                return Optional.ofNullable(doGet(lease == null ? null : lease.snapshot, key));
            } finally {
                unpin(lease);
            }
        } finally {
            guard.exit();
        }
    }

    @Override
    public final void write(WriteBatch batch) {
        guard.enter();
        try {
            requireWhole();
            if (!batch.isEmpty()) {
                writesBegun.incrementAndGet();
                try {
                    doWrite(batch);
                } finally {
                    writesEnded.incrementAndGet();
                }
            }
        } catch (EngineException e) {
            throw breakOn(e);
        } finally {
            guard.exit();
        }
    }

    @Override
    public final void sync() {
        guard.enter();
        try {
            requireWhole();
            doSync();
        } catch (EngineException e) {
            throw breakOn(e);
        } finally {
            guard.exit();
        }
    }

    @Override
    public final void scan(@Nullable Snapshot snapshot, byte[] from, byte @Nullable [] to, RowVisitor rows) {
        guard.enter();
        try {
            if (!scanLeases.tryAcquire()) {
                throw new EngineException(Reason.BUSY, name + ": " + LEASES + " scans are running; ask again later");
            }
            boolean outermost = scanning.add(Thread.currentThread());
            Lease lease = null;
            try {
                lease = pin(snapshot);
                if (to == null || Arrays.compareUnsigned(from, to) < 0) {
                    doScan(lease == null ? null : lease.snapshot, from, to, rows);
                }
            } finally {
                unpin(lease);
                if (outermost) {
                    scanning.remove(Thread.currentThread());
                }
                scanLeases.release();
            }
        } finally {
            guard.exit();
        }
    }

    @Override
    public final Snapshot snapshot() {
        guard.enter();
        try {
            if (!snapshotLeases.tryAcquire()) {
                throw new EngineException(Reason.BUSY, name + ": " + LEASES + " snapshots are open; ask again later");
            }
            try {
                long before = writesEnded.get();
                S opened = openSnapshot();
                boolean isQuiet = writesBegun.get() == before;
                Lease lease = new Lease(opened, isQuiet ? firstVersion + before : Snapshot.UNKNOWN);
                snapshots.add(lease);
                return lease;
            } catch (RuntimeException e) {
                snapshotLeases.release();
                throw e;
            }
        } finally {
            guard.exit();
        }
    }

    @Override
    public final void compact(byte[] from, byte @Nullable [] to) {
        guard.enter();
        try {
            doCompact(from, to);
        } finally {
            guard.exit();
        }
    }

    @Override
    public final EngineStats stats() {
        guard.enter();
        try {
            return doStats();
        } finally {
            guard.exit();
        }
    }

    private void ifOpen(Runnable call) {
        if (guard.tryEnter()) {
            try {
                call.run();
            } finally {
                guard.exit();
            }
        }
    }

    /** @throws IllegalStateException if called by the visitor of a scan, which would wait for itself */
    @Override
    public final void close() {
        if (scanning.contains(Thread.currentThread())) {
            throw new IllegalStateException(name + " may not be closed by the visitor of its scan");
        }
        synchronized (closing) {
            if (!guard.close()) {
                return;
            }
            if (suspensions.getAndSet(0) > 0) {
                doResumeCompactions(); // else a waiting writer, and the library's own close, would wait for ever
            }
            if (!guard.awaitQuiet(closeLimit)) {
                LOG.error(
                        "{}: calls are still under way after {}; it is left open until the process ends",
                        name,
                        closeLimit);
                return;
            }
            snapshots.forEach(Lease::releaseOnce);
            doClose();
        }
    }

    @Override
    public final void suspendCompactions() {
        ifOpen(() -> {
            if (suspensions.getAndIncrement() == 0) {
                doSuspendCompactions();
            }
        });
    }

    @Override
    public final void resumeCompactions() {
        ifOpen(() -> {
            if (suspensions.getAndUpdate(n -> Math.max(0, n - 1)) == 1) {
                doResumeCompactions();
            }
        });
    }

    protected void doSuspendCompactions() {}

    protected void doResumeCompactions() {}

    /** Whether all writes and syncs so far went well. */
    protected final boolean whole() {
        return broken == null;
    }

    private void requireWhole() {
        RuntimeException cause = broken;
        if (cause != null) {
            throw new EngineException(
                    Reason.FAILED, name + " takes no writes since one failed; close and open it again", cause);
        }
    }

    private EngineException breakOn(EngineException e) {
        if (broken == null && e.reason() != Reason.CLOSED) {
            broken = e;
        }
        return e;
    }

    private static void requireKey(byte[] key) {
        if (key.length == 0) {
            throw new IllegalArgumentException("an empty key cannot be stored");
        }
    }

    private @Nullable Lease pin(@Nullable Snapshot snapshot) {
        if (snapshot == null) {
            return null;
        }
        if (!(snapshot instanceof GuardedEngine<?>.Lease lease) || lease.owner() != this) {
            throw new IllegalArgumentException("the snapshot is not of " + name);
        }
        @SuppressWarnings("unchecked") // its owner is this engine
        Lease own = (Lease) lease;
        if (!own.retain()) {
            throw new EngineException(Reason.CLOSED, "the snapshot of " + name + " is closed");
        }
        return own;
    }

    private void unpin(@Nullable Lease lease) {
        if (lease != null) {
            lease.release();
        }
    }

    /** A snapshot with the number of its users: its holder and the reads under way. At zero it is freed. */
    private final class Lease implements Snapshot {
        private final S snapshot;
        private final long version;
        private final AtomicInteger users = new AtomicInteger(1);
        private final AtomicInteger closed = new AtomicInteger();

        Lease(S snapshot, long version) {
            this.snapshot = snapshot;
            this.version = version;
        }

        @Override
        public long version() {
            return version;
        }

        GuardedEngine<?> owner() {
            return GuardedEngine.this;
        }

        boolean retain() {
            return closed.get() == 0 && users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
        }

        void release() {
            if (users.decrementAndGet() == 0) {
                snapshots.remove(this);
                releaseSnapshot(snapshot);
                snapshotLeases.release();
            }
        }

        /** By the closing engine, when nobody else can. */
        void releaseOnce() {
            if (closed.getAndSet(1) == 0) {
                release();
            }
        }

        @Override
        public void close() {
            ifOpen(this::releaseOnce);
        }
    }
}
