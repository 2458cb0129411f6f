package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.goshare.client.transport.Transport;
import io.goshare.client.transport.zeromq.ZeroMqTransport;
import io.goshare.it.fixture.EventClient;
import io.goshare.it.fixture.ServerProcess;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Subscriptions across {@code kill -9}: what watchers on each door were told, resumed after each kill from the last
 * revision they got, against what writers were acknowledged. Nothing is missing, nothing comes twice.
 */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class WatchKillIT {
    private static final int KILLS = Integer.getInteger("goshare.kills", 6);
    private static final long FIRST_NANOS = 1_750_000_000_000_000_000L;

    @TempDir
    java.nio.file.Path directory;

    private final Random random = new Random(Long.getLong("goshare.seed", 20_260_701L));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** By revision, what was written: path and value. */
    private final Map<Long, String> acknowledged = new ConcurrentSkipListMap<>();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** What a watcher was told, and where it resumes. */
    private static final class Told {
        private final Map<Long, List<String>> rows = new TreeMap<>();
        private @Nullable Long resume;

        synchronized void add(long revision, List<String> told) {
            assertThat(rows.put(revision, told))
                    .as("revision " + revision + " came twice")
                    .isNull();
            assertThat(resume == null || revision > resume)
                    .as("revision " + revision + " comes late")
                    .isTrue();
            resume = revision;
        }

        synchronized void resume(long revision) {
            resume = revision;
        }

        synchronized Optional<Long> resume() {
            return Optional.ofNullable(resume);
        }

        synchronized boolean reached(long revision) {
            return resume != null && resume >= revision;
        }
    }

    @Test
    void nothingIsMissedOrRepeatedAcrossKills() throws Exception {
        Told overHttp = new Told();
        Told overZeroMq = new Told();
        long number = 0;
        for (int kill = 0; kill <= KILLS; kill++) {
            try (ServerProcess server = ServerProcess.start(directory.resolve("data"))) {
                int before = acknowledged.size();
                List<Future<?>> work = new ArrayList<>();
                work.add(threads.submit(() -> watchHttp(server, overHttp)));
                work.add(threads.submit(() -> watchZeroMq(server, overZeroMq)));
                await().atMost(30, TimeUnit.SECONDS)
                        .until(() -> overHttp.resume().isPresent()
                                && overZeroMq.resume().isPresent());
                for (String door : List.of("http", "zmq")) {
                    long first = number += 1_000_000;
                    work.add(threads.submit(() -> write(server, door, first)));
                }
                await().atMost(60, TimeUnit.SECONDS).until(() -> acknowledged.size() > before + 200);
                if (kill < KILLS) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(400)); // the moment is what is tested
                } else {
                    work.subList(2, 4).forEach(writer -> writer.cancel(true));
                    long last = new TreeMap<>(acknowledged).lastKey();
                    await().atMost(30, TimeUnit.SECONDS)
                            .until(() -> overHttp.reached(last) && overZeroMq.reached(last));
                }
                server.kill();
                for (Future<?> done : work) {
                    if (!done.isCancelled()) {
                        done.get(30, TimeUnit.SECONDS);
                    }
                }
            }
        }

        for (Told told : List.of(overHttp, overZeroMq)) {
            acknowledged.forEach((revision, row) -> assertThat(told.rows.get(revision))
                    .as("revision " + revision)
                    .containsExactly(row));
        }
        assertThat(overHttp.rows).isEqualTo(overZeroMq.rows);
        assertThat(acknowledged.size()).isGreaterThan(200 * KILLS);
    }

    private void write(ServerProcess server, String door, long first) {
        try (Transport store = server.connect(door)) {
            for (long i = first; !Thread.currentThread().isInterrupted(); i++) {
                String path = "w:" + i % 5;
                Command command = i % 2 == 0
                        ? Command.of(Verb.PUT)
                                .with(Param.PATH, Path.parse(path))
                                .with(new Body.Single(Value.of(i)))
                        : Command.of(Verb.WRITE)
                                .with(new Body.Points(new PointBatch.Builder()
                                        .add(SeriesKey.of(Path.parse(path)), FIRST_NANOS + i, Value.of(i))
                                        .build()));
                Reply reply = store.handle(command).join();
                acknowledged.put(Long.parseLong(reply.notes().get("revision")), path + " " + i);
            }
        } catch (CompletionException gone) {
            assertThat(gone).hasCauseInstanceOf(GoShareException.class);
        }
    }

    private static void watchHttp(ServerProcess server, Told told) {
        try (EventClient events =
                new EventClient("127.0.0.1:" + server.httpPort(), "sel=w:**&fmt=json", told.resume())) {
            for (Optional<EventClient.Event> event = events.next(); event.isPresent(); event = events.next()) {
                switch (event.get().name()) {
                    case "change" ->
                        told.add(
                                event.get().id().orElseThrow(),
                                event.get().data().stream()
                                        .map(WatchKillIT::row)
                                        .toList());
                    case "ready", "beat" -> told.resume(event.get().id().orElseThrow());
                    default -> assertThat(event.get().name()).isEqualTo("snapshot");
                }
            }
        } catch (IOException killed) {
            assertThat(killed).isNotNull();
        }
    }

    private static String row(String json) {
        return json.replaceAll(".*\"path\":\"([^\"]*)\".*\"value\":([0-9]+).*", "$1 $2");
    }

    private static void watchZeroMq(ServerProcess server, Told told) {
        // A request that a kill leaves without an answer ends by its timeout.
        try (Transport store =
                new ZeroMqTransport("127.0.0.1:" + server.zmqPort(), Optional.empty(), Duration.ofSeconds(4))) {
            while (true) {
                Command watch = Command.of(Verb.WATCH)
                        .with(Param.SEL, Selector.parse("w:**"))
                        .with(Param.WAIT, TimeUnit.SECONDS.toNanos(1));
                if (told.resume().isPresent()) {
                    watch = watch.with(Param.AFTER, told.resume().get());
                }
                Reply page = store.handle(watch).join();
                TreeMap<Long, List<String>> rows = new TreeMap<>();
                for (@Nullable
                Value[] row : ((Result.Rows) page.result()).table().rows()) {
                    if (row[0] != null && row[3] != null && row[7] != null) {
                        rows.computeIfAbsent(row[0].word(), revision -> new ArrayList<>())
                                .add(row[3].asText() + " " + row[7].asText());
                    }
                }
                rows.forEach(told::add);
                told.resume(Long.parseLong(page.notes().get("revision")));
            }
        } catch (CompletionException gone) {
            assertThat(gone).hasCauseInstanceOf(GoShareException.class);
        }
    }
}
