package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.StoreReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queries give the same answers from summaries as from points, whatever happened; the seed of a failure is told. */
class RollupTest {
    private static final int SEQUENCES = Integer.getInteger("goshare.rollup.sequences", 20);
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** 2025-03-28: clocks change in Berlin two days later. */
    private static final long START = 1_743_120_000L * SECOND;

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String place) {
            super(place, null, false, false);
        }
    }

    private String crashAt = "";
    private OpenStore store = store(PeriodLength.DAY);
    private long now = START + 10 * DAY + DAY / 2;
    private final Answers answers = new Answers();

    private OpenStore store(PeriodLength length) {
        return OpenStore.inMemory(OpenStore.BY_HAND.withPeriod(length).withFailPoints(place -> {
            if (place.equals(crashAt)) {
                crashAt = "";
                throw new Crash(place);
            }
        }));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static RollupRule rule(int number, String selector, long every, long keep) {
        return new RollupRule(number, new SelectorFilter(Selector.parse(selector)), every, keep);
    }

    private void rules(RollupRule... rules) {
        store.series.rollups(List.of(rules), StoreReader.summariser());
    }

    private void sameAnswer(String words) {
        assertThat(answers.of(store.series, words, now))
                .as(words)
                .isEqualTo(answers.ofPoints(store.series, words, now));
    }

    @Test
    void answersAreThoseOfThePointsWhateverHappens() {
        long seed = Long.getLong("goshare.rollup.seed", System.nanoTime());
        System.out.println("rollup model: seed " + seed);
        for (int i = 0; i < SEQUENCES; i++) {
            store.close();
            try {
                happen(new Random(seed + i));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("sequence of seed " + (seed + i), e);
            }
        }
        assertThat(answers.rollupsRead()).isGreaterThan(SEQUENCES * 100L);
    }

    @Test
    void whatCouldDifferIsReadFromThePoints() {
        rules(rule(1, "**", HOUR, DAY));
        long exact = 1L << 53;
        points("integers", Value.of(exact), Value.of(0x1p53), Value.of(exact + 1), Value.of(exact));
        points("floats", Value.of(-1.0), Value.of(1e300), Value.of(1.0), Value.of(1e-300), Value.of(-1e300));
        store.series.checkpoint();

        store.retain(List.of(), now);

        sameAnswer("query sel=integers agg=max");
        sameAnswer("query sel=floats agg=sum");
        assertThat(answers.rollupsRead()).isEqualTo(2);
    }

    @Test
    void whatWasErasedIsNotWhatHeldBefore() {
        rules(rule(1, "**", HOUR, DAY));
        points("s:text", Value.of("up"), Value.of("down"));
        store.series.checkpoint();
        store.retain(List.of(), now);
        String words = "query sel=s:text from=" + (START + 3 * HOUR) + "ns to=" + (START + 6 * HOUR)
                + "ns every=1h agg=duration";
        sameAnswer("query sel=s:text every=1h agg=duration");
        assertThat(answers.rollupsRead()).isPositive();

        store.commit(
                store.series.erase(SeriesFilter.of(OpenStore.key("s:text")), new TimeRange(START, START + 2 * HOUR)));
        store.write(new PointBatch.Builder()
                .add(OpenStore.key("s:text"), START + 5 * HOUR, Value.of("degraded"))
                .build());

        sameAnswer(words);
        store.series.checkpoint();
        sameAnswer(words);
    }

    /** The first in an hour of its own, the others together in the next. */
    private void points(String name, Value... values) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < values.length; i++) {
            batch.add(OpenStore.key(name), START + (i == 0 ? 0 : HOUR + i * MINUTE), values[i]);
        }
        store.write(batch.build());
    }

    private static final List<String> NAMES =
            List.of("n:int", "n:decimal", "n:float", "n:mixed", "n:large", "s:text", "s:stale", "s:bool", "s:level");

    private static Value value(Random random, String name) {
        return switch (name) {
            case "n:int" -> Value.of(random.nextInt(100) - 20L);
            case "n:decimal" -> Value.decimal(random.nextInt(10_000), random.nextInt(4));
            case "n:float" ->
                Value.of(random.nextGaussian() * Math.pow(10, random.nextInt(random.nextInt(10) == 0 ? 30 : 9)));
            case "n:mixed" ->
                switch (random.nextInt(6)) {
                    case 0 -> Value.of("lost" + random.nextInt(3));
                    case 1 -> Value.of(Double.NaN);
                    case 2 -> Value.of(random.nextBoolean());
                    case 3 -> Value.of(random.nextDouble());
                    default -> Value.of(random.nextInt(5));
                };
            case "n:large" ->
                random.nextInt(4) == 0
                        ? Value.of(0x1p53 * random.nextInt(2))
                        : Value.of((1L << 53) - 1 + random.nextInt(4));
            case "s:bool" -> Value.of(random.nextInt(5) == 0);
            case "s:level" -> Value.of(random.nextInt(3));
            default -> Value.of(List.of("up", "up", "up", "down", "degraded").get(random.nextInt(5)));
        };
    }

    private void happen(Random random) {
        store = store(random.nextBoolean() ? PeriodLength.DAY : PeriodLength.MONTH);
        now = START + DAY / 2;
        List<RollupRule> rules = new ArrayList<>(List.of(
                rule(1, "**", (1 + random.nextInt(2)) * HOUR, DAY),
                rule(2, "n:**", 15 * MINUTE, RollupRule.FOR_EVER),
                rule(3, "**", DAY, RollupRule.FOR_EVER)));
        rules.remove(random.nextInt(4) == 0 ? 0 : 2);
        int number = 4;
        rules(rules.toArray(RollupRule[]::new));
        Map<String, Long> ends = new TreeMap<>();
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> write(random, ends);
                case 4, 5 -> store.series.checkpoint();
                case 6, 7, 8 -> upkeep(random);
                case 9 -> {
                    long from = START + random.nextInt(80) * HOUR;
                    TimeRange range = new TimeRange(from, from + 1 + random.nextInt(3 * 60) * MINUTE);
                    SeriesFilter filter = SeriesFilter.of(OpenStore.key(pick(random)));
                    store.commit(
                            random.nextInt(4) == 0 ? store.series.drop(filter) : store.series.erase(filter, range));
                }
                case 10 -> {
                    store.reopen();
                    rules(rules.toArray(RollupRule[]::new));
                }
                default -> {
                    if (random.nextBoolean()) {
                        long every = List.of(HOUR, 15 * MINUTE, 2 * HOUR).get(random.nextInt(3));
                        rules.set(0, rule(number++, random.nextBoolean() ? "**" : "s:*", every, DAY));
                        rules(rules.toArray(RollupRule[]::new));
                    } else {
                        settings(random);
                    }
                }
            }
            now += random.nextInt(4) * HOUR + random.nextInt(60) * MINUTE;
            for (int i = 0; i < 4; i++) {
                sameAnswer(question(random));
            }
        }
    }

    private void settings(Random random) {
        SeriesSettings settings = new SeriesSettings(
                SeriesKind.STATE,
                "",
                Optional.empty(),
                random.nextInt(3) == 0,
                random.nextBoolean() ? SeriesSettings.NEVER_STALE : (1 + random.nextInt(60)) * MINUTE);
        store.commit(store.series.settings(
                SeriesFilter.of(OpenStore.key(random.nextBoolean() ? "s:stale" : "s:level")), settings));
    }

    private void upkeep(Random random) {
        if (random.nextInt(4) == 0) {
            crashAt = List.of("rollup.made", "rollup.done", "rollup.renewed", "checkpoint.data", "checkpoint.batch")
                    .get(random.nextInt(5));
        }
        List<RollupRule> rules = store.series.rollups.rules();
        try {
            store.retain(List.of(), now);
            crashAt = "";
        } catch (Crash e) {
            store.crash();
            rules(rules.toArray(RollupRule[]::new));
        }
    }

    private static String pick(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private void write(Random random, Map<String, Long> ends) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                boolean isLate = random.nextInt(4) == 0;
                long time = isLate ? START + random.nextInt(72 * 60) * MINUTE : ends.getOrDefault(name, START);
                long step = (1 + random.nextInt(40)) * MINUTE / (random.nextInt(10) == 0 ? 60 : 1);
                int count = random.nextInt(isLate ? 10 : 100);
                for (int i = 0; i < count && time < now; i++) {
                    batch.add(OpenStore.key(name), time, value(random, name));
                    time += random.nextInt(3) == 0 ? 1 + (long) (random.nextDouble() * 2 * step) : step;
                }
                ends.merge(name, time, Math::max);
            }
        }
        PointBatch built = batch.build();
        if (built.rows() > 0) {
            store.write(built);
        }
    }

    private String question(Random random) {
        long from = START + random.nextInt(96) * HOUR + (random.nextInt(3) == 0 ? random.nextInt(3600) * SECOND : 0);
        long to = from + (1 + random.nextInt(72)) * HOUR + (random.nextInt(3) == 0 ? random.nextInt(3600) * SECOND : 0);
        String sel = random.nextInt(3) == 0 ? "s:*" : random.nextInt(3) == 0 ? "n:*" : pick(random);
        String range = random.nextInt(5) == 0 ? "" : " from=" + from + "ns to=" + to + "ns";
        String tz = " tz="
                + List.of("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe")
                        .get(random.nextInt(4));
        String every = List.of(" every=1h", " every=6h", " every=1d", " every=90m", " every=1w", "")
                .get(random.nextInt(6));
        return switch (random.nextInt(8)) {
            case 0 -> "states sel=" + sel + range + tz;
            case 1 -> "census sel=s:*" + range + tz + every;
            case 2 -> "query sel=" + sel + range + tz + every + " agg=" + list(random, "duration", "share", "entries");
            case 3 ->
                "query sel="
                        + sel
                        + range
                        + tz
                        + every
                        + " agg="
                        + list(
                                random,
                                "duration:down",
                                "uptime",
                                "transitions",
                                "unknown",
                                "mtbf",
                                "mttr",
                                "longest:down",
                                "twa",
                                "integral",
                                "mode",
                                "count",
                                "last",
                                "t_change",
                                "worst:down|degraded|up");
            case 4 ->
                "query sel="
                        + sel
                        + range
                        + tz
                        + (every.isEmpty() ? " every=1h" : every)
                        + " reduce=sum by=#1 agg="
                        + List.of("count", "sum", "max", "uptime").get(random.nextInt(4));
            default ->
                "query sel="
                        + sel
                        + range
                        + tz
                        + every
                        + (every.isEmpty() || random.nextInt(4) > 0 ? "" : " fill=previous")
                        + " agg="
                        + list(
                                random, "count", "sum", "mean", "min", "max", "range", "first", "last", "any", "argmin",
                                "argmax", "t_first", "t_last", "median");
        };
    }

    private static String list(Random random, String... words) {
        List<String> chosen = new ArrayList<>(List.of(words));
        Collections.shuffle(chosen, random);
        return String.join(",", chosen.subList(0, 1 + random.nextInt(3)));
    }
}
