package io.goshare.client.batch;

import io.goshare.client.error.CallException;
import io.goshare.client.error.RefusedException;
import io.goshare.client.error.TooLargeException;
import io.goshare.client.statement.Point;
import io.goshare.client.statement.SeriesCommands;
import io.goshare.client.statement.Session;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a batch and sorts out what of it is refused. {@link #send} is for one thread. */
final class Sender {
    private static final long FIRST_PAUSE_NANOS = 100_000_000L;
    private static final int DOUBLINGS = 6;

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private final Session session;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private volatile Optional<CallException> lastFailure = Optional.empty();
    private int failures;

    Sender(Session session) {
        this.session = session;
    }

    long written() {
        return written.get();
    }

    long rejected() {
        return rejected.get();
    }

    Optional<CallException> lastFailure() {
        return lastFailure;
    }

    SeriesKey under(SeriesKey key) {
        return session.namespace().under(key);
    }

    SeriesKey off(SeriesKey key) {
        return session.namespace().off(key);
    }

    /** Sends {@code batch}; false if all of it, or what is left of it, is to be sent again later. */
    boolean send(PointBatch batch, Function<PointBatch, List<Point>> points, RejectionListener listener) {
        try {
            session.caller().call(SeriesCommands.write(session, batch));
            written.addAndGet(batch.rows());
            failures = 0;
            return true;
        } catch (CallException e) {
            lastFailure = Optional.of(e);
            if (!isFinal(e)) {
                failures++;
                return false;
            }
            if (batch.rows() == 1) {
                rejected.incrementAndGet();
                tell(new Rejection(points.apply(batch).get(0), e.code(), String.valueOf(e.getMessage())), listener);
                return true;
            }
            // Points have their time, so that a half which is sent again changes nothing.
            int middle = batch.rows() / 2;
            return send(part(batch, 0, middle), points, listener)
                    && send(part(batch, middle, batch.rows()), points, listener);
        }
    }

    private static void tell(Rejection rejection, RejectionListener listener) {
        try {
            listener.rejected(rejection);
        } catch (RuntimeException e) {
            LOG.error("the listener of rejected points failed at {}", rejection.point(), e);
        }
    }

    /** Whether some point is to blame, rather than the server's state or the way to it. */
    private static boolean isFinal(CallException failure) {
        if (failure instanceof TooLargeException) {
            return true;
        }
        return failure instanceof RefusedException
                && switch (failure.code()) {
                    case BAD_REQUEST,
                            CONFLICT,
                            TOO_LARGE,
                            UNSUPPORTED_FORMAT,
                            REQUEST_MISMATCH,
                            INVALID_ROWS,
                            SERIES_LIMIT,
                            BUDGET -> true;
                    default -> false;
                };
    }

    private static PointBatch part(PointBatch batch, int first, int end) {
        PointBatch.Builder part = new PointBatch.Builder(end - first);
        for (int row = first; row < end; row++) {
            part.add(part.series(batch.name(batch.series()[row])), batch.times()[row], batch.value(row));
        }
        return part.build();
    }

    /** How long to wait after a failure: up to 100 ms at first, then twice as long each time, up to 6 s. */
    long pauseNanos() {
        long most = FIRST_PAUSE_NANOS << Math.min(Math.max(failures - 1, 0), DOUBLINGS);
        return most / 2 + ThreadLocalRandom.current().nextLong(most / 2);
    }
}
