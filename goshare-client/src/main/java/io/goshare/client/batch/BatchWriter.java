package io.goshare.client.batch;

import io.goshare.client.statement.Point;
import io.goshare.client.statement.Session;
import io.goshare.client.statement.Times;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.model.PointBatch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gathers points and writes them in batches, in order, on one thread of its own. A batch is sent when it has its rows
 * or bytes, or its first point has waited its time. What the server may take later is sent again until it does; memory
 * is bounded, and what there is no room for is not lost in silence: see {@link Overflow}. Points that the server
 * refuses are found one by one and go to the {@link RejectionListener}, the others are written.
 *
 * <p>A point without a time gets that of {@link #add}, by this machine's clock. With a spool a batch is on disk before
 * it is sent; points that are not yet in a batch, at most {@code maxRows} and {@code every} old, are not. Safe for many
 * threads. Close it before its connection.
 */
public final class BatchWriter implements AutoCloseable {
    private final Settings settings;
    private final Sender sender;
    private final Optional<Spool> spool;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Batch> batches = new ArrayDeque<>();
    private PointBatch.Builder building = new PointBatch.Builder();
    private long buildingBytes;
    private long buildingSince;
    private long waitingRows;
    private boolean sending;
    private boolean closed;
    private long sealedBatches;
    private long doneBatches;
    private long added;
    private long dropped;
    private Optional<BatchReport> report = Optional.empty();

    /** What a writer is built with. */
    private record Settings(
            int maxRows,
            long maxBytes,
            long everyNanos,
            long maxWaitingRows,
            long deadlineNanos,
            Overflow whenFull,
            RejectionListener listener,
            Clock clock) {}

    private BatchWriter(Settings settings, Sender sender, Optional<Spool> spool) {
        this.settings = settings;
        this.sender = sender;
        this.spool = spool;
        for (Batch batch : spool.map(Spool::left).orElse(List.of())) {
            batches.add(batch);
            waitingRows += batch.rows();
            added += batch.rows();
            sealedBatches++;
        }
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
        List<Rejection> let = List.of();
        lock.lock();
        try {
            requireOpen();
            boolean fits = waitingRows < settings.maxWaitingRows;
            if (!fits) {
                let = makeRoom(point);
                fits = waitingRows < settings.maxWaitingRows;
            }
            if (fits) {
                append(point);
            }
        } finally {
            lock.unlock();
        }
        let.forEach(settings.listener::rejected);
    }

    /** Takes points, one after the other. */
    public void addAll(Collection<Point> points) {
        points.forEach(this::add);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the batch writer is closed");
        }
    }

    private List<Rejection> makeRoom(Point point) {
        switch (settings.whenFull) {
            case BLOCK -> {
                awaitRoom();
                return List.of();
            }
            case FAIL -> throw full("");
            case DROP_OLDEST -> {
                List<Rejection> let = dropOldest();
                return let.isEmpty() ? dropped(List.of(point), "the newest point, for the oldest is under way") : let;
            }
            case DROP_NEWEST -> {
                return dropped(List.of(point), "the newest point");
            }
        }
        throw new AssertionError(settings.whenFull);
    }

    private BatchFullException full(String why) {
        return new BatchFullException(waitingRows + " points wait to be written" + why
                + sender.lastFailure()
                        .map(last -> "; the last failure: " + last.getMessage())
                        .orElse(""));
    }

    private void awaitRoom() {
        long left = settings.deadlineNanos;
        try {
            while (waitingRows >= settings.maxWaitingRows) {
                if (left <= 0) {
                    throw full(" and none was in time");
                }
                left = changed.awaitNanos(left);
                requireOpen();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw full("; interrupted while waiting for room");
        }
    }

    private List<Rejection> dropOldest() {
        Iterator<Batch> all = batches.iterator();
        if (sending && all.hasNext()) {
            all.next();
        }
        if (!all.hasNext()) {
            return List.of();
        }
        Batch oldest = all.next();
        all.remove();
        done(oldest);
        return dropped(points(oldest.points()), "the oldest batch");
    }

    private List<Rejection> dropped(List<Point> points, String what) {
        dropped += points.size();
        return points.stream()
                .map(point -> new Rejection(point, ErrorCode.BUSY, "let go for want of room: " + what))
                .toList();
    }

    private void append(Point point) {
        long time = point.hasTime() ? point.nanos() : Times.nanos(settings.clock.instant());
        if (building.rows() == 0) {
            buildingSince = System.nanoTime();
            changed.signalAll();
        }
        building.add(sender.under(point.series()), time, point.value());
        buildingBytes += 24L + point.value().bytes().length;
        waitingRows++;
        added++;
        if (building.rows() >= settings.maxRows || buildingBytes >= settings.maxBytes) {
            seal();
        }
    }

    private void seal() {
        if (building.rows() == 0) {
            return;
        }
        PointBatch points = building.build();
        batches.add(new Batch(points, spool.map(files -> files.store(points))));
        building = new PointBatch.Builder(Math.min(points.rows(), settings.maxRows));
        buildingBytes = 0;
        sealedBatches++;
        changed.signalAll();
    }

    /** A batch is written, refused or let go. */
    private void done(Batch batch) {
        waitingRows -= batch.rows();
        doneBatches++;
        batch.file().ifPresent(file -> spool.ifPresent(files -> files.remove(file)));
        changed.signalAll();
    }

    private void run() {
        while (true) {
            Batch batch = next();
            if (batch == null) {
                return;
            }
            boolean isDone = sender.send(batch.points(), this::points, settings.listener);
            lock.lock();
            try {
                sending = false;
                if (isDone) {
                    batches.remove();
                    done(batch);
                } else if (!closed) {
                    pause();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void pause() {
        long left = sender.pauseNanos();
        try {
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() told this thread to end
        }
    }

    /** The oldest batch; null once the writer is closed. */
    private @Nullable Batch next() {
        lock.lock();
        try {
            while (!closed) {
                long now = System.nanoTime();
                if (building.rows() > 0 && now - buildingSince >= settings.everyNanos) {
                    seal();
                }
                Batch oldest = batches.peek();
                if (oldest != null) {
                    sending = true;
                    return oldest;
                }
                if (building.rows() > 0) {
                    var unused = changed.awaitNanos(buildingSince + settings.everyNanos - now);
                } else {
                    changed.await();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() told this thread to end
        } finally {
            lock.unlock();
        }
        return null;
    }

    /**
     * Returns when all points added before are acknowledged, or refused and told.
     *
     * @throws UnwrittenException if that takes longer than the writer's deadline; the points stay in the writer
     */
    public void flush() {
        lock.lock();
        try {
            requireOpen();
            seal();
            if (!await(sealedBatches, settings.deadlineNanos)) {
                throw new UnwrittenException(
                        waitingRows,
                        waitingRows + " points are not acknowledged in time; they stay in the writer",
                        sender.lastFailure().orElse(null));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean await(long target, long nanos) {
        long left = nanos;
        try {
            while (doneBatches < target) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What has become of the points so far; {@code unsent} is empty before the writer is closed. */
    public BatchReport report() {
        lock.lock();
        try {
            return report.orElseGet(() -> count(List.of()));
        } finally {
            lock.unlock();
        }
    }

    private BatchReport count(List<Point> unsent) {
        long spooled = batches.stream()
                .filter(batch -> batch.file().isPresent())
                .mapToLong(Batch::rows)
                .sum();
        return new BatchReport(added, sender.written(), sender.rejected(), dropped, waitingRows, spooled, unsent);
    }

    /** Writes what there is for at most {@code limit}, then ends; tells what was left. Twice tells the same. */
    public BatchReport close(Duration limit) {
        lock.lock();
        try {
            if (!closed) {
                seal();
                boolean unused = await(sealedBatches, limit.toNanos());
                closed = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        end();
        lock.lock();
        try {
            if (report.isEmpty()) {
                List<Point> unsent = new ArrayList<>();
                batches.stream()
                        .filter(batch -> batch.file().isEmpty())
                        .forEach(batch -> unsent.addAll(points(batch.points())));
                report = Optional.of(count(unsent));
                spool.ifPresent(Spool::close);
            }
            return report.get();
        } finally {
            lock.unlock();
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

    private List<Point> points(PointBatch batch) {
        List<Point> points = new ArrayList<>(batch.rows());
        for (int i = 0; i < batch.rows(); i++) {
            points.add(new Point(sender.off(batch.key(batch.series()[i])), batch.times()[i], batch.value(i)));
        }
        return points;
    }

    /**
     * {@link #close(Duration)} with the writer's deadline.
     *
     * @throws UnwrittenException if points were left that stand in no spool
     */
    @Override
    public void close() {
        boolean again;
        lock.lock();
        try {
            again = report.isPresent();
        } finally {
            lock.unlock();
        }
        BatchReport last = close(Duration.ofNanos(settings.deadlineNanos));
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
            Settings settings = new Settings(
                    maxRows,
                    maxBytes,
                    every.toNanos(),
                    maxWaitingRows > 0 ? maxWaitingRows : 8L * maxRows,
                    deadline.toNanos(),
                    whenFull,
                    listener,
                    clock);
            return new BatchWriter(settings, new Sender(session), spool.map(Spool::open));
        }
    }
}
