package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.query.Budget;
import io.goshare.server.query.QueryService;
import io.goshare.server.query.StoreReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What chunk headers answer is what their points answer, to the last digit. */
class HeadersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    private static final long START = 1_412_640_000L * SECOND;
    private static final int SPAN_DAYS = 40;
    private static final long SPAN = SPAN_DAYS * 24 * HOUR;
    private static final String[] ZONES = {"UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"};
    private static final String[] EVERY = {"6h", "12h", "1d", "1w", "1mo", "13h", "2d"};
    private static final List<String> TOLD = List.of(
            "count",
            "sum",
            "mean",
            "min",
            "max",
            "range",
            "first",
            "last",
            "any",
            "t_first",
            "t_last",
            "increase",
            "rate");
    private static final Pattern READ = Pattern.compile("points=(\\d+) headers=(\\d+)");

    private final Random random = new Random(31);

    private List<LongFunction<Value>> shapes() {
        return List.of(
                i -> Value.of((long) random.nextInt(100)),
                i -> Value.of(random.nextInt(40) == 0 ? random.nextLong() : i),
                i -> Value.decimal(5_000 + random.nextInt(200), 2),
                i -> Value.decimal(random.nextInt(90_000) - 45_000, random.nextInt(4)),
                i -> random.nextBoolean() ? Value.of((long) random.nextInt(9)) : Value.decimal(random.nextInt(90), 1),
                i -> Value.of(random.nextGaussian()),
                i -> Value.of(random.nextInt(3) == 0 ? "down" : "up"),
                i -> Value.of(random.nextBoolean()),
                i -> Value.of("x".repeat(random.nextInt(100))),
                i -> random.nextInt(9) == 0 ? Value.of("lost") : Value.of(random.nextInt(50) - 25L),
                i -> random.nextInt(9) == 0 ? Value.of(Double.NaN) : Value.decimal(random.nextInt(50), 1),
                i -> Value.of(i % 5_000 * 1_500 + random.nextInt(1_500)),
                i -> Value.of((1L << 60) + i - random.nextInt(2)),
                i -> Value.decimal(random.nextInt(999), random.nextInt(4)));
    }

    private OpenStore filled() {
        OpenStore store = OpenStore.inMemory(OpenStore.BY_HAND);
        List<LongFunction<Value>> shapes = shapes();
        for (int part = 0; part < 4; part++) {
            PointBatch.Builder batch = new PointBatch.Builder();
            for (int series = 0; series < shapes.size(); series++) {
                long step = (30 + series) * SECOND;
                long from = START + part * SPAN / 4;
                for (long time = from; time < from + SPAN / 4; time += step) {
                    batch.add(
                            OpenStore.key("s:" + series),
                            time,
                            shapes.get(series).apply(time / step));
                }
            }
            store.write(batch.build());
            if (part > 0) {
                disturb(store, shapes, part);
            }
            if (part < 3) {
                store.series.checkpoint();
            }
        }
        return store;
    }

    /** Late points, the same times again and erases. */
    private void disturb(OpenStore store, List<LongFunction<Value>> shapes, int part) {
        PointBatch.Builder late = new PointBatch.Builder();
        for (int i = 0; i < 12; i++) {
            int series = random.nextInt(shapes.size());
            long time = START + Math.floorMod(random.nextLong(), part * SPAN / 4);
            for (int j = random.nextInt(5); j >= 0; j--) {
                long at = random.nextBoolean() ? time + j * SECOND : time / (30 * SECOND) * 30 * SECOND;
                late.add(OpenStore.key("s:" + series), at, shapes.get(series).apply(i));
            }
        }
        store.write(late.build());
        for (int i = 0; i < 3; i++) {
            long time = START + Math.floorMod(random.nextLong(), part * SPAN / 4);
            store.commit(store.series.erase(
                    SeriesFilter.of(OpenStore.key("s:" + random.nextInt(shapes.size()))),
                    new TimeRange(time, time + random.nextInt(90_000) * SECOND)));
        }
    }

    private Command question() {
        List<String> aggregates = new ArrayList<>(TOLD);
        Collections.shuffle(aggregates, random);
        aggregates = aggregates.subList(0, 1 + random.nextInt(3));
        boolean reduced = random.nextInt(4) == 0 && !aggregates.get(0).startsWith("t_");
        aggregates = reduced ? aggregates.subList(0, 1) : aggregates;
        long from = START + (random.nextInt(SPAN_DAYS * 24) - 48) * HOUR + random.nextInt(3);
        Command command = Command.of(Verb.QUERY)
                .with("sel", random.nextBoolean() ? "s:*" : "s:" + random.nextInt(14))
                .with("agg", String.join(",", aggregates))
                .with("limit", "100000")
                .with("explain", "true");
        if (random.nextInt(5) > 0) {
            command = command.with("tz", ZONES[random.nextInt(ZONES.length)])
                    .with("every", EVERY[random.nextInt(EVERY.length)]);
            command = random.nextInt(4) == 0 ? command.with("label", "end") : command;
        }
        if (random.nextInt(3) > 0) {
            command = command.with("from", from + "ns")
                    .with("to", from + (1 + random.nextInt(SPAN_DAYS * 24)) * HOUR + "ns");
            command = random.nextInt(3) == 0 && command.has(Param.EVERY) ? command.with("fill", "null") : command;
        }
        return reduced ? command.with("reduce", "last") : command;
    }

    @Test
    void headersTellWhatThePointsTell() {
        try (OpenStore store = filled();
                QueryService byHeaders = new QueryService(
                        new StoreReader(store.series), () -> START + 90 * 24 * HOUR, Budget.Limits.DEFAULT);
                QueryService byPoints = new QueryService(
                        new PointReader(new StoreReader(store.series)),
                        () -> START + 90 * 24 * HOUR,
                        Budget.Limits.DEFAULT)) {
            long headers = 0;
            for (int round = 0; round < 200; round++) {
                if (round == 150) {
                    clip(store);
                }
                Command command = question();

                Reply told = byHeaders.run(command);
                Reply read = byPoints.run(command);

                String what = command.printed().toString();
                assertThat(rows(told)).as(what).isEqualTo(rows(read));
                assertThat(told.notes().get("skipped"))
                        .as(what)
                        .isEqualTo(read.notes().get("skipped"));
                assertThat(explained(read, 2)).isZero();
                assertThat(explained(told, 1)).isLessThanOrEqualTo(explained(read, 1));
                headers += explained(told, 2);
            }
            assertThat(headers).isGreaterThan(2_000);
        }
    }

    /** Retention that cuts chunks: of some series the point before what it takes is kept. */
    private static void clip(OpenStore store) {
        long keep = SPAN - 9 * 24 * HOUR - 17;
        store.series.clip(
                List.of(
                        new RetentionRule(SeriesFilter.all(), true, keep, false),
                        new RetentionRule(SeriesFilter.of(OpenStore.key("s:11")), false, keep, true)),
                () -> START + SPAN);
    }

    private static long explained(Reply reply, int group) {
        Matcher read = READ.matcher(reply.notes().getOrDefault("explain", ""));
        assertThat(read.find()).isTrue();
        return Long.parseLong(read.group(group));
    }

    private static List<List<String>> rows(Reply reply) {
        return ((Result.Rows) reply.result())
                .table().rows().stream()
                        .map(row -> java.util.Arrays.stream(row)
                                .map(String::valueOf)
                                .toList())
                        .toList();
    }

    @Test
    void aSmallLimitReadsLittle() {
        try (OpenStore store = filled();
                QueryService queries = new QueryService(
                        new StoreReader(store.series), () -> START + 90 * 24 * HOUR, Budget.Limits.DEFAULT)) {
            for (int series = 0; series < 11; series++) {
                for (String order : List.of("asc", "desc")) {
                    String from = START + random.nextInt(SPAN_DAYS * 24) * HOUR + "ns";
                    Command asked = Command.of(Verb.QUERY)
                            .with("sel", "s:" + series)
                            .with("order", order)
                            .with(order.equals("asc") ? "from" : "to", from)
                            .with("explain", "true");

                    Reply some = queries.run(asked.with("limit", "10"));
                    Reply all = queries.run(asked.with("limit", "1000000"));

                    assertThat(points(some))
                            .isEqualTo(points(all).subList(0, points(some).size()));
                    assertThat(points(some)).hasSize(Math.min(10, points(all).size()));
                    assertThat(explained(some, 1)).isLessThan(8_000);
                }
            }
        }
    }

    @Test
    void whatDoesNotFitMemoryIsRefusedBeforeItIsThere() {
        try (OpenStore store = OpenStore.inMemory(OpenStore.BY_HAND.withReadBytes(100_000));
                QueryService queries = new QueryService(
                        new StoreReader(store.series), () -> START + 90 * 24 * HOUR, Budget.Limits.DEFAULT)) {
            PointBatch.Builder batch = new PointBatch.Builder();
            for (int i = 0; i < 20_000; i++) {
                batch.add(OpenStore.key("a"), START + i * SECOND, Value.of(i % 100L));
            }
            store.write(batch.build());
            store.series.checkpoint();
            Command asked = Command.of(Verb.QUERY).with("sel", "a");

            assertThatThrownBy(() -> queries.run(asked.with("agg", "median")))
                    .hasMessageContaining("a has more points in the range than may be read at once");

            assertThat(rows(queries.run(asked.with("agg", "count"))).toString()).contains("20000");
            assertThat(points(queries.run(asked.with("limit", "10")))).hasSize(10);
        }
    }

    private static List<String> points(Reply reply) {
        PointBatch batch = ((Result.Points) reply.result()).batch();
        List<String> points = new ArrayList<>();
        for (int i = 0; i < batch.rows(); i++) {
            points.add(batch.times()[i] + " " + batch.value(i));
        }
        return points;
    }

    @Test
    void aDayOfManyPointsIsTakenFromHeaders() {
        try (OpenStore store = OpenStore.inMemory(OpenStore.BY_HAND);
                QueryService queries = new QueryService(
                        new StoreReader(store.series), () -> START + 90 * 24 * HOUR, Budget.Limits.DEFAULT)) {
            PointBatch.Builder batch = new PointBatch.Builder();
            for (int i = 0; i < 100_000; i++) {
                batch.add(OpenStore.key("a"), START + i * SECOND, Value.of(i % 100L));
            }
            store.write(batch.build());
            store.series.checkpoint();

            Reply reply = queries.run(Command.of(Verb.QUERY)
                    .with("sel", "a")
                    .with("agg", "sum,mean,min,max,count")
                    .with("explain", "true"));

            assertThat(rows(reply))
                    .hasSize(1)
                    .allSatisfy(row -> assertThat(row.toString()).contains("4950000, 49.5, 0, 99, 100000"));
            assertThat(explained(reply, 1)).isLessThan(2_000);
            assertThat(explained(reply, 2)).isGreaterThan(97);
        }
    }

    @Test
    void growthHasTheDigitsOfTheFirstNumberToo() {
        try (OpenStore store = OpenStore.inMemory(OpenStore.BY_HAND);
                QueryService queries = new QueryService(
                        new StoreReader(store.series), () -> START + 90 * 24 * HOUR, Budget.Limits.DEFAULT)) {
            PointBatch.Builder batch = new PointBatch.Builder();
            batch.add(OpenStore.key("a"), START, Value.decimal(99_999, 3));
            for (int i = 1; i < 5_000; i++) {
                batch.add(OpenStore.key("a"), START + i * SECOND, Value.decimal(i % 100L, 1));
            }
            store.write(batch.build());
            store.series.checkpoint();
            Command asked = Command.of(Verb.QUERY).with("sel", "a").with("explain", "true");

            Reply told = queries.run(asked.with("agg", "increase"));
            Reply read = queries.run(asked.with("agg", "increase,median"));

            assertThat(rows(told)).singleElement().asString().endsWith(", 495.000]");
            assertThat(rows(read)).singleElement().asString().contains(", 495.000, ");
            assertThat(explained(told, 2)).isGreaterThan(3);
        }
    }
}
