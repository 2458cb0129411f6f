package io.goshare.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conditions, joins, transforms and the census over random data, held against their definitions: what is true at an
 * instant is looked up point by point, and time is cut at each instant at which anything could change.
 */
class ClausesAgainstSlowTest {
    private static final long MINUTE = 60_000_000_000L;
    private static final long START = Instant.parse("2014-10-25T00:00:00Z").getEpochSecond() * 1_000_000_000L;
    private static final String[] STATES = {"up", "down", "degraded"};

    private final Random random = new Random(99);
    private MemorySeries series = new MemorySeries();

    private static SeriesKey key(String path) {
        return SeriesKey.of(Path.parse(path));
    }

    /**
     * Three states and a number; late, on the same instants now and then, with gaps, some of them stale after a while.
     */
    private void fill() {
        series = new MemorySeries();
        for (String path : List.of("n:a:s", "n:b:s", "n:c:s", "n:a:x", "n:b:x")) {
            long time = START + random.nextInt(600) * MINUTE;
            for (int i = random.nextInt(60); i >= 0; i--) {
                time += (1 + random.nextInt(random.nextInt(10) == 0 ? 2_000 : 120)) * MINUTE;
                Value number = random.nextBoolean()
                        ? Value.of((long) random.nextInt(100))
                        : Value.decimal(random.nextInt(10_000) - 2_000, 2);
                series.put(
                        key(path),
                        time,
                        path.endsWith("s") || random.nextInt(12) == 0 ? Value.of(STATES[random.nextInt(3)]) : number);
            }
            if (random.nextInt(3) == 0) {
                series.staleAfter.put(key(path), (30 + random.nextInt(300)) * MINUTE);
            }
        }
    }

    private @Nullable Value valueAt(SeriesKey key, long time) {
        Map.Entry<Long, Value> entry = series.points.get(key).floorEntry(time);
        boolean known = entry != null && (time - entry.getKey() < series.stale(key));
        return known ? entry.getValue() : null;
    }

    /** What a condition is at an instant; null: unknown. */
    private interface At {
        @Nullable
        Boolean at(long time);
    }

    private record Asked(String text, At at) {}

    private Asked atom() {
        String path = List.of("n:a:s", "n:b:s", "n:c:s", "n:a:x").get(random.nextInt(4));
        String state = STATES[random.nextInt(3)];
        return switch (random.nextInt(6)) {
            case 0 ->
                new Asked(path + "!=" + state, of(path, value -> !value.asText().equals(state)));
            case 1 -> new Asked(path + ">40", of(path, value -> value.kind().isNumber() && value.asDouble() > 40));
            case 2 -> new Asked(path + "~^d", of(path, value -> value.asText().startsWith("d")));
            case 3 -> quantified("all", 3, state);
            case 4 -> quantified("overlap:2", 2, state);
            default ->
                new Asked(path + "=" + state, of(path, value -> value.asText().equals(state)));
        };
    }

    private Asked quantified(String word, int least, String state) {
        return new Asked(word + " n:*:s=" + state, time -> {
            int yes = 0;
            int unknown = 0;
            for (String path : List.of("n:a:s", "n:b:s", "n:c:s")) {
                Value value = valueAt(key(path), time);
                yes += value != null && value.asText().equals(state) ? 1 : 0;
                unknown += value == null ? 1 : 0;
            }
            return yes >= least ? Boolean.TRUE : yes + unknown >= least ? null : Boolean.FALSE;
        });
    }

    private At of(String path, java.util.function.Predicate<Value> predicate) {
        return time -> {
            Value value = valueAt(key(path), time);
            return value == null ? null : predicate.test(value);
        };
    }

    private Asked condition(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        if (kind == 0) {
            return atom();
        }
        Asked left = condition(depth - 1);
        if (kind == 1) {
            return new Asked("not ( " + left.text + " )", time -> {
                Boolean is = left.at.at(time);
                return is == null ? null : !is;
            });
        }
        Asked right = condition(depth - 1);
        Boolean decides = kind == 2 ? Boolean.FALSE : Boolean.TRUE;
        return new Asked("( " + left.text + (kind == 2 ? " and " : " or ") + right.text + " )", time -> {
            Boolean a = left.at.at(time);
            Boolean b = right.at.at(time);
            if (decides.equals(a) || decides.equals(b)) {
                return decides;
            }
            return a == null || b == null ? null : (Boolean) !decides;
        });
    }

    /** Each instant of {@code [from, to)} at which anything could change, and both ends. */
    private List<Long> cuts(long from, long to) {
        TreeSet<Long> cuts = new TreeSet<>(List.of(from, to));
        series.points.forEach((key, points) -> points.keySet().forEach(time -> {
            cuts.add(time);
            if (series.stale(key) != Long.MAX_VALUE) {
                cuts.add(time + series.stale(key));
            }
        }));
        return new ArrayList<>(cuts.subSet(from, true, to, true));
    }

    private static Table table(Reply reply) {
        return ((Result.Rows) reply.result()).table();
    }

    private Reply run(long now, Command command) {
        Reply reply = new QueryService(series, () -> now, Budget.Limits.DEFAULT).run(command);
        assertThat(series.open).isZero();
        return reply;
    }

    private static Command range(Command command, long from, long to) {
        return command.with("from", from + "ns").with("to", to + "ns");
    }

    private static long time(@Nullable Value value) {
        return Objects.requireNonNull(value).word();
    }

    @Test
    void conditionsAreWhatTheyAreAtEachInstant() {
        int rows = 0;
        for (int round = 0; round < 120; round++) {
            fill();
            long from = START + random.nextInt(3_000) * MINUTE;
            long to = from + (1 + random.nextInt(5_000)) * MINUTE;
            Asked asked = condition(3);

            List<@Nullable Value[]> actual = table(run(
                            START + 90_000 * MINUTE,
                            range(Command.of(Verb.STATES).with("when", asked.text), from, to)))
                    .rows();

            List<Object[]> expected = new ArrayList<>();
            List<Long> cuts = cuts(from, to);
            for (int i = 0; i + 1 < cuts.size(); i++) {
                Boolean is = asked.at.at(cuts.get(i));
                Object[] last = expected.isEmpty() ? null : expected.get(expected.size() - 1);
                if (last != null && Objects.equals(last[0], is)) {
                    last[2] = cuts.get(i + 1);
                } else if (is != null && isBegun(asked.text, cuts.get(i)) || last != null) {
                    expected.add(new Object[] {is, cuts.get(i), cuts.get(i + 1)});
                }
            }
            String what = asked.text + " " + from + " " + to;
            assertThat(actual.size()).as(what).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                Value value = actual.get(i)[1];
                assertThat(value == null ? null : (Object) (value.word() == 1))
                        .as(what)
                        .isEqualTo(expected.get(i)[0]);
                assertThat(time(actual.get(i)[2])).as(what).isEqualTo(expected.get(i)[1]);
                assertThat(time(actual.get(i)[3])).as(what).isEqualTo(expected.get(i)[2]);
            }
            rows += expected.size();
        }
        assertThat(rows).isGreaterThan(600);
    }

    /** Nothing is told before the first point of all series named. */
    private boolean isBegun(String text, long time) {
        return series.points.entrySet().stream()
                .filter(entry -> text.contains(entry.getKey().toString())
                        || text.contains("n:*:s") && entry.getKey().toString().endsWith(":s"))
                .anyMatch(entry -> entry.getValue().firstKey() <= time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"})
    void whileRestrictsPointsAndRuns(String zone) {
        int told = 0;
        for (int round = 0; round < 60; round++) {
            fill();
            long from = START + random.nextInt(3_000) * MINUTE;
            long to = from + (1 + random.nextInt(8_000)) * MINUTE;
            Asked asked = condition(2);
            String every = List.of("1d", "6h", "1w").get(random.nextInt(3));
            Command command = range(Command.of(Verb.QUERY), from, to)
                    .with("sel", "n:a:s")
                    .with("while", asked.text)
                    .with("tz", zone)
                    .with("every", every)
                    .with("agg", "count,duration:up,share:down,unknown,entries:up");

            List<@Nullable Value[]> actual =
                    table(run(START + 90_000 * MINUTE, command)).rows();

            NavigableMap<Long, @Nullable Value[]> byTime = new TreeMap<>();
            actual.forEach(row -> byTime.put(time(row[1]), row));
            NavigableMap<Long, Value> points = series.points.get(key("n:a:s"));
            for (long[] window : SlowQuery.windows(every, ZoneId.of(zone), from, to, START + 90_000 * MINUTE)) {
                long first = Math.max(from, window[0]);
                long last = Math.min(to, window[1]);
                List<Long> inside = points.subMap(first, last).keySet().stream()
                        .filter(time -> Boolean.TRUE.equals(asked.at.at(time)))
                        .toList();
                long up = 0;
                long down = 0;
                long known = 0;
                long unknown = 0;
                List<Long> cuts = cuts(first, last);
                for (int i = 0; i + 1 < cuts.size(); i++) {
                    long nanos = cuts.get(i + 1) - cuts.get(i);
                    if (Boolean.TRUE.equals(asked.at.at(cuts.get(i)))) {
                        Value value = valueAt(key("n:a:s"), cuts.get(i));
                        known += value == null ? 0 : nanos;
                        unknown += value == null && points.floorKey(cuts.get(i)) != null ? nanos : 0;
                        up += value != null && value.asText().equals("up") ? nanos : 0;
                        down += value != null && value.asText().equals("down") ? nanos : 0;
                    }
                }
                long entries = inside.stream()
                        .filter(time -> Objects.requireNonNull(points.get(time))
                                        .asText()
                                        .equals("up")
                                && (points.lowerEntry(time) == null
                                        || !points.lowerEntry(time)
                                                .getValue()
                                                .asText()
                                                .equals("up")))
                        .count();
                @Nullable Value[] row = byTime.remove(window[0]);
                String what = asked.text + " " + command.printed() + " " + window[0];
                assertThat(row != null).as(what).isEqualTo(!inside.isEmpty() || known + unknown > 0);
                if (row != null) {
                    assertThat(row[2]).as(what).isEqualTo(Value.of((long) inside.size()));
                    assertThat(row[3]).as(what).isEqualTo(known == 0 ? null : Stepped.seconds(up));
                    assertThat(row[4]).as(what).isEqualTo(known == 0 ? null : Value.of((double) down / known));
                    assertThat(row[5]).as(what).isEqualTo(Stepped.seconds(unknown));
                    assertThat(row[6]).as(what).isEqualTo(Value.of(entries));
                    told++;
                }
            }
            assertThat(byTime).isEmpty();
        }
        assertThat(told).isGreaterThan(120);
    }

    @Test
    void theCensusCountsAtEachInstant() {
        int rows = 0;
        for (int round = 0; round < 80; round++) {
            fill();
            long from = START + random.nextInt(3_000) * MINUTE;
            long to = from + (1 + random.nextInt(5_000)) * MINUTE;

            List<@Nullable Value[]> actual = table(run(
                            START + 90_000 * MINUTE,
                            range(Command.of(Verb.CENSUS).with("sel", "n:*:s"), from, to)))
                    .rows();

            Map<Object, NavigableMap<Long, Long>> steps = new java.util.HashMap<>();
            actual.forEach(row -> steps.computeIfAbsent(row[1] == null ? "" : row[1].asText(), value -> new TreeMap<>())
                    .put(time(row[0]), Objects.requireNonNull(row[2]).word()));
            List<Long> cuts = cuts(from, to);
            for (long cut : cuts.subList(0, cuts.size() - 1)) {
                for (String state : List.of("up", "down", "degraded", "")) {
                    long count = Stream.of("n:a:s", "n:b:s", "n:c:s")
                            .filter(path -> {
                                Value value = valueAt(key(path), cut);
                                boolean begun = series.points.get(key(path)).firstKey() <= cut;
                                return begun && (value == null ? "" : value.asText()).equals(state);
                            })
                            .count();
                    Map.Entry<Long, Long> step =
                            steps.getOrDefault(state, new TreeMap<>()).floorEntry(cut);
                    assertThat(step == null ? 0 : step.getValue()).isEqualTo(count);
                }
            }
            steps.values().forEach(counts -> {
                List<Long> all = new ArrayList<>(counts.values());
                for (int i = 1; i < all.size(); i++) {
                    assertThat(all.get(i)).isNotEqualTo(all.get(i - 1));
                }
            });
            rows += actual.size();
        }
        assertThat(rows).isGreaterThan(600);
    }

    @Test
    void joinsFindWhatAPersonWouldFind() {
        int matches = 0;
        for (int round = 0; round < 120; round++) {
            fill();
            long from = START + random.nextInt(3_000) * MINUTE;
            long to = from + (1 + random.nextInt(5_000)) * MINUTE;
            String join = List.of("asof", "lt", "nearest").get(random.nextInt(3));
            long tolerance = (1 + random.nextInt(300)) * MINUTE;
            Command command = range(Command.of(Verb.QUERY), from, to)
                    .with("sel", "n:@h:s")
                    .with("join", join)
                    .with("with", "n:@h:x")
                    .with("tolerance", tolerance + "ns");

            List<@Nullable Value[]> actual =
                    table(run(START + 90_000 * MINUTE, command)).rows();

            int at = 0;
            for (String host : List.of("a", "b", "c")) {
                NavigableMap<Long, Value> others = series.points.getOrDefault(key("n:" + host + ":x"), new TreeMap<>());
                long stale = series.stale(key("n:" + host + ":x"));
                for (long time : series.points
                        .get(key("n:" + host + ":s"))
                        .subMap(from, to)
                        .keySet()) {
                    Long match = null;
                    for (long other : others.keySet()) {
                        boolean fits = Math.abs(other - time) <= tolerance
                                && (other > time || time - other < stale)
                                && !(join.equals("asof") && other > time)
                                && !(join.equals("lt") && other >= time)
                                && (other > time
                                        || others.higherKey(other) == null
                                        || others.higherKey(other) > time
                                        || join.equals("lt") && others.higherKey(other) == time);
                        match = fits && (match == null || Math.abs(other - time) < Math.abs(match - time))
                                ? (Long) other
                                : match;
                    }
                    @Nullable Value[] row = actual.get(at++);
                    assertThat(time(row[2])).isEqualTo(time);
                    assertThat(row[5])
                            .as(command.printed() + " " + time)
                            .isEqualTo(match == null ? null : Value.of(match));
                    assertThat(row[6]).isEqualTo(match == null ? null : others.get(match));
                    matches += match == null ? 0 : 1;
                }
            }
            assertThat(actual).hasSize(at);
        }
        assertThat(matches).isGreaterThan(400);
    }

    @Test
    void transformsAreWhatTheArithmeticSays() {
        int rows = 0;
        for (int round = 0; round < 120; round++) {
            fill();
            NavigableMap<Long, Value> points = series.points.get(key("n:a:x"));
            long from = START + random.nextInt(3_000) * MINUTE;
            long to = from + (1 + random.nextInt(9_000)) * MINUTE;
            String fn = List.of("delta", "increase", "rate", "derivative", "abs", "scale:2.5", "offset:-0.25", "cumsum")
                    .get(random.nextInt(8));
            Command command =
                    range(Command.of(Verb.QUERY), from, to).with("sel", "n:a:x").with("fn", fn);

            PointBatch actual =
                    ((Result.Points) run(START + 90_000 * MINUTE, command).result()).batch();

            int at = 0;
            BigDecimal sum = BigDecimal.ZERO;
            Long head = points.lowerKey(from);
            Map.Entry<Long, Value> before =
                    head == null || !points.get(head).kind().isNumber() ? null : points.floorEntry(head);
            for (Map.Entry<Long, Value> point : points.subMap(from, to).entrySet()) {
                if (!point.getValue().kind().isNumber()) {
                    continue;
                }
                BigDecimal value = exact(point.getValue());
                sum = sum.add(value);
                BigDecimal step = before == null ? null : value.subtract(exact(before.getValue()));
                BigDecimal grown = step != null && step.signum() < 0 ? value : step;
                double seconds = before == null ? 1 : (point.getKey() - before.getKey()) / 1e9;
                before = point;
                Double expected = switch (fn) {
                    case "delta" -> step == null ? null : (Double) step.doubleValue();
                    case "increase" -> step == null ? null : (Double) grown.doubleValue();
                    case "rate" -> step == null ? null : (Double) (grown.doubleValue() / seconds);
                    case "derivative" -> step == null ? null : (Double) (step.doubleValue() / seconds);
                    case "abs" -> (Double) value.abs().doubleValue();
                    case "scale:2.5" -> (Double) (value.doubleValue() * 2.5);
                    case "offset:-0.25" ->
                        (Double) value.subtract(new BigDecimal("0.25")).doubleValue();
                    default -> (Double) sum.doubleValue();
                };
                if (expected != null) {
                    assertThat(actual.times()[at]).isEqualTo(point.getKey());
                    assertThat(actual.value(at++).asDouble())
                            .as(fn + " " + point)
                            .isCloseTo(expected, within(Math.abs(expected) * 1e-12));
                }
            }
            assertThat(actual.rows()).isEqualTo(at);
            rows += at;
        }
        assertThat(rows).isGreaterThan(400);
    }

    private static BigDecimal exact(Value value) {
        return BigDecimal.valueOf(value.word(), value.scale());
    }
}
