package io.goshare.client.statement;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A value of a series at an instant. Immutable; each step returns a new one.
 *
 * @param series its path and tags
 * @param nanos since 1970 UTC; {@link io.goshare.protocol.model.PointBatch#NO_TIME} leaves the time to the server
 */
public record Point(SeriesKey series, long nanos, Value value) {
    /** A point of the series {@code path}, text such as {@code room:b12:temp}, at the server's time of arrival. */
    public static Point of(String path, Value value) {
        return new Point(SeriesKey.of(Path.parse(path)), io.goshare.protocol.model.PointBatch.NO_TIME, value);
    }

    public static Point of(String path, double value) {
        return of(path, Value.of(value));
    }

    public static Point of(String path, long value) {
        return of(path, Value.of(value));
    }

    public static Point of(String path, boolean value) {
        return of(path, Value.of(value));
    }

    /** A state, such as {@code up}. */
    public static Point of(String path, String value) {
        return of(path, Value.of(value));
    }

    public Point tag(String name, String text) {
        Map<String, String> tags = new TreeMap<>(series.tags());
        tags.put(name, text);
        return new Point(SeriesKey.of(series.path(), tags), nanos, value);
    }

    public Point at(Instant instant) {
        return new Point(series, Times.nanos(instant), value);
    }

    /** Whether it bears a time. */
    public boolean hasTime() {
        return nanos != io.goshare.protocol.model.PointBatch.NO_TIME;
    }

    /**
     * When it was.
     *
     * @throws IllegalStateException if the time is left to the server
     */
    public Instant time() {
        if (!hasTime()) {
            throw new IllegalStateException("the time of " + series + " is left to the server");
        }
        return Times.instant(nanos);
    }
}
