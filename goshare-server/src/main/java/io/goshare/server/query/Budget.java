package io.goshare.server.query;

import io.goshare.protocol.Durations;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** What one query has read and made, and may; its excess is an error that names the limit. Safe for many threads. */
public final class Budget {
    /**
     * Limits of all queries of a server.
     *
     * @param bytes of points that one query reads, as they stand in memory
     */
    public record Limits(int series, long points, long rows, long bytes) {
        private static final long HEAP = Runtime.getRuntime().maxMemory();

        /** 100,000 series, 50 million points, a row for each KiB of heap up to 1 million, 32 times the heap. */
        public static final Limits DEFAULT =
                new Limits(100_000, 50_000_000L, Math.min(1_000_000L, HEAP >> 10), 32 * HEAP);

        /** Without a limit of bytes. */
        public Limits(int series, long points, long rows) {
            this(series, points, rows, Long.MAX_VALUE);
        }
    }

    static final int BYTES_OF_POINT = 17;

    private final Limits limits;
    private volatile BooleanSupplier abandoned;
    private volatile long timeoutNanos;
    private volatile long started = System.nanoTime();
    private final AtomicLong series = new AtomicLong();
    private final AtomicLong points = new AtomicLong();
    private final AtomicLong rollups = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong headers = new AtomicLong();

    /** @param abandoned whether nobody waits for the answer any more */
    public Budget(Limits limits, long timeoutNanos, BooleanSupplier abandoned) {
        this.limits = limits;
        this.timeoutNanos = timeoutNanos;
        this.abandoned = abandoned;
    }

    /** Begins again for another page of the same series. */
    void restart(long newTimeoutNanos, BooleanSupplier newAbandoned) {
        timeoutNanos = newTimeoutNanos;
        abandoned = newAbandoned;
        started = System.nanoTime();
        points.set(0);
        rollups.set(0);
        bytes.set(0);
        rows.set(0);
        skipped.set(0);
        headers.set(0);
    }

    public void series(int count) {
        if (series.addAndGet(count) > limits.series()) {
            throw exceeded("the selector finds " + count + " series, more than the limit of " + limits.series()
                    + "; narrow sel");
        }
    }

    public void points(long read) {
        if (points.addAndGet(read) > limits.points()) {
            throw exceeded(
                    "the query reads more than the limit of " + limits.points() + " points; narrow sel or the range");
        }
    }

    void points(Columns read) {
        points(read.count());
        if (bytes.addAndGet((long) BYTES_OF_POINT * read.count() + read.heap().length) > limits.bytes()) {
            throw exceeded(
                    "the query reads more than the limit of " + limits.bytes() + " bytes; narrow sel or the range");
        }
        time();
    }

    void rows(long made) {
        long all = rows.addAndGet(made);
        if (all > limits.rows()) {
            throw exceeded("the query makes more than the limit of " + limits.rows()
                    + " windows or rows; widen every or narrow the range");
        }
        if ((all & 1023) < made) {
            time();
        }
    }

    /** Counts points that were passed over because they are no numbers. */
    void skipped(long count) {
        if (count > 0) {
            skipped.addAndGet(count);
        }
    }

    /** Counts chunks of which no more than the header was read. */
    void headers(int count) {
        headers.addAndGet(count);
    }

    long skipped() {
        return skipped.get();
    }

    /** Counts summaries that were read in place of points. */
    void rollups(long count) {
        rollups.addAndGet(count);
    }

    /** What was read and made, for the note {@code explain}. */
    String explanation() {
        return "series=" + series + " points=" + points + " headers=" + headers
                + (rollups.get() == 0 ? "" : " rollups=" + rollups) + " bytes=" + bytes + " rows=" + rows + " micros="
                + elapsedNanos() / 1_000;
    }

    long elapsedNanos() {
        return System.nanoTime() - started;
    }

    /** Ends a query that takes too long, and one that nobody waits for. */
    public void time() {
        if (abandoned.getAsBoolean()) {
            throw new GoShareException(ErrorCode.TIMEOUT, "nobody waits for the answer any more");
        }
        if (elapsedNanos() > timeoutNanos) {
            throw exceeded("the query takes longer than timeout=" + Durations.print(timeoutNanos)
                    + "; narrow it, or raise timeout");
        }
    }

    private static GoShareException exceeded(String message) {
        return new GoShareException(ErrorCode.BUDGET, message);
    }
}
