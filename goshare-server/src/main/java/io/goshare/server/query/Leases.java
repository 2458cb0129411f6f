package io.goshare.server.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What queries that have more pages go on reading from, so that all pages are of one snapshot. The one that was used
 * longest ago gives way where there are too many. Safe for many threads.
 */
final class Leases implements AutoCloseable {
    /**
     * How much is held, and for how long.
     *
     * @param most leases at once
     * @param bytes of memory that all of them hold on to
     * @param nanos after which one that is not used ends
     */
    record Limits(int most, long bytes, long nanos) {
        static final Limits DEFAULT = new Limits(64, Runtime.getRuntime().maxMemory() / 16, 60_000_000_000L);
    }

    private record Lease(Reading reading, long bytes, long since) {}

    private final Limits limits;
    private final Executor later;
    private final Map<Long, Lease> leases = new LinkedHashMap<>();
    private long bytes;
    private boolean closed;

    /** @param later runs a task once {@link Limits#nanos} have gone by */
    Leases(Limits limits, Executor later) {
        this.limits = limits;
        this.later = later;
    }

    /**
     * What the lease holds, which is the caller's now; empty if it has ended, or another request is reading from it.
     */
    synchronized Optional<Reading> take(long id) {
        Lease lease = leases.remove(id);
        bytes -= lease == null ? 0 : lease.bytes;
        return Optional.ofNullable(lease).map(Lease::reading);
    }

    /**
     * Holds {@code reading} for the page that follows and tells its lease; 0, and it is closed, if it is too large.
     *
     * @param before the lease it had, which it keeps, so that a page may be asked for again; 0: none
     */
    long put(Reading reading, long before) {
        long size = reading.heldBytes();
        List<Reading> ended = new ArrayList<>();
        long id = 0;
        synchronized (this) {
            if (!closed && size <= limits.bytes) {
                while (leases.size() >= limits.most || bytes + size > limits.bytes) {
                    ended.add(removeOldest());
                }
                id = before != 0 ? before : ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
                leases.put(id, new Lease(reading, size, System.nanoTime()));
                bytes += size;
            } else {
                ended.add(reading);
            }
        }
        ended.forEach(Reading::close);
        if (id != 0) {
            later.execute(this::expire);
        }
        return id;
    }

    private Reading removeOldest() {
        var oldest = leases.values().iterator();
        Lease lease = oldest.next();
        oldest.remove();
        bytes -= lease.bytes;
        return lease.reading;
    }

    private void expire() {
        List<Reading> ended = new ArrayList<>();
        synchronized (this) {
            while (!leases.isEmpty()
                    && System.nanoTime() - leases.values().iterator().next().since >= limits.nanos) {
                ended.add(removeOldest());
            }
        }
        ended.forEach(Reading::close);
    }

    synchronized int size() {
        return leases.size();
    }

    @Override
    public void close() {
        List<Reading> ended = new ArrayList<>();
        synchronized (this) {
            closed = true;
            while (!leases.isEmpty()) {
                ended.add(removeOldest());
            }
        }
        ended.forEach(Reading::close);
    }
}
