package io.goshare.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.GoShare;
import io.goshare.client.statement.Changes;
import io.goshare.client.statement.Namespace;
import io.goshare.client.statement.NamespaceValue;
import io.goshare.client.statement.Pages;
import io.goshare.client.statement.Row;
import io.goshare.client.statement.Series;
import io.goshare.client.statement.Watch;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application may rely on of {@code watch}, {@code log} and {@code diff}, whatever the connection URL says. */
abstract class HistoryContract {
    static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    /** More than a page of the connection. */
    private static final int CHANGES = 20;

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration NOTHING_COMES = Duration.ofMillis(100);

    GoShare db;

    /** The connection URL of an empty store, without {@code ?}. */
    abstract String url();

    /** Further options of the connection URL, each after a {@code &}. */
    String options() {
        return "";
    }

    /** The word of {@code encoding=}. */
    abstract String encoding();

    @BeforeEach
    void connect() {
        db = GoShare.connect(url() + "?timeout=20s&page=7&encoding=" + encoding() + options());
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void aWatcherIsToldTheSnapshotAndThenEachChangeInOrder() {
        Namespace tree = db.namespace("w");
        tree.put("a", 1);
        db.series("w:s").write(NOON, 5);
        try (Changes changes = db.watch("w:**").open()) {
            assertThat(told(changes.next(SOON)))
                    .containsExactlyInAnyOrder("put ns w:a null 1", "point series w:s null 5");

            tree.put("a", 2);
            db.series("w:s").write(NOON.plusSeconds(2), true);
            db.series("w:s").write(NOON.plusSeconds(1), "between");
            tree.delete("a");
            db.admin().erase("w:s", NOON, NOON.plusSeconds(1), Optional.empty());
            tree.put("a", 2.5);

            List<Row> rows = gather(changes, 6);
            assertThat(told(rows))
                    .containsExactly(
                            "put ns w:a 1 2",
                            "point series w:s null true",
                            "point series w:s null between",
                            "end ns w:a 2 null",
                            "erase series w:s null null",
                            "put ns w:a null 2.5");
            assertThat(revisions(rows)).isSorted().doesNotHaveDuplicates();
            assertThat(rows.get(5).integer("revision")).isEqualTo(changes.revision());
            assertThat(rows.get(1).time()).isEqualTo(NOON.plusSeconds(2));
        }
    }

    @Test
    void aWatcherThatComesBackMissesNothingAndIsToldNothingTwice() {
        Namespace tree = db.namespace("w");
        List<Long> put = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            put.add(tree.put("p" + i % 3, i));
        }
        long before = put.get(2);
        List<Row> rows = new ArrayList<>();
        long stopped = before;
        for (int round = 0; round < 4; round++) {
            try (Changes changes = db.watch("w:**").after(stopped).open()) {
                rows.addAll(changes.next(SOON));
                stopped = changes.revision();
            }
            put.add(tree.put("p3", rows.size()));
        }
        try (Changes changes = db.watch("w:**").after(stopped).open()) {
            rows.addAll(changes.next(SOON));
            assertThat(changes.next(NOTHING_COMES)).isEmpty();
        }
        assertThat(revisions(rows)).isEqualTo(put.subList(3, put.size()));
        for (long resumed : put) {
            try (Changes changes = db.watch("w:**").after(resumed).open()) {
                assertThat(revisions(changes.next(Duration.ofMillis(10))))
                        .isEqualTo(put.stream()
                                .filter(revision -> revision > resumed)
                                .toList());
            }
        }
    }

    @Test
    void onlyTransitionsThatWereAskedForAreTold() {
        Series state = db.series("n:state");
        state.write(NOON, "up");
        Watch transitions = db.watch("n:*").with("on", "transitions");
        try (Changes all = transitions.open();
                Changes down = transitions.with("from", "up").with("to", "down").open();
                Changes lasting =
                        transitions.with("to", "down").with("for", "30s").open()) {
            for (Changes begun : List.of(all, down, lasting)) {
                assertThat(told(begun.next(SOON))).containsExactly("point series n:state null up");
            }

            String[] states = {"up", "down", "lost", "down", "down", "up"};
            Map<Instant, Value> written = new LinkedHashMap<>();
            for (int i = 0; i < states.length; i++) {
                written.put(NOON.plusSeconds(20L * (i + 1)), Value.of(states[i]));
            }
            state.writeAll(written); // at once: what is of the past has held as far as is known, until more is
            state.write(NOON.plusSeconds(30), "late");

            assertThat(told(gather(all, 5)))
                    .containsExactly(
                            "point series n:state up down",
                            "point series n:state down lost",
                            "point series n:state lost down",
                            "point series n:state down up",
                            "late series n:state null late");
            assertThat(told(gather(down, 1))).containsExactly("point series n:state up down");
            List<Row> held = gather(lasting, 1);
            assertThat(told(held)).containsExactly("point series n:state lost down");
            assertThat(held.get(0).time()).isEqualTo(NOON.plusSeconds(80));
        }
    }

    private static List<Row> gather(Changes changes, int atLeast) {
        List<Row> rows = new ArrayList<>();
        while (rows.size() < atLeast) {
            List<Row> page = changes.next(SOON);
            assertThat(page).as("what follows %s", told(rows)).isNotEmpty();
            rows.addAll(page);
        }
        rows.addAll(changes.next(NOTHING_COMES));
        return rows;
    }

    @Test
    void theLogOfATreeIsEveryChangeWithWhatWasBefore() {
        Namespace tree = db.namespace("h");
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            revisions.add(tree.put("a", i));
        }
        Instant end = last(tree, "a").plusNanos(1);
        tree.put("a", "after");
        Instant start = Instant.EPOCH;

        Pages<Row> log = tree.log(start, end);
        List<Row> rows = log.list();
        assertThat(revisions(rows)).isEqualTo(revisions);
        assertThat(rows).allSatisfy(row -> assertThat(row.path()).isEqualTo("h:a"));
        assertThat(rows.get(0).get("old")).isEmpty();
        for (int i = 0; i < CHANGES; i++) {
            assertThat(rows.get(i).get("value")).contains(Value.of(i));
            if (i > 0) {
                assertThat(rows.get(i).get("old")).contains(Value.of(i - 1));
                assertThat(rows.get(i).time()).isAfter(rows.get(i - 1).time());
            }
        }
        assertThat(revisions(log.limit(9).list())).isEqualTo(revisions.subList(0, 9));
        assertThat(revisions(tree.log(rows.get(4).time(), rows.get(6).time()).list()))
                .isEqualTo(revisions.subList(4, 6));
    }

    private static Instant last(Namespace tree, String path) {
        return tree.value(path).map(NamespaceValue::since).orElseThrow();
    }

    @Test
    void theLogOfSeriesIsEveryChangeOfTheirState() {
        Series state = db.series("n:a:state").tag("dc", "eu");
        for (int i = 0; i < 2 * CHANGES; i++) {
            state.write(NOON.plusSeconds(i), "s" + i / 2);
        }
        db.series("n:b:state").write(NOON.plusSeconds(3), 7);

        List<Row> rows =
                db.query("n:*:state").between(NOON, NOON.plusSeconds(100)).log().fetch();
        assertThat(rows).hasSize(CHANGES + 1);
        assertThat(told(rows.subList(0, 4)))
                .containsExactly("n:a:state null s0", "n:a:state s0 s1", "n:b:state null 7", "n:a:state s1 s2");
        assertThat(rows.get(1).text("tags")).contains("{dc=eu}");
        assertThat(rows.get(2).get("value")).contains(Value.of(7));
        List<Row> newest = db.query("n:*:state")
                .between(NOON, NOON.plusSeconds(100))
                .newestFirst()
                .log()
                .limit(9)
                .fetch();
        assertThat(newest).hasSize(9);
        for (int i = 0; i < 9; i++) {
            assertThat(newest.get(i).time()).isEqualTo(NOON.plusSeconds(2L * (CHANGES - 1 - i)));
        }
    }

    @Test
    void differencesOfATreeAreAddedChangedOrRemoved() {
        Namespace tree = db.namespace("d");
        tree.putAll(Map.of(
                "same", Value.of(1), "back", Value.of("x"), "changed", Value.of(1.5), "removed", Value.of(false)));
        Instant from = last(tree, "removed");
        tree.put("changed", "one");
        tree.put("back", "y");
        tree.put("back", "x");
        tree.delete("removed");
        for (int i = 10; i < 10 + CHANGES; i++) {
            tree.put("new" + i, i);
        }
        Instant to = last(tree, "new29");
        tree.put("later", 1);

        List<Row> rows = tree.diff(from, to).list();
        assertThat(rows).hasSize(CHANGES + 2);
        assertThat(told(rows.subList(0, 3)))
                .containsExactly("changed d:changed 1.5 one", "added d:new10 null 10", "added d:new11 null 11");
        assertThat(told(rows.subList(CHANGES + 1, CHANGES + 2))).containsExactly("removed d:removed false null");
        assertThat(rows.get(CHANGES).time("since")).isEqualTo(to);
        assertThat(tree.diff(from, to).limit(9).list()).hasSize(9);
        assertThat(tree.diff(to, to).list()).isEmpty();
    }

    @Test
    void differencesOfSeriesAreThoseOfTheirStates() {
        db.series("d:a").write(NOON, "up");
        db.series("d:b").tag("dc", "eu").write(NOON, 1);
        db.series("d:gone").write(NOON, "up");
        db.admin().declare("d:gone", Map.of("stale_after", "10s"));
        db.series("d:a").write(NOON.plusSeconds(30), "up");
        db.series("d:b").tag("dc", "eu").write(NOON.plusSeconds(30), 2);
        db.series("d:c").write(NOON.plusSeconds(40), true);

        List<Row> rows = db.query("d:*")
                .between(NOON.plusSeconds(5), NOON.plusSeconds(60))
                .diff()
                .fetch();
        assertThat(told(rows)).containsExactly("changed d:b 1 2", "added d:c null true", "removed d:gone up null");
        assertThat(rows.get(0).text("tags")).contains("{dc=eu}");
        assertThat(rows.get(0).time("since")).isEqualTo(NOON.plusSeconds(30));
    }

    /** What each row tells but for times and revisions, between spaces. */
    private static List<String> told(List<Row> rows) {
        List<String> told = new ArrayList<>();
        for (Row row : rows) {
            List<String> words = new ArrayList<>();
            for (String column : List.of("what", "change", "face", "path", "old", "value")) {
                if (row.columns().contains(column)) {
                    words.add(row.text(column).orElse("null"));
                }
            }
            told.add(String.join(" ", words));
        }
        return told;
    }

    private static List<Long> revisions(List<Row> rows) {
        return rows.stream().map(row -> row.integer("revision")).toList();
    }
}
