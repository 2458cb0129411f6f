package io.goshare.server.engine;

import io.goshare.server.engine.EngineException.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls under way in something that may be closed, so that it is never freed under a caller. Safe for many
 * threads.
 *
 * <pre>
 *   enter()  ... call ...  exit()      any thread; enter() fails once closed
 *   close(); awaitQuiet(30 s); free    the closer; if the wait is in vain: leak, never free
 * </pre>
 */
public final class Guard {
    /** Set once closed; the bits below count calls. */
    private static final long CLOSED = 1L << 62;

    private final AtomicLong state = new AtomicLong();
    private final String name;
    private volatile @Nullable Thread closer;

    /** A guard of what people know as {@code name}. */
    public Guard(String name) {
        this.name = name;
    }

    /** Begins a call. @throws EngineException {@code CLOSED} */
    public void enter() {
        if (!tryEnter()) {
            throw new EngineException(Reason.CLOSED, name + " is closed");
        }
    }

    /** Begins a call unless closed. */
    public boolean tryEnter() {
        if ((state.incrementAndGet() & CLOSED) == 0) {
            return true;
        }
        exit();
        return false;
    }

    /** Ends a call. */
    public void exit() {
        if (state.decrementAndGet() == CLOSED) {
            LockSupport.unpark(closer);
        }
    }

    public boolean isClosed() {
        return (state.get() & CLOSED) != 0;
    }

    /** Lets no further call begin; true for the one call that closed. */
    public boolean close() {
        return (state.getAndUpdate(s -> s | CLOSED) & CLOSED) == 0;
    }

    /**
     * Waits, for one thread, until no call is under way; false if {@code limit} passes first. An interrupt is kept for
     * later.
     */
    public boolean awaitQuiet(Duration limit) {
        closer = Thread.currentThread();
        boolean interrupted = false;
        long start = System.nanoTime();
        long left = limit.toNanos();
        while (state.get() != CLOSED && left > 0) {
            LockSupport.parkNanos(this, left);
            interrupted |= Thread.interrupted();
            left = limit.toNanos() - (System.nanoTime() - start);
        }
        closer = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return state.get() == CLOSED;
    }
}
