package io.goshare.client.statement;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SegmentPattern;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TagMatcher;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One series: a path and tags, to which points are written. A point of the same time replaces the one before. Each call
 * waits for its reply and throws a {@link io.goshare.client.error.CallException}. Immutable, safe for many threads; for
 * many points a second take a {@link io.goshare.client.batch.BatchWriter}.
 */
public final class Series {
    private final Session session;
    private final SeriesKey key;

    /** Made by {@link io.goshare.client.GoShare#series}. */
    public Series(Session session, String path) {
        this(session, SeriesKey.of(Path.parse(path)));
    }

    private Series(Session session, SeriesKey key) {
        this.session = session;
        this.key = key;
    }

    /** The series with one more tag. A tag names what is measured; a state is never a tag. */
    public Series tag(String name, String text) {
        Map<String, String> tags = new TreeMap<>(key.tags());
        tags.put(name, text);
        return new Series(session, SeriesKey.of(key.path(), tags));
    }

    /** The same series with {@code timeout} as each call's deadline. */
    public Series within(Duration timeout) {
        return new Series(session.within(timeout), key);
    }

    /** Path and tags, below the connection's namespace. */
    public SeriesKey key() {
        return key;
    }

    /** The same calls with futures. */
    public AsyncSeries async() {
        return new AsyncSeries(session, key);
    }

    /** Writes a value at the server's time of arrival; a retry does not write it twice. */
    public void write(Value value) {
        writeAll(List.of(new Point(key, PointBatch.NO_TIME, value)));
    }

    public void write(double number) {
        write(Value.of(number));
    }

    public void write(long number) {
        write(Value.of(number));
    }

    public void write(boolean flag) {
        write(Value.of(flag));
    }

    /** Writes a state. */
    public void write(String text) {
        write(Value.of(text));
    }

    /** Writes a value at {@code time}. */
    public void write(Instant time, Value value) {
        writeAll(List.of(new Point(key, Times.nanos(time), value)));
    }

    public void write(Instant time, double number) {
        write(time, Value.of(number));
    }

    public void write(Instant time, long number) {
        write(time, Value.of(number));
    }

    public void write(Instant time, boolean flag) {
        write(time, Value.of(flag));
    }

    public void write(Instant time, String text) {
        write(time, Value.of(text));
    }

    /** Writes many values in one request, all or none; no values are not sent. */
    public void writeAll(Map<Instant, Value> values) {
        List<Point> points = new ArrayList<>(values.size());
        values.forEach((time, value) -> points.add(new Point(key, Times.nanos(time), value)));
        writeAll(points);
    }

    private void writeAll(List<Point> points) {
        if (!points.isEmpty()) {
            session.call(SeriesCommands.write(session, points), KvCommands::revision);
        }
    }

    /** What is true of the series at {@code instant}: its last point at or before; empty where there is none. */
    public Optional<Point> at(Instant instant) {
        try (Cursor<Row> rows = query().at(instant).open()) {
            while (rows.hasNext()) {
                Row row = rows.next();
                if (isOurs(row)) {
                    return row.get("value").map(value -> new Point(key, row.integer("time"), value));
                }
            }
            return Optional.empty();
        }
    }

    private boolean isOurs(Row row) {
        return row.columns().stream()
                .filter(column -> !List.of("path", "time", "value").contains(column))
                .allMatch(column -> row.text(column).isEmpty()
                        || key.tags().containsKey(column.startsWith("tag:") ? column.substring(4) : column));
    }

    /** The newest point; empty where there is none. */
    public Optional<Point> latest() {
        return at(Times.instant(Long.MAX_VALUE - 1));
    }

    /** A query of this series; it finds those with more tags too. */
    public Query query() {
        List<TagMatcher> matchers = new ArrayList<>();
        key.tags().forEach((name, text) -> matchers.add(TagMatcher.of(name, TagMatcher.Operator.EQUAL, text)));
        List<SegmentPattern> segments = Selector.at(key.path()).segments();
        return new Query(session, new Selector(segments, matchers));
    }
}
