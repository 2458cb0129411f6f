package io.goshare.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.GoShare;
import io.goshare.client.batch.BatchReport;
import io.goshare.client.batch.BatchWriter;
import io.goshare.client.batch.Rejection;
import io.goshare.client.error.ClientClosedException;
import io.goshare.client.error.RefusedException;
import io.goshare.client.statement.AsyncKv;
import io.goshare.client.statement.Child;
import io.goshare.client.statement.Cursor;
import io.goshare.client.statement.KeyValue;
import io.goshare.client.statement.Kv;
import io.goshare.client.statement.Namespace;
import io.goshare.client.statement.NamespaceValue;
import io.goshare.client.statement.Point;
import io.goshare.client.statement.Prepared;
import io.goshare.client.statement.Row;
import io.goshare.client.statement.Series;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an application may rely on, whatever the connection URL says. */
abstract class SdkContract extends HistoryContract {
    private static Map<String, Value> everyKind() {
        Map<String, Value> values = new LinkedHashMap<>();
        values.put("k:float", Value.of(0.1 + 0.2));
        values.put("k:integer", Value.of(Long.MIN_VALUE));
        values.put("k:decimal", Value.decimal(50, 2));
        values.put("k:false", Value.of(false));
        values.put("k:text", Value.of("two\nlines, \"quoted\" ключ"));
        values.put("k:number as text", Value.of("12"));
        values.put("k:empty", Value.of(""));
        values.put("k:bytes", Value.of(new byte[] {0, -1, 10}));
        return values;
    }

    @Test
    void aValueComesBackAsItWasPut() {
        Kv kv = db.kv();
        everyKind().forEach((key, value) -> {
            long revision = kv.put(key, value);
            assertThat(kv.get(key)).as(key).contains(value);
            assertThat(kv.entry(key).orElseThrow().revision()).isEqualTo(revision);
        });
        assertThat(kv.get("nothing")).isEmpty();
    }

    @Test
    void manyKeysGoInOneCall() {
        Kv kv = db.kv();
        kv.putAll(everyKind());

        List<String> asked = new ArrayList<>(everyKind().keySet());
        asked.add(2, "nothing");
        assertThat(kv.getAll(asked)).isEqualTo(everyKind());
        assertThat(kv.deleteAll(List.of("k:float", "nothing", "k:text"))).isEqualTo(2);
        assertThat(kv.get("k:text")).isEmpty();
    }

    @Test
    void nothingIsAskedForNothing() {
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        try (GoShare counted = GoShare.builder()
                .url(url() + "?timeout=20s&encoding=" + encoding() + options())
                .listener((verb, code, endpoint, attempts, duration) -> calls.add(verb))
                .build()) {
            assertThat(counted.kv().getAll(List.of())).isEmpty();
            assertThat(counted.kv().putAll(Map.of())).isZero();
            assertThat(counted.kv().deleteAll(List.of())).isZero();
            assertThat(counted.kv().async().getAll(List.of()).join()).isEmpty();
            assertThat(counted.kv().async().putAll(Map.of()).join()).isZero();
            assertThat(counted.kv().async().deleteAll(List.of()).join()).isZero();
            assertThat(counted.namespace("a").putAll(Map.of())).isZero();
            assertThat(counted.namespace("a").async().putAll(Map.of()).join()).isZero();
            counted.series("a").writeAll(Map.of());
            assertThat(counted.series("a").async().writeAll(Map.of()).join()).isZero();
            counted.write(List.of());
            counted.writeAsync(List.of()).join();
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void aScanGoesOverItsPages() {
        Kv kv = db.kv();
        for (int i = 0; i < 20; i++) {
            kv.put("s" + (char) ('a' + i), i);
        }
        kv.put("t", "other");

        List<Long> numbers = new ArrayList<>();
        try (Cursor<KeyValue> scan = kv.scan("s").open()) {
            scan.forEachRemaining(entry -> numbers.add(entry.value().word()));
        }
        assertThat(numbers)
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> (long) i).toList());
        assertThat(kv.scan("s").limit(9).list()).hasSize(9);
        assertThat(kv.scan("").stream().count()).isEqualTo(21);
        assertThat(kv.scan("nothing").list()).isEmpty();
    }

    @Test
    void conditionsDecideWhatIsStored() {
        Kv kv = db.kv();
        assertThat(kv.putIfAbsent("leader", Value.of("a"))).isTrue();
        assertThat(kv.putIfAbsent("leader", Value.of("b"))).isFalse();
        assertThat(kv.compareAndSet("leader", "a", "b")).isTrue();
        assertThat(kv.compareAndSet("leader", "a", "c")).isFalse();
        long revision = kv.entry("leader").orElseThrow().revision();
        assertThat(kv.putIfRevision("leader", revision, Value.of("d"))).isTrue();
        assertThat(kv.putIfRevision("leader", revision, Value.of("e"))).isFalse();
        assertThat(kv.text("leader")).contains("d");
    }

    @Test
    void countersCountAndKeysExpire() {
        Kv kv = db.kv();
        assertThat(kv.increment("hits", 5)).isEqualTo(5);
        assertThat(kv.increment("hits", -7)).isEqualTo(-2);
        kv.expiring(Duration.ofHours(1)).put("token", "x");
        assertThat(kv.entry("token").orElseThrow().expires().orElseThrow())
                .isBetween(Instant.now().plusSeconds(3000), Instant.now().plusSeconds(4000));
        assertThat(kv.delete("token")).isTrue();
        assertThat(kv.delete("token")).isFalse();
    }

    @Test
    void aTreeIsReadNowAndAsItWas() throws Exception {
        Namespace plant = db.namespace("plant:7");
        plant.put("boiler:state", "on");
        plant.put("boiler:owner", "kari");
        NamespaceValue before = plant.value("boiler:state").orElseThrow();
        plant.put("boiler:state", "off");

        assertThat(plant.get("boiler:state")).contains(Value.of("off"));
        assertThat(before.path()).isEqualTo("plant:7:boiler:state");
        assertThat(plant.at(before.since()).get("boiler:state")).contains(Value.of("on"));
        assertThat(plant.at(before.since().minusSeconds(1)).get("boiler:state")).isEmpty();
        assertThat(plant.children().list()).containsExactly(new Child("boiler", "plant:7:boiler", false, true, false));
        assertThat(plant.child("boiler").tree().stream().map(NamespaceValue::path))
                .containsExactly("plant:7:boiler:owner", "plant:7:boiler:state");
        assertThat(plant.child("boiler").deleteTree()).isEqualTo(2);
        assertThat(plant.tree().list()).isEmpty();
        assertThat(plant.at(before.since()).tree().stream().map(NamespaceValue::value))
                .contains(Value.of("on"));
    }

    @Test
    void pathsAreStoredTogetherAndConditionally() {
        Namespace root = db.namespace("");
        root.putAll(Map.of("a:x", Value.of(1), "a:y", Value.of(2)));
        assertThat(root.putIfRevision("a:x", 0, Value.of(3))).isFalse();
        long revision = root.value("a:x").orElseThrow().revision();
        assertThat(root.putIfRevision("a:x", revision, Value.of(3))).isTrue();
        assertThat(root.delete("a:y")).isTrue();
        assertThat(root.delete("a:y")).isFalse();
        assertThat(root.tree().stream().map(value -> value.path() + "=" + value.value()))
                .containsExactly("a:x=3");
    }

    @Test
    void pointsComeBackAsTheyWereWritten() {
        List<Point> written = new ArrayList<>();
        Map<String, Value> kinds = everyKind();
        if (encoding().equals("lp")) {
            kinds.remove("k:bytes"); // line protocol holds none
        }
        kinds.forEach((path, value) -> written.add(
                Point.of(path.replace(' ', '_'), value).tag("dc", "eu").at(NOON.plusNanos(written.size()))));
        db.write(written);

        List<Point> read = db.query("k:*{dc=eu}").from(NOON).points().list();
        assertThat(read).containsExactlyInAnyOrderElementsOf(written);
        assertThat(db.query("k:*").from(NOON).limit(3).points().list()).hasSize(3);
        Row row = db.query("k:text").from(NOON).fetch().get(0);
        assertThat(row.path()).isEqualTo("k:text");
        assertThat(row.text("tags")).contains("{dc=eu}");
        assertThat(row.get("value")).contains(everyKind().get("k:text"));
    }

    @Test
    void aSeriesIsWrittenAndAsked() {
        Series temp = db.series("room:temp").tag("room", "b12");
        temp.write(NOON, 20.5);
        temp.write(NOON.plusSeconds(60), 21.5);
        db.series("room:temp").tag("room", "c1").write(NOON, 10.0);
        temp.write(22.5);

        assertThat(temp.at(NOON.plusSeconds(59)).orElseThrow().value()).isEqualTo(Value.of(20.5));
        assertThat(temp.at(NOON.minusSeconds(1))).isEmpty();
        assertThat(temp.latest().orElseThrow().time()).isAfter(NOON);
        assertThat(temp.latest().orElseThrow().value()).isEqualTo(Value.of(22.5));
    }

    @Test
    void windowsStatesAndInstantsAreRows() {
        Series cpu = db.series("node:web1:cpu");
        Series state = db.series("node:web1:state");
        for (int i = 0; i < 30; i++) {
            cpu.write(NOON.plusSeconds(i * 10L), (double) i);
        }
        state.write(NOON, "up");
        state.write(NOON.plusSeconds(100), "down");

        List<Row> windows = db.query("node:@host:cpu")
                .between(NOON, NOON.plusSeconds(300))
                .every(Duration.ofMinutes(1))
                .aggregate("mean", "max")
                .fetch();
        assertThat(windows).hasSize(5);
        assertThat(windows.get(1).time()).isEqualTo(NOON.plusSeconds(60));
        assertThat(windows.get(1).number("mean")).isEqualTo(8.5);
        assertThat(windows.get(1).number("max")).isEqualTo(11);
        assertThat(windows.get(1).text("host")).contains("web1");

        List<Row> states = db.query("node:*:state")
                .from(NOON)
                .to(NOON.plusSeconds(200))
                .states()
                .fetch();
        assertThat(states).hasSize(2);
        assertThat(states.get(0).text("value")).contains("up");
        assertThat(states.get(0).time("to")).isEqualTo(NOON.plusSeconds(100));

        assertThat(db.query("node:*:state")
                        .at(NOON.plusSeconds(50))
                        .fetch()
                        .get(0)
                        .text("value"))
                .contains("up");
    }

    @Test
    void clausesOfAQueryAreMethods() {
        for (int i = 0; i < 30; i++) {
            db.series("node:web1:cpu").write(NOON.plusSeconds(i * 10L), i);
            db.series("node:web2:cpu").write(NOON.plusSeconds(i * 10L), 100 - i);
        }
        db.series("node:web1:state").write(NOON, "up");
        db.series("node:web1:state").write(NOON.plusSeconds(100), "down");
        var cpu = db.query("node:@host:cpu").between(NOON, NOON.plusSeconds(300));

        assertThat(cpu.top(1).aggregate("max").fetch())
                .singleElement()
                .satisfies(row -> assertThat(row.path()).isEqualTo("node:web2:cpu"));
        assertThat(cpu.bottom(1).aggregate("max").fetch().get(0).number("max")).isEqualTo(29);
        assertThat(cpu.transform("delta", "abs").aggregate("sum").fetch().get(0).number("sum"))
                .isEqualTo(29);
        assertThat(cpu.during("node:@host:state=up").count().fetch())
                .singleElement()
                .satisfies(row -> assertThat(row.number("count")).isEqualTo(10));
        assertThat(cpu.asOf("node:@host:state").limit(11).fetch().get(10).text("with_value"))
                .contains("down");
        assertThat(cpu.join("nearest", "node:@host:state")
                        .tolerance(Duration.ofSeconds(1))
                        .limit(2)
                        .fetch()
                        .get(1)
                        .text("with_value"))
                .isEmpty();
        assertThat(cpu.plot("lttb:3").points().list()).hasSize(6);
        assertThat(cpu.skip(59).points().list()).hasSize(1);
        assertThat(db.query("node:*:state").from(NOON).census().fetch()).isNotEmpty();
    }

    @Test
    void aPreparedQueryTakesItsValuesAsTheyAre() {
        db.series("node:a*b:cpu").tag("dc", "x,y}").write(NOON, 1);
        db.series("node:aXb:cpu").tag("dc", "x,y}").write(NOON, 2);
        Prepared query = db.prepare("query sel=node:?:cpu{dc=?} from=? agg=sum");

        List<Row> rows = query.bind("a*b", "x,y}", NOON).fetch();
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).number("sum")).isEqualTo(1);
        assertThat(query.bind("aXb", "x,y}", NOON).fetch().get(0).number("sum")).isEqualTo(2);
        assertThatThrownBy(() -> query.bind("a")).hasMessageContaining("3 places");
    }

    @Test
    void futuresAndSubscriptionsBringTheSame() throws Exception {
        AsyncKv kv = db.kv().async();
        List<CompletableFuture<Long>> puts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            puts.add(kv.put("f" + (char) (i + 1000), Value.of(i)));
        }
        CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);

        assertThat(kv.get("f" + (char) 1042).get(20, TimeUnit.SECONDS)).contains(Value.of(42));
        assertThat(kv.get("f").get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(db.kv().scan("f").listAsync().get(20, TimeUnit.SECONDS)).hasSize(100);
        assertThat(pushed(30)).hasSize(30).isEqualTo(db.kv().scan("f").limit(30).list());
    }

    private List<KeyValue> pushed(long limit) throws InterruptedException {
        List<KeyValue> received = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        db.kv().scan("f").limit(limit).publisher().subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
            }

            @Override
            public void onNext(KeyValue item) {
                received.add(item);
                subscription.request(1);
            }

            @Override
            public void onError(Throwable why) {
                done.countDown();
            }

            @Override
            public void onComplete() {
                done.countDown();
            }
        });
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        return received;
    }

    @Test
    void aBatchIsAcknowledgedByItsFlush() {
        try (BatchWriter writer = db.batchWriter().maxRows(100).open()) {
            for (int i = 0; i < 1234; i++) {
                writer.add(Point.of("batch:s" + i % 3, i).at(NOON.plusSeconds(i)));
            }
            writer.flush();
            assertThat(db.query("batch:*").from(NOON).aggregate("count").fetch().stream()
                            .mapToLong(row -> row.integer("count"))
                            .sum())
                    .isEqualTo(1234);
            BatchReport report = writer.close(Duration.ofSeconds(10));
            assertThat(report.written()).isEqualTo(1234);
            assertThat(report.left()).isZero();
        }
    }

    @Test
    void rowsThatAreRefusedCostOneMoreRequest() {
        db.series("b:0").write(NOON.minusSeconds(9), 1L);
        db.admin().declare("b:0", Map.of("strict", "true"));
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Value value = i == 6 || i == 1_998 ? Value.of("text " + i) : Value.of((long) i);
            points.add(Point.of("b:" + i % 2, value).at(NOON.plusSeconds(i)));
        }
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        List<Rejection> told = Collections.synchronizedList(new ArrayList<>());

        try (GoShare counted = GoShare.builder()
                        .url(url() + "?timeout=20s&encoding=" + encoding() + options())
                        .listener((verb, code, endpoint, attempts, duration) -> calls.add(verb + " " + code))
                        .build();
                BatchWriter writer = counted.batchWriter().onRejected(told::add).open()) {
            writer.addAll(points);
            writer.flush();

            assertThat(calls).containsExactly("write invalid_rows", "write ok");
            assertThat(told).extracting(Rejection::point).containsExactly(points.get(6), points.get(1_998));
            assertThat(told).allSatisfy(one -> {
                assertThat(one.code()).isEqualTo(ErrorCode.INVALID_ROWS);
                assertThat(one.field()).contains("value");
                assertThat(one.reason()).contains("b:0 takes INTEGER only, not TEXT");
            });
            assertThat(writer.report().written()).isEqualTo(1_998);
        }
        assertThat(db.query("b:*").from(NOON).points().stream().count()).isEqualTo(1_998);
    }

    @Test
    void theStoreIsLookedAfter() {
        db.series("old:a").write(NOON, 1);
        db.series("old:b").write(NOON, 2);
        assertThat(db.admin().declare("old:a", Map.of("kind", "counter", "unit", "requests")))
                .isEqualTo(1);
        List<Row> series = db.admin().series("old:*").list();
        assertThat(series).hasSize(2);
        assertThat(series.get(0).text("kind")).contains("counter");
        assertThat(db.admin().erase("old:a", NOON, NOON.plusSeconds(1), Optional.empty()))
                .isEqualTo(1);
        assertThat(db.admin().drop("old:b", Optional.empty())).isEqualTo(1);
        assertThat(db.query("old:*").from(NOON).fetch()).isEmpty();
        db.admin().rollup("old:**", "1h", "2y");
        assertThat(db.admin().rollups())
                .extracting(row ->
                        row.text("sel").orElse("") + " " + row.text("every").orElse(""))
                .contains("old:** 1h");
        db.admin().rollup("old:**", "1h", "none");
        assertThat(db.admin().info()).containsKey("revision");
        assertThat(db.admin().metrics()).contains("goshare_");
        assertThat(db.admin().ping()).isPositive();
    }

    @Test
    void aNamespaceOfTheConnectionIsNoBusinessOfTheApplication() {
        try (GoShare inside = GoShare.builder()
                .url(url() + "?encoding=" + encoding() + options())
                .namespace("tenant:a")
                .build()) {
            inside.namespace("x").put("y", "1");
            inside.series("s:cpu").tag("t", "u").write(NOON, 5);
            assertThat(inside.namespace("x").tree().list().get(0).path()).isEqualTo("x:y");
            assertThat(inside.query("s:*").from(NOON).points().list())
                    .containsExactly(Point.of("s:cpu", 5).tag("t", "u").at(NOON));
            assertThat(inside.query("s:*").from(NOON).count().fetch().get(0).path())
                    .isEqualTo("s:cpu");
            assertThat(inside.namespace("").children().stream().map(Child::path))
                    .containsExactly("s", "x");
            assertThat(inside.series("s:cpu").tag("t", "u").latest()).isPresent();
            assertThat(inside.admin().series("**").list().get(0).path()).isEqualTo("s:cpu");
        }
        assertThat(db.namespace("tenant:a:x").get("y")).contains(Value.of("1"));
        assertThat(db.query("tenant:a:s:cpu").from(NOON).points().list()).hasSize(1);
    }

    @Test
    void aRefusalTellsCodeFieldAndRemedy() {
        assertThatThrownBy(() -> db.query("a").with("agg", "maen").fetch())
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                    assertThat(refused.field()).isEqualTo("agg");
                    assertThat(refused.retryable()).isFalse();
                    assertThat(refused.attempts()).isEqualTo(1);
                    assertThat(refused.requestId()).isNotEmpty();
                    assertThat(refused.endpoint()).isNotEmpty();
                });
    }

    @Test
    void aClosedConnectionSaysSo() {
        db.close();
        assertThatThrownBy(() -> db.kv().get("a")).isInstanceOf(ClientClosedException.class);
        assertThat(db.kv().async().get("a")).isCompletedExceptionally();
        db.close();
    }
}
