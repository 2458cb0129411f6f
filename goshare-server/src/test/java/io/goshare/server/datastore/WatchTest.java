package io.goshare.server.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchEvent.Kind;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import io.goshare.server.keyvalue.LocalKeyValueStore;
import io.goshare.server.keyvalue.SettableClock;
import io.goshare.server.namespace.LocalNamespaceStore;
import io.goshare.server.series.LocalSeriesStore;
import io.goshare.server.series.SeriesConfig;
import io.goshare.server.watch.Watches;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions, in process. */
final class WatchTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2014-07-01T12:00:00Z"));
    private final DataDirectory directory = DataDirectory.inMemory(new MemoryEngineProvider());
    private final StorageEngine base = directory.engine(DataDirectory.BASE, EngineOptions.DEFAULTS, true);
    private final GroupCommitter committer = new GroupCommitter(base, clock, false);
    private final LocalSeriesStore series = LocalSeriesStore.open(directory, base, committer, SeriesConfig.defaults());
    private final Datastore datastore;

    WatchTest() {
        committer.replay(series.replayer());
        committer.start();
        series.start();
        datastore = new Datastore(
                base,
                committer,
                new LocalKeyValueStore(base, clock),
                new LocalNamespaceStore(base),
                series,
                (command, abandoned) -> Reply.done(),
                new NoFacts(),
                clock);
        datastore.start();
    }

    private static final class NoFacts implements ServerFacts {
        @Override
        public Map<String, String> info() {
            return Map.of();
        }

        @Override
        public Optional<String> ailment() {
            return Optional.empty();
        }

        @Override
        public Map<String, Double> gauges() {
            return Map.of();
        }
    }

    @AfterEach
    void close() {
        datastore.close();
        committer.close();
        series.close();
        base.close();
        directory.close();
    }

    /** Collects what it gets; asks for {@code demand} events at first. */
    private static final class Watcher implements Flow.Subscriber<WatchEvent> {
        private final List<WatchEvent> events = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final long demand;

        Watcher(long demand) {
            this.demand = demand;
        }

        @Override
        public void onSubscribe(Flow.Subscription made) {
            subscription.complete(made);
            if (demand > 0) {
                made.request(demand);
            }
        }

        @Override
        public void onNext(WatchEvent event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }

        void request(long more) {
            subscription.join().request(more);
        }

        void cancel() {
            subscription.join().cancel();
        }

        /** Rows of one kind of event as text: what path old value. */
        List<String> rows(Kind kind) {
            return events.stream()
                    .filter(event -> event.kind() == kind)
                    .flatMap(WatchTest::rows)
                    .toList();
        }

        Watcher awaitReady() {
            await().until(() -> events.stream().anyMatch(event -> event.kind() == Kind.READY));
            return this;
        }

        List<String> awaitChanges(int count) {
            await().until(() -> rows(Kind.CHANGE).size() >= count);
            return rows(Kind.CHANGE);
        }

        long last() {
            return events.get(events.size() - 1).revision();
        }
    }

    private static Stream<String> rows(WatchEvent event) {
        return event.rows().rows().stream()
                .map(row -> row[0].asText() + " " + row[2].asText() + " " + text(row[5]) + " " + text(row[6]));
    }

    private static String text(@Nullable Value value) {
        return value == null ? "-" : value.asText();
    }

    private static Command command(Verb verb, String... words) {
        Command command = Command.of(verb);
        for (String word : words) {
            String[] pair = word.split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    private Watcher watch(String... words) {
        return watch(Long.MAX_VALUE, words);
    }

    private Watcher watch(long demand, String... words) {
        Watcher watcher = new Watcher(demand);
        datastore.watches().watch(command(Verb.WATCH, words), "").subscribe(watcher);
        return watcher;
    }

    private Reply run(Verb verb, String... words) {
        return datastore.handle(command(verb, words)).join();
    }

    private void write(String path, long time, Object value) {
        datastore
                .handle(Command.of(Verb.WRITE)
                        .with(new Body.Points(new PointBatch.Builder()
                                .add(
                                        SeriesKey.of(Path.parse(path)),
                                        time,
                                        value instanceof Long number ? Value.of(number) : Value.of((String) value))
                                .build())))
                .join();
    }

    private long now() {
        return clock.nanos();
    }

    @Test
    void firstComesASnapshotThenEveryChangeInOrder() {
        run(Verb.PUT, "path=site:a", "value=1");
        run(Verb.PUT, "path=other", "value=1");
        write("site:temp", now(), 20L);
        write("other:temp", now(), 20L);

        Watcher watcher = watch("sel=site:**").awaitReady();
        run(Verb.PUT, "path=site:a", "value=2");
        write("site:temp", now() + 1, 20L);
        run(Verb.PUT, "path=other", "value=2");
        run(Verb.PUT, "path=site:a", "value=2");
        write("other:temp", now() + 1, 21L);
        run(Verb.DEL, "path=site:a");
        write("site:new", now() + 1, "up");

        assertThat(watcher.awaitChanges(4))
                .containsExactly("put site:a 1 2", "point site:temp - 20", "end site:a 2 -", "point site:new - up");
        assertThat(watcher.rows(Kind.SNAPSHOT)).containsExactly("put site:a - 1", "point site:temp - 20");
        assertThat(watcher.events.stream()
                        .filter(event -> event.kind() != Kind.SNAPSHOT)
                        .map(WatchEvent::revision))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aResumeMissesAndRepeatsNothing() {
        Watcher first = watch("sel=**").awaitReady();
        for (long i = 0; i < 50; i++) {
            run(Verb.PUT, "path=a:" + i % 7, "value=" + i);
            write("b:" + i % 5, now() + i, i);
        }
        first.awaitChanges(100);
        List<WatchEvent> changes = first.events.stream()
                .filter(event -> event.kind() == Kind.CHANGE)
                .toList();

        for (int i = 0; i < changes.size(); i += 9) {
            Watcher resumed =
                    watch("sel=**", "after=" + changes.get(i).revision()).awaitReady();

            assertThat(resumed.rows(Kind.CHANGE))
                    .isEqualTo(changes.subList(i + 1, changes.size()).stream()
                            .flatMap(WatchTest::rows)
                            .toList());
            assertThat(resumed.rows(Kind.SNAPSHOT)).isEmpty();
        }
    }

    @Test
    void transitionsAreToldAndRepeatedValuesAreNot() {
        write("node:a:state", now(), "up");

        Watcher all = watch("sel=node:*:state", "on=transitions").awaitReady();
        Watcher down = watch("sel=node:*:state", "from=up", "to=down").awaitReady();
        write("node:a:state", now() + 1, "up");
        write("node:a:state", now() + 9, "down");
        write("node:a:state", now() + 5, "odd");
        write("node:a:state", now() + 10, "up");
        write("node:b:state", now() + 10, "down");

        assertThat(all.awaitChanges(4))
                .containsExactly(
                        "point node:a:state up down",
                        "late node:a:state - odd",
                        "point node:a:state down up",
                        "point node:b:state - down");
        assertThat(down.awaitChanges(1)).containsExactly("point node:a:state up down");
    }

    @Test
    void resumedTransitionsKnowWhatHeldThen() {
        write("node:a:state", now(), "up");
        write("node:a:state", now() + 5, "up");
        long after = Long.parseLong(
                String.valueOf(run(Verb.PUT, "key=k", "value=1").notes().get("revision")));
        series.checkpoint();
        write("node:a:state", now() + 6, "up");
        write("node:a:state", now() + 3, "odd");
        write("node:a:state", now() + 7, "down");
        write("node:b:state", now() + 7, "down");

        Watcher resumed =
                watch("sel=node:**", "on=transitions", "after=" + after).awaitReady();

        assertThat(resumed.rows(Kind.CHANGE))
                .containsExactly("late node:a:state - odd", "point node:a:state up down", "point node:b:state - down");
    }

    @Test
    void aValueThatMustHoldIsToldOnceItHas() {
        write("node:a:state", now(), "up");
        Watcher watcher = watch("sel=node:**", "to=down", "for=30s").awaitReady();

        write("node:a:state", now() + 1, "down");
        write("node:b:state", now() + 1, "down");
        clock.move(Duration.ofSeconds(20));
        write("node:a:state", now(), "up");
        run(Verb.PUT, "key=beside", "value=1");
        await().during(200, TimeUnit.MILLISECONDS)
                .until(() -> watcher.rows(Kind.CHANGE).isEmpty());
        clock.move(Duration.ofSeconds(20));

        assertThat(watcher.awaitChanges(1)).containsExactly("point node:b:state - down");
        Watcher resumed = watch("sel=node:**", "to=down", "for=30s", "after=" + watcher.last())
                .awaitReady();
        assertThat(resumed.rows(Kind.CHANGE)).isEmpty();
    }

    @Test
    void aSlowReaderIsToldWhereToResumeAndWritersGoOn() {
        Watcher slow = watch(1, "sel=a:**", "live_only=true");
        slow.awaitReady();
        for (long i = 0; i < 3_000; i++) {
            write("a:1", now() + i, i);
        }
        slow.request(Long.MAX_VALUE);
        slow.end.join();

        WatchEvent last = slow.events.get(slow.events.size() - 1);
        int told = slow.rows(Kind.CHANGE).size();
        assertThat(last.kind()).isEqualTo(Kind.BEHIND);
        assertThat(told).isBetween(500, 2_500);
        Watcher resumed = watch("sel=a:**", "after=" + last.revision()).awaitReady();
        assertThat(told + resumed.rows(Kind.CHANGE).size()).isEqualTo(3_000);
        assertThat(resumed.rows(Kind.CHANGE).get(0)).isEqualTo("point a:1 - " + told);
    }

    @Test
    void whatIsCancelledIsFreed() {
        Watches watches = (Watches) datastore.watches();
        List<Watcher> watchers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            watchers.add(watch("sel=a:" + i).awaitReady());
        }
        assertThat(watches.count()).isEqualTo(20);

        watchers.forEach(Watcher::cancel);

        await().until(() -> watches.count() == 0);
    }

    @Test
    void anAddressHasOnlySoManySubscriptions() {
        List<Watcher> watchers = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            Watcher watcher = new Watcher(1);
            watchers.add(watcher);
            datastore.watches().watch(command(Verb.WATCH, "sel=a"), "192.0.2.1").subscribe(watcher);
        }

        assertThatThrownBy(() -> watchers.get(64).end.join())
                .cause()
                .isInstanceOfSatisfying(
                        GoShareException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY));
        watchers.get(0).cancel();
        await().untilAsserted(() -> {
            Watcher again = new Watcher(1);
            datastore.watches().watch(command(Verb.WATCH, "sel=a"), "192.0.2.1").subscribe(again);
            again.awaitReady();
        });
        watch("sel=a").awaitReady();
    }

    @Test
    void whatIsNoLongerKeptIsRefused() {
        Watcher future = watch("sel=a", "after=999999999");

        assertThatThrownBy(future.end::join).hasMessageContaining("begin again");
        assertThatThrownBy(() -> watch("sel=a", "from=up", "on=writes")).hasMessageContaining("on=transitions");
        assertThatThrownBy(() -> watch("sel=a", "after=1", "live_only=true")).hasMessageContaining("live_only");
    }

    @Test
    void erasuresDropsAndCutSubtreesAreTold() {
        for (int i = 0; i < 10_002; i += 1) {
            datastore.handle(command(Verb.PUT, "path=big:" + i, "value=1")).join();
        }
        write("s:a", now(), 1L);
        write("s:b", now(), 1L);

        Watcher watcher = watch("sel=**", "live_only=true").awaitReady();
        run(Verb.ERASE, "sel=s:a", "from=-1h");
        run(Verb.DROP, "sel=s:b");
        run(Verb.DEL, "path=big", "recursive=true", "confirm=big");

        assertThat(watcher.awaitChanges(3)).containsExactly("erase s:a - -", "drop s:b - -", "end_tree big - -");
    }

    @Test
    void pagesGoOnWhereThePageBeforeEnded() {
        run(Verb.PUT, "path=site:a", "value=1");

        Reply snapshot = run(Verb.WATCH, "sel=site:**");
        String after = "after=" + snapshot.notes().get("revision");
        CompletableFuture<Reply> waiting = datastore.handle(command(Verb.WATCH, "sel=site:**", after));
        run(Verb.PUT, "path=site:a", "value=2");
        run(Verb.PUT, "path=site:b", "value=3");

        assertThat(page(snapshot)).containsExactly("put site:a 1");
        List<String> told = new ArrayList<>(page(waiting.join()));
        Object next = waiting.join().notes().get("revision");
        while (told.size() < 2) {
            Reply page = run(Verb.WATCH, "sel=site:**", "after=" + next);
            told.addAll(page(page));
            next = page.notes().get("revision");
        }
        assertThat(told).containsExactly("put site:a 2", "put site:b 3");
        Reply empty = run(Verb.WATCH, "sel=site:**", "after=" + next, "wait=10ms");
        assertThat(page(empty)).isEmpty();
    }

    private static List<String> page(Reply reply) {
        return ((Result.Rows) reply.result())
                .table().rows().stream()
                        .map(row -> text(row[1]) + " " + text(row[3]) + " " + text(row[7]))
                        .toList();
    }

    @Test
    void theServersEndEndsSubscriptions() {
        Watcher watcher = watch("sel=a").awaitReady();

        datastore.watches().close();

        assertThatThrownBy(watcher.end::join).hasMessageContaining("stopping");
        assertThatThrownBy(() -> watch("sel=a").end.join()).hasMessageContaining("stopping");
    }
}
