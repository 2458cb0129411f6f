package io.goshare.client.batch;

import io.goshare.client.statement.Point;
import io.goshare.client.statement.Times;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.model.PointBatch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The points of a writer that are neither written nor refused: in batches, in order, and no more than there is room
 * for. Safe for many threads, of which one takes batches.
 */
final class WaitingPoints {
    private final Bounds bounds;
    private final Sender sender;
    private final Optional<Spool> spool;
    private final Clock clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Batch> batches = new ArrayDeque<>();
    private PointBatch.Builder building = new PointBatch.Builder();
    private long buildingBytes;
    private long buildingSince;
    private long rows;
    private boolean sending;
    private boolean closed;
    private long sealedBatches;
    private long doneBatches;
    private long added;
    private long dropped;

    /**
     * How much there is of what.
     *
     * @param maxRows of a batch
     * @param maxBytes of a batch
     * @param every longest time that a point waits for its batch
     * @param maxWaitingRows in all batches
     * @param deadline how long is waited for room
     */
    record Bounds(
            int maxRows, long maxBytes, Duration every, long maxWaitingRows, Duration deadline, Overflow whenFull) {}

    /** Begins with what was left in {@code spool}; {@code clock} gives points their time. */
    WaitingPoints(Bounds bounds, Sender sender, Optional<Spool> spool, Clock clock) {
        this.bounds = bounds;
        this.sender = sender;
        this.spool = spool;
        this.clock = clock;
        for (Batch batch : spool.map(Spool::left).orElse(List.of())) {
            batches.add(batch);
            rows += batch.rows();
            added += batch.rows();
            sealedBatches++;
        }
    }

    /**
     * Takes a point, or does what is to be done where there is no room.
     *
     * @return what was let go
     */
    List<Rejection> add(Point point) {
        lock.lock();
        try {
            requireOpen();
            List<Rejection> let = rows < bounds.maxWaitingRows ? List.of() : makeRoom(point);
            if (rows < bounds.maxWaitingRows) {
                append(point);
            }
            return let;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the batch writer is closed");
        }
    }

    private List<Rejection> makeRoom(Point point) {
        switch (bounds.whenFull) {
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
        throw new AssertionError(bounds.whenFull);
    }

    private BatchFullException full(String why) {
        return new BatchFullException(rows + " points wait to be written" + why
                + sender.lastFailure()
                        .map(last -> "; the last failure: " + last.getMessage())
                        .orElse(""));
    }

    private void awaitRoom() {
        long left = bounds.deadline.toNanos();
        try {
            while (rows >= bounds.maxWaitingRows) {
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
        return dropped(sender.points(oldest.points()), "the oldest batch");
    }

    private List<Rejection> dropped(List<Point> points, String what) {
        dropped += points.size();
        return points.stream()
                .map(point ->
                        new Rejection(point, ErrorCode.BUSY, Optional.empty(), "let go for want of room: " + what))
                .toList();
    }

    private void append(Point point) {
        long time = point.hasTime() ? point.nanos() : Times.nanos(clock.instant());
        if (building.rows() == 0) {
            buildingSince = System.nanoTime();
            changed.signalAll();
        }
        building.add(sender.under(point.series()), time, point.value());
        buildingBytes += 24L + point.value().bytes().length;
        rows++;
        added++;
        if (building.rows() >= bounds.maxRows || buildingBytes >= bounds.maxBytes) {
            seal();
        }
    }

    private void seal() {
        if (building.rows() == 0) {
            return;
        }
        PointBatch points = building.build();
        batches.add(new Batch(points, spool.map(files -> files.store(points))));
        building = new PointBatch.Builder(Math.min(points.rows(), bounds.maxRows));
        buildingBytes = 0;
        sealedBatches++;
        changed.signalAll();
    }

    /** A batch is written, refused or let go. */
    private void done(Batch batch) {
        rows -= batch.rows();
        doneBatches++;
        batch.file().ifPresent(file -> spool.ifPresent(files -> files.remove(file)));
        changed.signalAll();
    }

    /** The oldest batch, once there is one, until it is {@link #settled}; empty once this is closed. */
    Optional<Batch> next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long left = buildingSince + bounds.every.toNanos() - System.nanoTime();
                if (building.rows() > 0 && left <= 0) {
                    seal();
                }
                if (!batches.isEmpty()) {
                    sending = true;
                    return Optional.of(batches.element());
                }
                if (building.rows() > 0) {
                    left = changed.awaitNanos(left);
                } else {
                    changed.await();
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Of the batch that was taken only {@code left} still waits, and comes next. */
    void settled(PointBatch left) {
        lock.lock();
        try {
            sending = false;
            Batch taken = batches.remove();
            if (left.rows() == 0) {
                done(taken);
            } else {
                batches.addFirst(new Batch(left, taken.file()));
                rows -= taken.rows() - left.rows();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits, but not beyond {@link #close}. */
    void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether all points so far are done with before {@code nanos} are over. */
    boolean flush(long nanos) {
        lock.lock();
        try {
            requireOpen();
            seal();
            return await(sealedBatches, nanos);
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more points, once those there are are done with or {@code nanos} are over. */
    void close(long nanos) {
        lock.lock();
        try {
            if (!closed) {
                seal();
                boolean unused = await(sealedBatches, nanos);
                closed = true;
                changed.signalAll();
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

    long rows() {
        lock.lock();
        try {
            return rows;
        } finally {
            lock.unlock();
        }
    }

    /** The points that stand in no spool. */
    List<Point> unsent() {
        lock.lock();
        try {
            List<Point> unsent = new ArrayList<>();
            batches.stream()
                    .filter(batch -> batch.file().isEmpty())
                    .forEach(batch -> unsent.addAll(sender.points(batch.points())));
            return unsent;
        } finally {
            lock.unlock();
        }
    }

    BatchReport report(List<Point> unsent) {
        lock.lock();
        try {
            long spooled = batches.stream()
                    .filter(batch -> batch.file().isPresent())
                    .mapToLong(Batch::rows)
                    .sum();
            return new BatchReport(added, sender.written(), sender.rejected(), dropped, rows, spooled, unsent);
        } finally {
            lock.unlock();
        }
    }
}
