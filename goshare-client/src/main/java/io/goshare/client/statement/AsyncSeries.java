package io.goshare.client.statement;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@link Series} with futures; see {@link AsyncKv}. */
public final class AsyncSeries {
    private final Session session;
    private final SeriesKey key;

    AsyncSeries(Session session, SeriesKey key) {
        this.session = session;
        this.key = key;
    }

    /** See {@link Series#write(Value)}; completes with the revision. */
    public CompletableFuture<Long> write(Value value) {
        return write(List.of(new Point(key, PointBatch.NO_TIME, value)));
    }

    /** See {@link Series#write(Instant, Value)}; completes with the revision. */
    public CompletableFuture<Long> write(Instant time, Value value) {
        return write(List.of(new Point(key, Times.nanos(time), value)));
    }

    /** See {@link Series#writeAll}; completes with the revision, 0 for no values. */
    public CompletableFuture<Long> writeAll(Map<Instant, Value> values) {
        List<Point> points = new ArrayList<>(values.size());
        values.forEach((time, value) -> points.add(new Point(key, Times.nanos(time), value)));
        return write(points);
    }

    private CompletableFuture<Long> write(List<Point> points) {
        return points.isEmpty()
                ? CompletableFuture.completedFuture(0L)
                : session.send(SeriesCommands.write(session, points), KvCommands::revision);
    }
}
