package io.goshare.client.batch;

import io.goshare.client.error.CallException;
import io.goshare.client.error.RefusedException;
import io.goshare.client.error.TooLargeException;
import io.goshare.client.statement.Point;
import io.goshare.client.statement.SeriesCommands;
import io.goshare.client.statement.Session;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.SeriesKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a batch and sorts out what of it is refused. {@link #send} is for one thread. */
final class Sender {
    private static final long FIRST_PAUSE_NANOS = 100_000_000L;
    private static final int DOUBLINGS = 6;

    private static final PointBatch NOTHING = new PointBatch.Builder(0).build();
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

    /** The points of {@code batch}, as the application named them. */
    List<Point> points(PointBatch batch) {
        return IntStream.range(0, batch.rows())
                .mapToObj(row -> point(batch, row))
                .toList();
    }

    private Point point(PointBatch batch, int row) {
        return new Point(session.namespace().off(batch.key(batch.series()[row])), batch.times()[row], batch.value(row));
    }

    /**
     * Sends {@code batch} and tells each point that is refused, once.
     *
     * @return what is to be sent again later, in order; no rows if all is written or refused
     */
    PointBatch send(PointBatch batch, RejectionListener listener) {
        try {
            session.caller().call(SeriesCommands.write(session, batch));
            written.addAndGet(batch.rows());
            failures = 0;
            return NOTHING;
        } catch (CallException e) {
            if (!isFinal(noted(e))) {
                return batch;
            }
            if (batch.rows() == 1) {
                Optional<String> field = Optional.ofNullable(e.field());
                reject(new Rejection(point(batch, 0), e.code(), field, String.valueOf(e.getMessage())), listener);
                return NOTHING;
            }
            return isOfRows(e) ? sendGoodRows(batch, e, listener) : sendHalves(batch, listener);
        }
    }

    private CallException noted(CallException failure) {
        lastFailure = Optional.of(failure);
        failures += isFinal(failure) ? 0 : 1;
        return failure;
    }

    /**
     * Has the server write all rows but those that are to blame, and tells these. Points have their time, and may come
     * twice.
     */
    private PointBatch sendGoodRows(PointBatch batch, CallException refusal, RejectionListener listener) {
        int[] order = bySeries(batch);
        PointBatch body = rows(batch, order, 0);
        SeriesCommands.LeftOut refused;
        try {
            refused = SeriesCommands.writeGoodRows(session, body);
        } catch (CallException e) {
            return isFinal(noted(e)) ? sendHalves(batch, listener) : batch;
        }
        failures = 0;
        List<RejectedRow> told = refused.told();
        told.stream()
                .sorted(Comparator.comparingInt(row -> order[index(row)]))
                .forEach(row -> reject(rejection(body, row, refusal), listener));
        // Of very many only the first are told; rows behind them are asked about by themselves.
        boolean all = told.size() >= refused.count();
        int settled = all ? batch.rows() : index(told.get(told.size() - 1)) + 1;
        written.addAndGet(settled - told.size());
        return all ? NOTHING : sendGoodRows(rows(batch, order, settled), refusal, listener);
    }

    private static int index(RejectedRow row) {
        return Math.toIntExact(row.row() - 1);
    }

    private Rejection rejection(PointBatch body, RejectedRow row, CallException refusal) {
        Optional<String> field = Optional.ofNullable(row.field());
        boolean isSame = field.equals(Optional.ofNullable(refusal.field()));
        return new Rejection(
                point(body, index(row)), isSame ? refusal.code() : ErrorCode.INVALID_ROWS, field, row.reason());
    }

    /** The rows of {@code batch} series by series, in which order every encoding numbers them. */
    private static int[] bySeries(PointBatch batch) {
        return IntStream.range(0, batch.rows())
                .boxed()
                .sorted(Comparator.comparingInt(row -> batch.series()[row]))
                .mapToInt(row -> row)
                .toArray();
    }

    /** The rows of {@code batch} in {@code order}, from its place {@code first} on. */
    private static PointBatch rows(PointBatch batch, int[] order, int first) {
        PointBatch.Builder rows = new PointBatch.Builder(order.length - first);
        for (int i = first; i < order.length; i++) {
            copy(batch, order[i], order[i] + 1, rows);
        }
        return rows.build();
    }

    private PointBatch sendHalves(PointBatch batch, RejectionListener listener) {
        int middle = batch.rows() / 2;
        PointBatch second = part(batch, middle, batch.rows());
        PointBatch left = send(part(batch, 0, middle), listener);
        return left.rows() == 0 ? send(second, listener) : joined(left, second);
    }

    private void reject(Rejection rejection, RejectionListener listener) {
        rejected.incrementAndGet();
        tell(rejection, listener);
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

    /** Whether the server can tell which rows are to blame. */
    private static boolean isOfRows(CallException refusal) {
        return refusal.code() == ErrorCode.INVALID_ROWS || refusal.code() == ErrorCode.SERIES_LIMIT;
    }

    private static PointBatch part(PointBatch batch, int first, int end) {
        PointBatch.Builder part = new PointBatch.Builder(end - first);
        copy(batch, first, end, part);
        return part.build();
    }

    private static PointBatch joined(PointBatch first, PointBatch second) {
        PointBatch.Builder all = new PointBatch.Builder(first.rows() + second.rows());
        copy(first, 0, first.rows(), all);
        copy(second, 0, second.rows(), all);
        return all.build();
    }

    private static void copy(PointBatch batch, int first, int end, PointBatch.Builder to) {
        for (int row = first; row < end; row++) {
            to.add(to.series(batch.name(batch.series()[row])), batch.times()[row], batch.value(row));
        }
    }

    /** How long to wait after a failure: up to 100 ms at first, then twice as long each time, up to 6 s. */
    long pauseNanos() {
        long most = FIRST_PAUSE_NANOS << Math.min(Math.max(failures - 1, 0), DOUBLINGS);
        return most / 2 + ThreadLocalRandom.current().nextLong(most / 2);
    }
}
