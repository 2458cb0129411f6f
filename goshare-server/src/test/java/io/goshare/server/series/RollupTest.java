package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.query.Budget;
import io.goshare.server.query.Columns;
import io.goshare.server.query.QueryService;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.SeriesReader;
import io.goshare.server.query.StoreReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queries give the same answers from summaries as from points, whatever happened; the seed of a failure is told. */
class RollupTest {
    private static final int SEQUENCES = Integer.getInteger("goshare.rollup.sequences", 20);
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** 2025-11-25, the beginning of a day. */
    private static final long START = 1_764_028_800L * SECOND;

    private static final Pattern ROLLUPS = Pattern.compile("rollups=(\\d+)");

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String place) {
            super(place, null, false, false);
        }
    }

    private String crashAt = "";
    private OpenStore store = store(PeriodLength.DAY);
    private long now = START + 10 * DAY + DAY / 2;
    private long rollupsRead;

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

    /** The points alone. */
    private record Raw(SeriesReader reader) implements SeriesReader {
        @Override
        public View view(Selector selector, TimeRange range) {
            return new RawView(reader.view(selector, range));
        }

        private record RawView(View view) implements View {
            @Override
            public int size() {
                return view.size();
            }

            @Override
            public SeriesKey key(int index) {
                return view.key(index);
            }

            @Override
            public boolean isState(int index) {
                return view.isState(index);
            }

            @Override
            public long staleAfter(int index) {
                return view.staleAfter(index);
            }

            @Override
            public Columns read(int index, TimeRange range) {
                return view.read(index, range);
            }

            @Override
            public Columns asOf(int index, long time) {
                return view.asOf(index, time);
            }

            @Override
            public View fork() {
                return new RawView(view.fork());
            }

            @Override
            public long heldBytes() {
                return view.heldBytes();
            }

            @Override
            public void close() {
                view.close();
            }
        }
    }

    private static RollupRule rule(int number, String selector, long every, long keep) {
        return new RollupRule(number, new SelectorFilter(Selector.parse(selector)), every, keep);
    }

    private void rules(RollupRule... rules) {
        store.series.rollups(List.of(rules), StoreReader.summariser());
    }

    private static Command query(String words) {
        String[] parts = words.split(" ");
        Command command = Command.of(Verb.named(parts[0]).orElseThrow());
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    private List<String> ask(SeriesReader reader, Command command) {
        List<String> told = new ArrayList<>();
        try (QueryService service = new QueryService(reader, () -> now, Budget.Limits.DEFAULT)) {
            Reply reply = service.run(command);
            ((Result.Rows) reply.result()).table().rows().forEach(row -> told.add(Arrays.toString(row)));
            reply.notes().forEach((name, value) -> {
                if (name.equals("explain")) {
                    Matcher rollups = ROLLUPS.matcher(value);
                    rollupsRead += rollups.find() ? Long.parseLong(rollups.group(1)) : 0;
                } else {
                    told.add(name + "=" + value);
                }
            });
        }
        return told;
    }

    private List<String> answer(String words) {
        return ask(new StoreReader(store.series), query(words).with("explain", "1"));
    }

    private List<String> answerOfPoints(String words) {
        return ask(new Raw(new StoreReader(store.series)), query(words));
    }

    private void sameAnswer(String words) {
        assertThat(answer(words)).as(words).isEqualTo(answerOfPoints(words));
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
        assertThat(rollupsRead).isGreaterThan(SEQUENCES * 100L);
    }

    private static final List<String> NAMES =
            List.of("n:int", "n:decimal", "n:float", "n:mixed", "n:large", "s:text", "s:stale", "s:bool", "s:level");

    private static Value value(Random random, String name) {
        return switch (name) {
            case "n:int" -> Value.of(random.nextInt(100) - 20L);
            case "n:decimal" -> Value.decimal(random.nextInt(10_000), random.nextInt(4));
            case "n:float" -> Value.of(random.nextGaussian() * Math.pow(10, random.nextInt(9)));
            case "n:mixed" ->
                switch (random.nextInt(6)) {
                    case 0 -> Value.of("lost" + random.nextInt(3));
                    case 1 -> Value.of(Double.NaN);
                    case 2 -> Value.of(random.nextBoolean());
                    case 3 -> Value.of(random.nextDouble());
                    default -> Value.of(random.nextInt(5));
                };
            case "n:large" ->
                random.nextInt(4) == 0 ? Value.of(0x1p53 * random.nextInt(3)) : Value.of(random.nextLong() >> 9);
            case "s:bool" -> Value.of(random.nextInt(5) == 0);
            case "s:level" -> Value.of(random.nextInt(3));
            default -> Value.of(List.of("up", "up", "up", "down", "degraded").get(random.nextInt(5)));
        };
    }

    private void happen(Random random) {
        store = store(random.nextBoolean() ? PeriodLength.DAY : PeriodLength.MONTH);
        now = START + DAY / 2;
        List<RollupRule> rules = new ArrayList<>(List.of(
                rule(1, "**", HOUR, DAY),
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
                        long every = List.of(HOUR, 15 * MINUTE, 6 * HOUR).get(random.nextInt(3));
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
            crashAt = List.of("rollup.batch", "rollup.done", "rollup.renewed", "checkpoint.data", "checkpoint.batch")
                    .get(random.nextInt(5));
        }
        List<RollupRule> rules = store.series.rollups.rules();
        try {
            store.series.retain(List.of(), now);
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

    // Points that are gone

    private static final List<String> QUESTIONS = List.of(
            "query sel=node:** agg=count,sum,mean,min,max,range,first,last,argmax",
            "query sel=node:** every=1d agg=count,sum,mean,min,max,range,first,last,t_last",
            "query sel=node:** every=1d tz=Europe/Berlin agg=count,max",
            "query sel=node:** every=6h reduce=max agg=max",
            "query sel=node:*:state every=1d agg=duration,share,entries",
            "query sel=node:*:state every=1d tz=Asia/Kolkata agg=uptime,transitions,mtbf,mttr,unknown",
            "states sel=node:*:state",
            "census sel=node:*:state every=1d");

    private static String in(String question, long from, long to) {
        return question + " from=" + from + "ns to=" + to + "ns";
    }

    private List<List<String>> answers() {
        List<List<String>> all = new ArrayList<>();
        for (String question : QUESTIONS) {
            all.add(answer(in(question, START + DAY, START + 6 * DAY)));
            all.add(answer(in(question, START, START + 10 * DAY)));
        }
        return all;
    }

    private void fill() {
        Random random = new Random(7);
        PointBatch.Builder batch = new PointBatch.Builder();
        for (long time = START; time < START + 10 * DAY; time += 10 * MINUTE) {
            batch.add(OpenStore.key("node:a:cpu"), time, Value.decimal(random.nextInt(10_000), 2));
            batch.add(OpenStore.key("node:b:cpu"), time, Value.of(random.nextGaussian()));
            batch.add(OpenStore.key("node:a:state"), time, Value.of(random.nextInt(20) == 0 ? "down" : "up"));
            batch.add(OpenStore.key("other"), time, Value.of(1L));
        }
        batch.add(OpenStore.key("node:b:state"), START + HOUR / 2, Value.of("up"));
        store.write(batch.build());
        store.series.checkpoint();
    }

    private static RetentionRule all(int days) {
        return new RetentionRule(SeriesFilter.all(), true, days * DAY, false);
    }

    private static RetentionRule nodes(int days) {
        return new RetentionRule(new SelectorFilter(Selector.parse("node:**")), false, days * DAY, false);
    }

    @Test
    void answersStayWhenWholePeriodsArePastTheirRetention() {
        stayAfter(List.of(all(3)), 7);

        assertThat(store.read("other")).hasSize(3 * 144);
        assertThat(store.series.periods.all()).hasSize(10);
        assertThat(store.series.retain(List.of(all(3)), now)).isEqualTo(RetentionReport.NOTHING);
        now += 30 * DAY;
        store.series.retain(List.of(all(3)), now);
        assertThat(store.series.periods.all()).isEmpty();
        assertThat(answers()).allMatch(one -> one.stream().noneMatch(row -> row.contains("cpu")));
    }

    @Test
    void answersStayWhenARuleOfTheirOwnTakesThePoints() {
        stayAfter(List.of(nodes(3)), 0);

        assertThat(store.read("other")).hasSize(10 * 144);
    }

    private void stayAfter(List<RetentionRule> rules, int periods) {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        List<List<String>> before = answers();

        RetentionReport report = store.series.retain(rules, now);
        store.series.checkpoint();

        assertThat(report.periods()).isEqualTo(periods);
        assertThat(store.read("node:a:cpu").firstKey()).isGreaterThanOrEqualTo(START + 7 * DAY);
        assertThat(answers()).isEqualTo(before);
        store.reopen();
        rules(rule(1, "node:**", HOUR, 20 * DAY), rule(2, "node:**", DAY, 20 * DAY));
        store.series.retain(rules, now);
        store.series.checkpoint();
        assertThat(answers()).isEqualTo(before);
        assertThat(answer(in("query sel=node:a:cpu agg=median", START, START + 6 * DAY)))
                .isEmpty();
    }

    @Test
    void anEraseTakesSummariesWhosePointsAreGone() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        store.series.retain(List.of(nodes(3)), now);
        store.series.checkpoint();
        String question = in("query sel=node:a:cpu agg=count", START, START + DAY);
        assertThat(answer(question)).singleElement().asString().contains("144");

        store.commit(store.series.erase(
                SeriesFilter.of(OpenStore.key("node:a:cpu")),
                new TimeRange(START + 90 * MINUTE, START + 100 * MINUTE)));

        assertThat(answer(question)).singleElement().asString().contains("138");
        store.series.checkpoint();
        assertThat(answer(question)).singleElement().asString().contains("138");
        store.series.retain(List.of(nodes(3)), now);
        assertThat(answer(question)).singleElement().asString().contains("138");
        store.commit(store.series.drop(SeriesFilter.all()));
        store.series.checkpoint();
        store.series.retain(List.of(nodes(3)), now);
        assertThat(store.series.report().rows()).doesNotContainKeys("rollup", "rollup mark");
    }

    @Test
    void whatComesLateIsSummarisedBeforeItsPointsGo() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        store.series.retain(List.of(), now);
        store.write("node:a:cpu", START + 5 * MINUTE, Value.of(1_000_000L));
        List<List<String>> before = answers();

        store.series.retain(List.of(nodes(3)), now);
        store.series.checkpoint();

        assertThat(answers()).isEqualTo(before);
        assertThat(answer(in("query sel=node:a:cpu agg=max", START, START + DAY)))
                .singleElement()
                .asString()
                .contains("1000000");
    }

    @Test
    void anEndOnTheWayToEmptyPeriodsLosesNoAnswer() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        List<List<String>> before = answers();
        for (String place : List.of("rollup.batch", "rollup.done", "retention.final")) {
            crashAt = place;
            try {
                store.series.retain(List.of(all(3)), now);
            } catch (Crash e) {
                store.crash();
                rules(rule(1, "node:**", HOUR, 20 * DAY));
            }
            assertThat(answers()).as(place).isEqualTo(before);
        }
        store.series.retain(List.of(all(3)), now);

        assertThat(answers()).isEqualTo(before);
        assertThat(store.read("node:a:cpu")).hasSize(3 * 144);
    }

    @Test
    void aRuleThatEndsTakesItsRowsAlong() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        store.series.retain(List.of(), now);
        assertThat(store.series.report().rows()).containsKeys("rollup", "rollup cover");

        rules();
        store.series.retain(List.of(), now);

        assertThat(store.series.report().rows()).doesNotContainKeys("rollup", "rollup cover");
        sameAnswer("query sel=node:** every=1d agg=count");
        assertThat(rollupsRead).isZero();
    }
}
