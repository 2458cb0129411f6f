package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at a random moment of a mixed load on both doors, again and again (C1, C2, C8). The journal of what
 * was acknowledged is kept here, in the parent; each restart must open by itself and show all of it.
 */
@Tag("door:http")
@Tag("door:zeromq")
final class KillIT {
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
    @Tag("engine:leveldb")
    void nothingAcknowledgedIsLostIn25Kills() throws Exception {
        List<LoadClient> clients = clients(0);

        cycles(clients, Integer.getInteger("goshare.kills", 25), 45, 700);

        assertThat(acknowledged(clients, "http")).isGreaterThan(1000);
        assertThat(acknowledged(clients, "zmq")).isGreaterThan(1000);
    }

    @Test
    @Tag("engine:rocksdb")
    void norOnRocksDb() throws Exception {
        List<LoadClient> clients = clients(0);

        cycles(clients, 5, 20, 300, "--engine", "rocksdb");

        assertThat(acknowledged(clients, "http")).isPositive();
    }

    @Test
    @Tag("engine:leveldb")
    void norWithEachWriteSynced() throws Exception {
        List<LoadClient> clients = clients(0);

        cycles(clients, 5, 20, 300, "--durability", "always");

        assertThat(acknowledged(clients, "http")).isPositive();
    }

    /** A put of 1 to 8 MiB is cut into log records that a kill may leave half written. */
    @Test
    @Tag("engine:leveldb")
    void norWithLargeValues() throws Exception {
        List<LoadClient> clients = clients(8);

        cycles(clients, 10, 2, 600);

        assertThat(acknowledged(clients, "http")).isPositive();
    }

    private List<LoadClient> clients(int largeValues) {
        List<LoadClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(new LoadClient("w" + i, i % 2 == 0 ? "http" : "zmq", random.nextLong(), largeValues));
        }
        return clients;
    }

    private static long acknowledged(List<LoadClient> clients, String door) {
        return clients.stream()
                .filter(client -> client.door().equals(door))
                .mapToLong(LoadClient::acknowledged)
                .sum();
    }

    /**
     * Load, kill, restart, verify; every third time the restart itself is killed first. A kill comes at a random moment
     * after {@code least} acknowledgements on each door, however slow the machine.
     */
    private void cycles(List<LoadClient> clients, int kills, int least, int mostMillis, String... flags)
            throws Exception {
        System.out.println("seed " + SEED);
        for (int kill = 0; kill < kills; kill++) {
            try (ServerProcess server = ServerProcess.start(data(), flags)) {
                verify(clients, server);
                long[] before = {acknowledged(clients, "http"), acknowledged(clients, "zmq")};
                try (Load load = new Load(threads, server::connect, clients)) {
                    await().atMost(60, TimeUnit.SECONDS)
                            .pollInterval(5, TimeUnit.MILLISECONDS)
                            .until(() -> acknowledged(clients, "http") >= before[0] + least
                                    && acknowledged(clients, "zmq") >= before[1] + least);
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(mostMillis)); // the moment is what is tested
                    server.kill();
                }
            }
            if (kill % 3 == 2) {
                killedStart(flags);
            }
        }
        try (ServerProcess server = ServerProcess.start(data(), flags)) {
            verify(clients, server);
            assertThat(server.terminate()).isZero();
        }
    }

    private static void verify(List<LoadClient> clients, ServerProcess server) {
        try (Transport store = server.connect("http")) {
            clients.forEach(client -> client.verify(store));
        }
    }

    private void killedStart(String... flags) throws IOException, InterruptedException {
        List<String> command = ServerProcess.program();
        command.addAll(List.of("serve", "--data", data().toString(), "--http-port", "0", "--zmq-ports", "0"));
        command.addAll(List.of(flags));
        Process start = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        start.waitFor(200 + random.nextInt(500), TimeUnit.MILLISECONDS);
        start.destroyForcibly().waitFor();
    }

    private Path data() {
        return directory.resolve("data");
    }
}
