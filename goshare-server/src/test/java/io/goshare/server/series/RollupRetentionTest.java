package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.StoreReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Summaries outlive the points that retention takes. */
class RollupRetentionTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** 2025-11-25, the beginning of a day. */
    private static final long START = 1_764_028_800L * SECOND;

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String place) {
            super(place, null, false, false);
        }
    }

    private String crashAt = "";
    private String during = "";
    private Runnable meanwhile = () -> {};
    private final OpenStore store = store();
    private long now = START + 10 * DAY + DAY / 2;
    private final Answers answers = new Answers();

    private OpenStore store() {
        return OpenStore.inMemory(OpenStore.BY_HAND.withPeriod(PeriodLength.DAY).withFailPoints(place -> {
            if (place.equals(crashAt)) {
                crashAt = "";
                throw new Crash(place);
            }
            if (place.equals(during)) {
                during = "";
                meanwhile.run();
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

    private List<String> answer(String words) {
        return answers.of(store.series, words, now);
    }

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
        assertThat(store.retain(List.of(all(3)), now)).isEqualTo(RetentionReport.NOTHING);
        now += 30 * DAY;
        store.retain(List.of(all(3)), now);
        assertThat(store.series.periods.all()).isEmpty();
        assertThat(answers()).allMatch(one -> one.stream().noneMatch(row -> row.contains("cpu")));
    }

    @Test
    void answersStayWhenARuleOfTheirOwnTakesThePoints() {
        stayAfter(List.of(nodes(3)), 0);

        assertThat(store.read("other")).hasSize(10 * 144);
    }

    @Test
    void answersStayWhereTheFloorCutsAWindow() {
        // points go in steps of four and a half hours, and this one ends at half past
        now += 2 * HOUR + 17 * MINUTE + 13 * SECOND;

        stayAfter(List.of(nodes(3)), 0);

        // what comes late is summed up with all of its window, of which nothing went
        long cut = START + 181 * HOUR;
        String question = in("query sel=node:a:cpu agg=count,first,last", cut, cut + HOUR);
        String told = answer(question).get(0);
        assertThat(told).contains(" 6, ");
        store.write("node:a:cpu", cut + 45 * MINUTE, Value.of(1L));
        store.series.checkpoint();
        store.retain(List.of(nodes(3)), now);
        assertThat(answer(question)).containsExactly(told.replace(" 6, ", " 7, "));
        List<List<String>> before = answers();
        store.series.clip(List.of(nodes(3)), () -> now);
        assertThat(store.read("node:a:cpu").firstKey()).isEqualTo(now - now % (10 * MINUTE) + 10 * MINUTE - 3 * DAY);
        assertThat(answers()).isEqualTo(before);
    }

    @Test
    void pointsThatAreKeptForSecondsStayUntilTheyAreSummedUp() {
        rules(rule(1, "node:**", MINUTE, DAY));
        PointBatch.Builder batch = new PointBatch.Builder();
        for (long time = START; time < START + HOUR; time += 10 * SECOND) {
            batch.add(OpenStore.key("node:a:cpu"), time, Value.of(time / SECOND));
        }
        store.write(batch.build());
        store.series.checkpoint();
        String question = in("query sel=node:a:cpu agg=count,sum", START, START + HOUR);
        List<String> before = answer(question);
        RetentionRule seconds =
                new RetentionRule(new SelectorFilter(Selector.parse("node:**")), false, 10 * SECOND, false);

        now = START + HOUR + 30 * SECOND;
        store.retain(List.of(seconds), now);

        assertThat(store.read("node:a:cpu")).hasSize(6);
        assertThat(answer(question)).isEqualTo(before);
        now += MINUTE;
        store.retain(List.of(seconds), now);
        assertThat(store.read("node:a:cpu")).isEmpty();
        assertThat(answer(question)).isEqualTo(before);
    }

    private void stayAfter(List<RetentionRule> rules, int periods) {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        List<List<String>> before = answers();

        RetentionReport report = store.retain(rules, now);
        store.series.checkpoint();

        assertThat(report.periods()).isEqualTo(periods);
        assertThat(store.read("node:a:cpu").firstKey()).isGreaterThanOrEqualTo(START + 7 * DAY);
        assertThat(answers()).isEqualTo(before);
        store.reopen();
        rules(rule(1, "node:**", HOUR, 20 * DAY), rule(2, "node:**", DAY, 20 * DAY));
        store.retain(rules, now);
        store.series.checkpoint();
        assertThat(answers()).isEqualTo(before);
        assertThat(answer(in("query sel=node:a:cpu agg=median", START, START + 6 * DAY)))
                .isEmpty();
    }

    @Test
    void anEraseTakesSummariesWhosePointsAreGone() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        store.retain(List.of(nodes(3)), now);
        store.series.checkpoint();
        String question = in("query sel=node:a:cpu agg=count", START, START + DAY);
        assertThat(answer(question)).singleElement().asString().contains("144");

        store.commit(store.series.erase(
                SeriesFilter.of(OpenStore.key("node:a:cpu")),
                new TimeRange(START + 90 * MINUTE, START + 100 * MINUTE)));

        assertThat(answer(question)).singleElement().asString().contains("138");
        store.series.checkpoint();
        assertThat(answer(question)).singleElement().asString().contains("138");
        store.retain(List.of(nodes(3)), now);
        assertThat(answer(question)).singleElement().asString().contains("138");
        store.commit(store.series.drop(SeriesFilter.all()));
        store.series.checkpoint();
        store.retain(List.of(nodes(3)), now);
        assertThat(store.series.report().rows()).doesNotContainKeys("rollup", "rollup mark");
    }

    @Test
    void whatComesLateIsSummarisedBeforeItsPointsGo() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        store.retain(List.of(), now);
        store.write("node:a:cpu", START + 5 * MINUTE, Value.of(1_000_000L));
        List<List<String>> before = answers();

        store.retain(List.of(nodes(3)), now);
        store.series.checkpoint();

        assertThat(answers()).isEqualTo(before);
        assertThat(answer(in("query sel=node:a:cpu agg=max", START, START + DAY)))
                .singleElement()
                .asString()
                .contains("1000000");
    }

    @Test
    void whatComesLateIsSummarisedBeforeItsPeriodIsEmptied() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        store.retain(List.of(), now);
        store.write("node:a:cpu", START + 5 * MINUTE, Value.of(1_000_000L));
        List<List<String>> before = answers();

        store.retain(List.of(all(3)), now);
        assertThat(answers()).isEqualTo(before);
        store.retain(List.of(all(3)), now);

        assertThat(answers()).isEqualTo(before);
        assertThat(store.read("node:a:cpu")).hasSize(3 * 144);
    }

    @Test
    void aPointBehindWhatRetentionTookLeavesTheSummaryAsItIs() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        store.retain(List.of(nodes(3)), now);
        store.series.checkpoint();
        List<List<String>> before = answers();

        store.write("node:a:cpu", START + 5 * MINUTE, Value.of(1_000_000L));
        store.series.checkpoint();
        store.retain(List.of(), now);

        assertThat(answers()).isEqualTo(before);
    }

    @Test
    void whatComesWhileSummariesAreMadeIsInThemToo() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        during = "rollup.made";
        meanwhile = () -> {
            store.write("node:a:cpu", START + 5 * MINUTE, Value.of(1_000_000L));
            store.series.checkpoint();
        };
        String question = in("query sel=node:a:cpu agg=max", START, START + DAY);

        store.retain(List.of(), now);

        assertThat(during).isEmpty();
        assertThat(answer(question)).singleElement().asString().contains("1000000");
        store.retain(List.of(), now);
        assertThat(answer(question)).singleElement().asString().contains("1000000");
    }

    @Test
    void whatIsStoppedIsMadeLaterAndTakesNothing() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        List<List<String>> before = answers();
        for (int most = 1; most < 40; most += 3) {
            int[] left = {most};

            store.series.retain(List.of(nodes(3)), now, () -> left[0]-- <= 0);

            assertThat(answers()).isEqualTo(before);
        }
        store.retain(List.of(nodes(3)), now);
        assertThat(answers()).isEqualTo(before);
        assertThat(store.read("node:a:cpu").firstKey()).isGreaterThanOrEqualTo(START + 7 * DAY);
    }

    @Test
    void anEndOnTheWayToEmptyPeriodsLosesNoAnswer() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        List<List<String>> before = answers();
        for (String place : List.of("rollup.made", "rollup.done", "retention.final")) {
            crashAt = place;
            try {
                store.retain(List.of(all(3)), now);
            } catch (Crash e) {
                store.crash();
                rules(rule(1, "node:**", HOUR, 20 * DAY));
            }
            assertThat(answers()).as(place).isEqualTo(before);
        }
        store.retain(List.of(all(3)), now);

        assertThat(answers()).isEqualTo(before);
        assertThat(store.read("node:a:cpu")).hasSize(3 * 144);
    }

    @Test
    void periodsOfSummariesAloneLeaveRoomForPoints() {
        rules(rule(1, "node:**", DAY, 3_660 * DAY));
        for (int day = 0; day < Periods.MOST; day += Periods.MOST_NEW) {
            PointBatch.Builder batch = new PointBatch.Builder();
            for (int i = day; i < day + Periods.MOST_NEW; i++) {
                batch.add(OpenStore.key("node:a:cpu"), START + i * DAY, Value.of(i));
            }
            store.write(batch.build());
        }
        store.series.checkpoint();
        long next = START + Periods.MOST * DAY;
        now = next + DAY / 2;
        assertThatThrownBy(() -> store.write("node:a:cpu", next, Value.of(1L)))
                .hasRootCauseMessage("the times of the batch spread over more than 128 new periods, or over more than"
                        + " 1024 with those there are; is their unit right? Else send fewer at once, or choose longer"
                        + " periods");

        store.retain(List.of(all(3)), now);
        store.write("node:a:cpu", next, Value.of(1L));

        assertThat(store.series.periods.all()).hasSize(Periods.MOST);
        store.crash(); // what was accepted has its place, though no period was looked at yet
        store.series.checkpoint();
        assertThat(store.series.periods.all()).hasSize(Periods.MOST + 1);
        assertThat(store.read("node:a:cpu")).containsKey(next);
        rules(rule(1, "node:**", DAY, 3_660 * DAY));
        assertThat(answer(in("query sel=node:** agg=count", START, next + DAY)))
                .singleElement()
                .asString()
                .contains("1025");
    }

    @Test
    void aRuleThatEndsTakesItsRowsAlong() {
        rules(rule(1, "node:**", HOUR, 20 * DAY));
        fill();
        store.retain(List.of(), now);
        assertThat(store.series.report().rows()).containsKeys("rollup", "rollup cover");

        rules();
        store.retain(List.of(), now);

        assertThat(store.series.report().rows()).doesNotContainKeys("rollup", "rollup cover");
        assertThat(answer("query sel=node:** every=1d agg=count")).isNotEmpty();
        assertThat(answers.rollupsRead()).isZero();
    }
}
