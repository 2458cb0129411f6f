package io.goshare.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random data and questions, held against {@link SlowQuery}. */
class QueryAgainstSlowTest {
    private static final long HOUR = 3_600_000_000_000L;
    private static final SeriesKey KEY = SeriesKey.of(Path.parse("s"));

    private static long nanos(String instant) {
        return Instant.parse(instant).getEpochSecond() * 1_000_000_000L;
    }

    /** Some hundred points over six weeks, written in random order, some of them twice; now and then a long gap. */
    private static MemorySeries series(Random random, long start, int type) {
        MemorySeries series = new MemorySeries();
        List<Long> times = new ArrayList<>();
        long time = start;
        for (int i = 0; i < 300; i++) {
            time += (long)
                            (random.nextInt(20) == 0
                                    ? 3.0 * 24 * HOUR * random.nextDouble()
                                    : 4.0 * HOUR * random.nextDouble())
                    + 1;
            times.add(random.nextInt(10) == 0 ? time / HOUR * HOUR : time);
        }
        times.addAll(times.subList(0, 50));
        java.util.Collections.shuffle(times, random);
        for (long one : times) {
            series.put(KEY, one, value(random, type));
        }
        if (random.nextBoolean()) {
            series.staleAfter.put(KEY, 2 * HOUR);
        }
        return series;
    }

    private static Value value(Random random, int type) {
        String[] states = {"up", "down", "degraded"};
        return switch (type) {
            case 0 -> Value.of((long) random.nextInt(100));
            case 1 -> Value.decimal(random.nextInt(10_000) - 5_000, random.nextInt(3));
            case 2 -> Value.of(random.nextGaussian() * 1e6);
            case 3 -> Value.of(states[random.nextInt(3)]);
            case 4 -> Value.of(random.nextBoolean());
            case 5 -> Value.of((1L << 60) + random.nextInt(5));
            default ->
                random.nextInt(8) == 0
                        ? Value.of("lost")
                        : random.nextBoolean() ? Value.of(random.nextDouble()) : Value.of((long) random.nextInt(50));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"})
    void windowsOverRandomDataAcrossClockChanges(String zoneName) {
        ZoneId zone = ZoneId.of(zoneName);
        Random random = new Random(zoneName.hashCode());
        String[] every = {"1h", "6h", "90m", "1d", "2d", "1w", "1mo", "1q", "1y", "7d"};
        String[] aggregates = {
            "count",
            "first",
            "last",
            "distinct_count",
            "sum",
            "mean",
            "min",
            "max",
            "median",
            "p90",
            "argmax",
            "mode",
            "duration:up",
            "share:down",
            "uptime:true",
            "unknown",
            "transitions",
            "entries:up",
            "twa",
            "increase",
            "rate"
        };
        int rows = 0;
        for (int round = 0; round < 100; round++) {
            // Clocks change in Berlin and on Lord Howe in October and April, in São Paulo in October and February.
            long start = nanos(random.nextBoolean() ? "2014-10-01T00:00:00Z" : "2014-02-01T00:00:00Z")
                    + random.nextInt(100) * HOUR;
            int type = random.nextInt(7);
            MemorySeries series = series(random, start, type);
            long from = start + random.nextInt(60 * 24) * HOUR / 2;
            long to = from + (1 + random.nextInt(40 * 24)) * HOUR + random.nextInt(2);
            long now = random.nextBoolean() ? nanos("2015-06-01T00:00:00Z") : to - random.nextInt(1000) * HOUR;
            String step = every[random.nextInt(every.length)];
            String aggregate = aggregates[random.nextInt(aggregates.length)];
            Command command = Command.of(Verb.QUERY)
                    .with("sel", "s")
                    .with("from", from + "ns")
                    .with("to", to + "ns")
                    .with("tz", zoneName)
                    .with("every", step)
                    .with("agg", aggregate)
                    .with("limit", "1000000");

            Table table = table(series, now, command);

            SlowQuery slow = new SlowQuery(series, KEY, from, to, now);
            List<List<@Nullable Value>> expected = new ArrayList<>();
            for (long[] window : SlowQuery.windows(step, zone, from, to, now)) {
                if (slow.holds(aggregate, window[0], window[1])) {
                    expected.add(java.util.Arrays.asList(
                            Value.of(window[0]), slow.aggregate(aggregate, window[0], window[1])));
                }
            }
            String what = command.printed() + " type " + type + " now " + now;
            assertThat(table.rows().size()).as(what).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(table.rows().get(i)[1])
                        .as(what)
                        .isEqualTo(expected.get(i).get(0));
                assertSame(table.rows().get(i)[2], expected.get(i).get(1), what + " row " + i);
            }
            rows += expected.size();
        }
        assertThat(rows).isGreaterThan(2_000);
    }

    private static Table table(MemorySeries series, long now, Command command) {
        Reply reply = new QueryService(series, () -> now, Budget.Limits.DEFAULT).run(command);
        assertThat(series.open).isZero();
        return ((Result.Rows) reply.result()).table();
    }

    private static void assertSame(@Nullable Value actual, @Nullable Value expected, String what) {
        if (actual == null || expected == null || !expected.kind().isNumber()) {
            assertThat(actual).as(what).isEqualTo(expected);
        } else {
            double wanted = expected.asDouble();
            assertThat(actual.asDouble()).as(what).isCloseTo(wanted, within(Math.abs(wanted) * 1e-12 + 1e-12));
        }
    }

    @Test
    void runsOverRandomData() {
        Random random = new Random(17);
        int rows = 0;
        for (int round = 0; round < 200; round++) {
            long start = nanos("2014-10-01T00:00:00Z");
            MemorySeries series = series(random, start, random.nextInt(6));
            long from = start - 10 * HOUR + random.nextInt(60 * 24) * HOUR / 2;
            long to = from + (1 + random.nextInt(40 * 24)) * HOUR;
            long now = random.nextBoolean() ? nanos("2015-06-01T00:00:00Z") : to - random.nextInt(1000) * HOUR;
            Command command = Command.of(Verb.STATES)
                    .with("sel", "s")
                    .with("from", from + "ns")
                    .with("to", to + "ns");

            List<@Nullable Value[]> actual = table(series, now, command).rows();

            List<Object[]> expected = new SlowQuery(series, KEY, from, to, now).runs();
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                boolean isLast = i == expected.size() - 1;
                long end = (long) expected.get(i)[2];
                assertThat(actual.get(i)[1]).isEqualTo(expected.get(i)[0]);
                assertThat(actual.get(i)[2]).isEqualTo(Value.of((long) expected.get(i)[1]));
                assertThat(actual.get(i)[3]).isEqualTo(isLast && end < to ? null : Value.of(end));
                assertThat(actual.get(i)[4]).isEqualTo(Value.of(isLast));
            }
            rows += expected.size();
        }
        assertThat(rows).isGreaterThan(4_000);
    }

    /**
     * What is told of each value, and what is unknown, is all of the bucket that lies in the range, if anything is told
     * of it.
     */
    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"})
    void durationsAddUpToTheBucket(String zoneName) {
        Random random = new Random(23);
        for (int round = 0; round < 100; round++) {
            long start = nanos("2014-10-01T00:00:00Z");
            MemorySeries series = series(random, start, 3);
            long first = series.points.get(KEY).firstKey();
            long from = first + (random.nextInt(500) - 60) * HOUR;
            long to = from + (1 + random.nextInt(30 * 24)) * HOUR;
            Command command = Command.of(Verb.QUERY)
                    .with("sel", "s")
                    .with("from", from + "ns")
                    .with("to", to + "ns")
                    .with("tz", zoneName)
                    .with("every", "1d")
                    .with("agg", "duration,share,entries");

            List<@Nullable Value[]> rows =
                    table(series, nanos("2016-01-01T00:00:00Z"), command).rows();

            for (long[] window : SlowQuery.windows("1d", ZoneId.of(zoneName), from, to, 0)) {
                List<@Nullable Value[]> bucket = rows.stream()
                        .filter(row -> Objects.equals(row[1], Value.of(window[0])))
                        .toList();
                if (bucket.isEmpty()) {
                    assertThat(window[1]).isLessThanOrEqualTo(first);
                    continue;
                }
                double seconds = (Math.min(window[1], to) - Math.max(window[0], from)) / 1e9;
                assertThat(bucket.stream().mapToDouble(row -> number(row[3])).sum())
                        .isCloseTo(seconds, within(1e-6));
                if (bucket.stream().anyMatch(row -> row[2] != null)) {
                    assertThat(bucket.stream()
                                    .filter(row -> row[2] != null)
                                    .mapToDouble(row -> number(row[4]))
                                    .sum())
                            .isCloseTo(1, within(1e-12));
                }
            }
        }
    }

    private static double number(@Nullable Value value) {
        return Objects.requireNonNull(value).asDouble();
    }
}
