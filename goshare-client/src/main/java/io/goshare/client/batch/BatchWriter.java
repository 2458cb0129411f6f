package io.goshare.client.batch;

import io.goshare.client.statement.Point;
import io.goshare.client.statement.Session;
import io.goshare.protocol.model.PointBatch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Gathers points and writes them in batches, in order, on one thread of its own. A batch is sent when it has its rows
 * or bytes, or its first point has waited its time. What the server may take later is sent again until it does; memory
 * is bounded, and what there is no room for is not lost in silence: see {@link Overflow}. Points that the server
 * refuses go to the {@link RejectionListener}, each once, and the others are written.
 *
 * <p>A point without a time gets that of {@link #add}, by this machine's clock. With a spool a batch is on disk before
 * it is sent; points that are not yet in a batch, at most {@code maxRows} and {@code every} old, are not. Safe for many
 * threads. Close it before its connection.
 */
public final class BatchWriter implements AutoCloseable {
    private final WaitingPoints waiting;
    private final Sender sender;
    private final RejectionListener listener;
    private final Duration deadline;
    private final Optional<Spool> spool;
    private final Thread thread;
    private Optional<BatchReport> report = Optional.empty();

    private BatchWriter(
            WaitingPoints waiting,
            Sender sender,
            RejectionListener listener,
            Duration deadline,
            Optional<Spool> spool) {
        this.waiting = waiting;
        this.sender = sender;
        this.listener = listener;
        this.deadline = deadline;
        this.spool = spool;
        thread = new Thread(this::run, "goshare-batch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Made by {@link io.goshare.client.GoShare#batchWriter}. */
    public static Builder builder(Session session) {
        return new Builder(session);
    }

    /**
     * Takes a point; whether it is written shows later.
     *
     * @throws BatchFullException if there is no room and {@link Overflow} says so
     * @throws IllegalStateException if the writer is closed
     */
    public void add(Point point) {
        waiting.add(point).forEach(listener::rejected);
    }

    /** Takes points, one after the other. */
    public void addAll(Collection<Point> points) {
        points.forEach(this::add);
    }

    private void run() {
        try {
            for (Optional<Batch> batch = waiting.next(); batch.isPresent(); batch = waiting.next()) {
                PointBatch left = sender.send(batch.get().points(), listener);
                waiting.settled(left);
                if (left.rows() > 0) {
                    waiting.pause(sender.pauseNanos());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() told this thread to end
        }
    }

    /**
     * Returns when all points added before are acknowledged, or refused and told.
     *
     * @throws UnwrittenException if that takes longer than the writer's deadline; the points stay in the writer
     */
    public void flush() {
        if (!waiting.flush(deadline.toNanos())) {
            throw new UnwrittenException(
                    waiting.rows(),
                    waiting.rows() + " points are not acknowledged in time; they stay in the writer",
                    sender.lastFailure().orElse(null));
        }
    }

    /** What has become of the points so far; {@code unsent} is empty before the writer is closed. */
    public synchronized BatchReport report() {
        return report.orElseGet(() -> waiting.report(List.of()));
    }

    /** Writes what there is for at most {@code limit}, then ends; tells what was left. Twice tells the same. */
    public BatchReport close(Duration limit) {
        waiting.close(limit.toNanos());
        end();
        synchronized (this) {
            if (report.isEmpty()) {
                report = Optional.of(waiting.report(waiting.unsent()));
                spool.ifPresent(Spool::close);
            }
            return report.get();
        }
    }

    private void end() {
        thread.interrupt(); // it may be in a call with a longer deadline
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

    private synchronized boolean isReported() {
        return report.isPresent();
    }

    /**
     * {@link #close(Duration)} with the writer's deadline.
     *
     * @throws UnwrittenException if points were left that stand in no spool
     */
    @Override
    public void close() {
        boolean again = isReported();
        BatchReport last = close(deadline);
        if (!again && !last.unsent().isEmpty()) {
            throw new UnwrittenException(
                    last.unsent().size(),
                    last.unsent().size() + " points were not acknowledged before the writer was closed",
                    sender.lastFailure().orElse(null));
        }
    }

    /** Collects how to write; each setter gives unit and default. For one thread. */
    public static final class Builder {
        private final Session session;
        private int maxRows = 5000;
        private long maxBytes = 1_000_000;
        private Duration every = Duration.ofMillis(500);
        private long maxWaitingRows;
        private Duration deadline = Duration.ofSeconds(30);
        private Overflow whenFull = Overflow.BLOCK;
        private RejectionListener listener = rejection -> {};
        private Optional<Path> spool = Optional.empty();
        private Clock clock = Clock.systemUTC();

        private Builder(Session session) {
            this.session = session;
        }

        /** Points of a batch, 1 to 100,000. Default 5,000. */
        public Builder maxRows(int rows) {
            maxRows = requireBetween("maxRows", rows, 1, 100_000);
            return this;
        }

        /** Bytes of a batch in memory, 1,000 to 10 million. Default a million. */
        public Builder maxBytes(int bytes) {
            maxBytes = requireBetween("maxBytes", bytes, 1000, 10_000_000);
            return this;
        }

        private static int requireBetween(String name, int number, int first, int last) {
            if (number < first || number > last) {
                throw new IllegalArgumentException(name + " " + number + " is not between " + first + " and " + last);
            }
            return number;
        }

        /** How long a point waits for its batch. Default 500 ms. */
        public Builder every(Duration longest) {
            every = longest;
            return this;
        }

        /** Points in the writer at most, those under way too. Default eight batches. */
        public Builder maxWaitingRows(long rows) {
            maxWaitingRows = rows;
            return this;
        }

        /** How long {@link #add}, {@link #flush} and {@link #close()} wait. Default 30 s. */
        public Builder deadline(Duration longest) {
            deadline = longest;
            return this;
        }

        /** What is done when there is no room. Default {@link Overflow#BLOCK}. */
        public Builder whenFull(Overflow overflow) {
            whenFull = overflow;
            return this;
        }

        /** Told of each point that will not be written. Default nobody; {@link BatchReport} counts them. */
        public Builder onRejected(RejectionListener told) {
            listener = told;
            return this;
        }

        /** A directory where batches stand until they are acknowledged, also across a restart. Default none. */
        public Builder spool(Path directory) {
            spool = Optional.of(directory);
            return this;
        }

        /** The clock of points without a time. Default the system's. */
        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        /**
         * Begins; what an earlier writer left in the spool is sent first.
         *
         * @throws io.goshare.client.error.ConfigurationException if the spool cannot be used, or the transport lacks
         *     its library
         */
        public BatchWriter open() {
            var unused = session.caller().capabilities(); // a transport that cannot be made is told here
            Sender sender = new Sender(session);
            Optional<Spool> files = spool.map(Spool::open);
            WaitingPoints.Bounds bounds = new WaitingPoints.Bounds(
                    maxRows, maxBytes, every, maxWaitingRows > 0 ? maxWaitingRows : 8L * maxRows, deadline, whenFull);
            WaitingPoints waiting = new WaitingPoints(bounds, sender, files, clock);
            return new BatchWriter(waiting, sender, listener, deadline, files);
        }
    }
}
