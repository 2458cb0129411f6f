package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerProcess;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stops and restarts under load. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class RestartIT {
    private static final long SEED = Long.getLong("goshare.seed", 20_260_701L);

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void sigtermDrainsAndClosesCleanly() throws Exception {
        List<LoadClient> clients = List.of(
                new LoadClient("h", "http", random.nextLong(), 0), new LoadClient("z", "zmq", random.nextLong(), 0));
        for (int i = 0; i < 3; i++) {
            try (ServerProcess server = ServerProcess.start(data())) {
                try (Load load = new Load(threads, server::connect, clients)) {
                    TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(300)); // the moment is what is tested
                    Instant asked = Instant.now();

                    assertThat(server.terminate()).isZero();

                    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(30));
                    assertThat(server.log()).contains("stopped").doesNotContain("ERROR");
                }
            }
        }
        try (ServerProcess server = ServerProcess.start(data());
                Transport store = server.connect("zmq")) {
            clients.forEach(client -> client.verify(store));
        }
        assertThat(clients).allMatch(client -> client.acknowledged() > 0);
    }

    /** Increments are no puts: a retry would count twice, but for the request's name (O5). */
    @Test
    void aNamedRequestIsAppliedOnceAcrossRestarts() throws Exception {
        long acknowledged = 0;
        for (int restart = 0; restart < 10; restart++) {
            try (ServerProcess server = ServerProcess.start(data());
                    Transport store = server.connect(restart % 2 == 0 ? "http" : "zmq")) {
                Instant end = Instant.now().plusMillis(100 + random.nextInt(200));
                boolean kill = random.nextBoolean();
                Thread killer = new Thread(() -> {
                    endAt(end, server, kill);
                    store.close();
                });
                killer.start();
                while (increment(store, acknowledged)) {
                    acknowledged++;
                }
                killer.join();
            }
        }
        try (ServerProcess server = ServerProcess.start(data());
                Transport store = server.connect("http")) {
            assertThat(increment(store, acknowledged)).isTrue(); // the one in doubt, or a new one

            assertThat(new StoreReader(store).keys("counter"))
                    .containsEntry("counter", String.valueOf(acknowledged + 1));
        }
        assertThat(acknowledged).isGreaterThan(50);
    }

    private static boolean increment(Transport store, long number) {
        try {
            StoreReader.done(
                    store, Command.of(Verb.INCR).with(Param.KEY, "counter").with(Param.REQUEST, "increment-" + number));
            return true;
        } catch (GoShareException e) {
            return false;
        }
    }

    private static void endAt(Instant end, ServerProcess server, boolean kill) {
        try {
            TimeUnit.MILLISECONDS.sleep(Duration.between(Instant.now(), end).toMillis());
            if (kill) {
                server.kill();
            } else {
                server.terminate();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path data() {
        return directory.resolve("data");
    }
}
