package io.goshare.client.statement;

import io.goshare.protocol.Command;
import io.goshare.protocol.Durations;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A question about series along time: {@code docs/queries.md} tells each clause. Without an aggregate the rows are
 * points ({@code path}, {@code tags}, {@code time}, {@code value}); with one a row per window and series ({@code path},
 * labels, tags, {@code time}, a column per aggregate). Each step returns a new query; only {@link #fetch},
 * {@link #open}, {@link #stream}, {@link #points} and their like talk to the server. Immutable, safe for many threads.
 */
public final class Query {
    /** Clauses that make a table of points. */
    private static final List<Param<?>> MAKE_TABLES = List.of(Param.AGG, Param.AT, Param.WINDOW, Param.JOIN);

    private final Session session;
    private final Command command;
    private final long limit;

    /** Made by {@link io.goshare.client.GoShare#query}. */
    public Query(Session session, Selector selector) {
        this(
                session,
                session.command(Verb.QUERY).with(Param.SEL, session.namespace().under(selector)));
    }

    Query(Session session, Command command) {
        this(session, command, Long.MAX_VALUE);
    }

    private Query(Session session, Command command, long limit) {
        this.session = session;
        this.command = command;
        this.limit = limit;
    }

    private Query to(Command changed) {
        return new Query(session, changed, limit);
    }

    /** Any clause as it is written on the wire: {@code with("fill", "linear")}. */
    public Query with(String clause, String text) {
        return to(command.with(clause, text));
    }

    /** The first instant, included. */
    public Query from(Instant first) {
        return to(command.with(Param.FROM, Times.text(first)));
    }

    /** The last instant, excluded; default now. */
    public Query to(Instant end) {
        return to(command.with(Param.TO, Times.text(end)));
    }

    /** From {@code first}, included, to {@code end}, excluded. */
    public Query between(Instant first, Instant end) {
        return from(first).to(end);
    }

    /** The time from {@code length} ago to now, by the server's clock. */
    public Query last(Duration length) {
        return with("from", "-" + Durations.print(length.toNanos()));
    }

    /** A named, timedot or ISO 8601 range: {@code latest_day}, {@code 2014:7:1..2014:7:3}. */
    public Query range(String range) {
        return with("range", range);
    }

    /** From {@code radius} before {@code middle} to {@code radius} after it. */
    public Query around(Instant middle, Duration radius) {
        return to(command.with(Param.AROUND, Times.text(middle)).with(Param.RADIUS, radius.toNanos()));
    }

    /** The zone of calendar windows and named ranges; default UTC. */
    public Query zone(ZoneId zone) {
        return to(command.with(Param.TZ, zone));
    }

    /** Keeps points whose value passes: {@code gt:90}, {@code eq:down}. */
    public Query where(String condition) {
        return with("where", condition);
    }

    /**
     * Steps from point to point, one after another: {@code rate}, {@code delta}, {@code round:2}, {@code debounce:10s}.
     */
    public Query transform(String... steps) {
        return with("fn", String.join(",", steps));
    }

    /** Keeps the time during which {@code condition} holds: {@code node:@host:state=up and not gt:90}. */
    public Query during(String condition) {
        return with("while", condition);
    }

    /** Tumbling windows of this length. */
    public Query every(Duration length) {
        return every(Durations.print(length.toNanos()));
    }

    /** Tumbling windows of a length in words: {@code 5m}, {@code 1d}, {@code 1mo}. */
    public Query every(String length) {
        return with("every", length);
    }

    /** Other windows: {@code run}, {@code session:5m}. */
    public Query window(String window) {
        return with("window", window);
    }

    /** Aggregates along time, such as {@code mean}, {@code p99}, {@code duration}; a column each. */
    public Query aggregate(String... names) {
        return with("agg", String.join(",", names));
    }

    public Query mean() {
        return aggregate("mean");
    }

    public Query count() {
        return aggregate("count");
    }

    /**
     * What empty windows show: {@code none} (default), {@code null}, {@code previous}, {@code linear}, {@code const:0}.
     */
    public Query fill(String fill) {
        return with("fill", fill);
    }

    /** Groups series: {@code @host}, {@code #2}, {@code tag:dc}; needs {@link #reduce}. */
    public Query by(String group) {
        return with("by", group);
    }

    /** The aggregate across the series of a group. */
    public Query reduce(String aggregate) {
        return with("reduce", aggregate);
    }

    /** Beside each row the newest point of {@code other} at or before it; captured segments must be equal. */
    public Query asOf(String other) {
        return join("asof", other);
    }

    /**
     * Beside each row a point of {@code other}: its last ({@code asof}), the last before ({@code lt}), or the
     * {@code nearest}, which needs {@link #tolerance}.
     */
    public Query join(String how, String other) {
        Selector beside = session.namespace().under(Selector.parse(other));
        return to(command.with("join", how).with(Param.WITH, beside));
    }

    /** How far away a join looks at most. */
    public Query tolerance(Duration most) {
        return to(command.with(Param.TOLERANCE, most.toNanos()));
    }

    /** Of the rows of each window the {@code rows} whose first aggregate is greatest. */
    public Query top(long rows) {
        return to(command.with(Param.TOP, rows));
    }

    /** Of the rows of each window the {@code rows} whose first aggregate is least. */
    public Query bottom(long rows) {
        return to(command.with(Param.BOTTOM, rows));
    }

    /** Fewer points that look the same: {@code lttb:500}, {@code minmax:500}; of states {@code runs:500}. */
    public Query plot(String plot) {
        return with("plot", plot);
    }

    /** The newest row first. */
    public Query newestFirst() {
        return to(command.with(Param.ORDER, "desc"));
    }

    /** Passes over the first {@code rows} rows. */
    public Query skip(long rows) {
        return to(command.with(Param.OFFSET, rows));
    }

    /** The first {@code rows} rows, at least 1; default all. */
    public Query limit(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("limit " + rows + " is less than 1");
        }
        return new Query(session, command, rows);
    }

    /** The deadline of each page. */
    public Query within(Duration timeout) {
        return new Query(session.within(timeout), command.with(Param.TIMEOUT, timeout.toNanos()), limit);
    }

    /** What is true at {@code instant}: a row per series, {@code path}, tags, {@code time}, {@code value}. */
    public Query at(Instant instant) {
        return to(verb(Verb.AT).with(Param.AT, Times.text(instant)));
    }

    /** The runs of equal values: a row each, {@code value}, {@code from}, {@code to}, {@code open}. */
    public Query states() {
        return to(verb(Verb.STATES));
    }

    /** How many series are in each state along time: {@code time}, {@code value}, {@code count}. */
    public Query census() {
        return to(verb(Verb.CENSUS));
    }

    /**
     * Every change in the range, in the order of time: {@code time}, {@code path}, {@code tags}, {@code old},
     * {@code value}.
     */
    public Query log() {
        return to(verb(Verb.LOG));
    }

    /**
     * What differs between the ends of the range: {@code path}, {@code tags}, {@code change} ({@code added},
     * {@code changed}, {@code removed}), {@code old}, {@code value}, {@code since}.
     */
    public Query diff() {
        return to(verb(Verb.DIFF));
    }

    private Command verb(Verb verb) {
        Command changed = Command.of(verb);
        for (var clause : command.printed().entrySet()) {
            changed = changed.with(clause.getKey(), clause.getValue());
        }
        return changed;
    }

    /** All rows, in memory at once. */
    public List<Row> fetch() {
        return rows().list();
    }

    /** {@link #fetch} with a future. */
    public CompletableFuture<List<Row>> fetchAsync() {
        return rows().listAsync();
    }

    /** A cursor over the rows, which fetches pages as they are needed; the caller closes it. */
    public Cursor<Row> open() {
        return rows().open();
    }

    /** The rows as a stream; close it if it is not read to its end. */
    public Stream<Row> stream() {
        return rows().stream();
    }

    /** The rows, to be read in any of the ways of {@link Pages}. */
    public Pages<Row> rows() {
        return isOfPoints()
                ? new Pages<>(session, pointCommand(), this::pointRows, limit)
                : new Pages<>(session, command, this::tableRows, limit);
    }

    /**
     * The points themselves.
     *
     * @throws IllegalStateException if the query asks for aggregates, runs or one instant
     */
    public Pages<Point> points() {
        if (!isOfPoints()) {
            throw new IllegalStateException("the query asks for windows, states or one instant; its answer is rows()");
        }
        return new Pages<>(session, pointCommand(), this::points, limit);
    }

    private boolean isOfPoints() {
        if (command.verb() != Verb.QUERY) {
            return false;
        }
        boolean now = command.get(Param.RANGE).filter(range -> range.isNow()).isPresent();
        boolean runs =
                command.get(Param.PLOT).filter(plot -> plot.startsWith("runs")).isPresent();
        boolean table = MAKE_TABLES.stream().anyMatch(command::has);
        return !table && !now && !runs;
    }

    private Command pointCommand() {
        return command.with(Param.FMT, session.points().word()).with(Param.SHAPE, "columns");
    }

    private List<Point> points(Reply reply) {
        PointBatch batch = Session.points(reply);
        SeriesKey[] keys = keys(batch);
        List<Point> points = new ArrayList<>(batch.rows());
        for (int i = 0; i < batch.rows(); i++) {
            points.add(new Point(keys[batch.series()[i]], batch.times()[i], batch.value(i)));
        }
        return points;
    }

    private SeriesKey[] keys(PointBatch batch) {
        SeriesKey[] keys = new SeriesKey[batch.seriesCount()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = session.namespace().off(batch.key(i));
        }
        return keys;
    }

    private List<Row> pointRows(Reply reply) {
        PointBatch batch = Session.points(reply);
        SeriesKey[] keys = keys(batch);
        Table table = Table.of("path", "tags", "time", "value");
        for (int i = 0; i < batch.rows(); i++) {
            SeriesKey key = keys[batch.series()[i]];
            String path = key.path().toString();
            String tags = key.toString().substring(path.length());
            table.add(
                    Value.of(path), tags.isEmpty() ? null : Value.of(tags), Value.of(batch.times()[i]), batch.value(i));
        }
        return Row.of(table);
    }

    private List<Row> tableRows(Reply reply) {
        return Row.of(relative(session, Session.table(reply)));
    }

    /** {@code table} with its column {@code path} below the connection's namespace. */
    static Table relative(Session session, Table table) {
        int path = table.column("path");
        if (path < 0 || session.namespace().prefix().isEmpty()) {
            return table;
        }
        Table out = Table.of(table.columns());
        for (@Nullable Value[] row : table.rows()) {
            @Nullable Value[] cells = row.clone();
            Value cell = cells[path];
            if (cell != null) {
                Path full = Path.parse(cell.asText());
                cells[path] = Value.of(session.namespace().off(full).toString());
            }
            out.add(cells);
        }
        return out;
    }

    /** The command in words, as ZeroMQ and shells have it. */
    @Override
    public String toString() {
        return io.goshare.protocol.wire.CommandWords.print(command);
    }
}
