package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.goshare.client.transport.Transport;
import io.goshare.it.contract.RoundTrip;
import io.goshare.it.durability.Load;
import io.goshare.it.durability.LoadClient;
import io.goshare.it.durability.UpgradeFixture;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import io.goshare.server.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deployed server holds to, however it is deployed. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
abstract class DeploymentContract {
    private static final long SEED = Long.getLong("goshare.seed", 20_260_701L);
    private static final List<String> DOORS = List.of("http", "zmq");
    private static final List<Format> FORMATS = List.of(
            Format.CSV, Format.JSON, Format.NDJSON, Format.MSGPACK, Format.PROTOBUF, Format.CAPNP, Format.COLUMNS);
    private static final int ORDERED = 100;

    @RegisterExtension
    final Deployments deployments;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random random = new Random(SEED);

    DeploymentContract(Deployments.Kind kind) {
        deployments = new Deployments(kind);
    }

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void everyEncodingPassesEachDoor() throws Exception {
        Deployment server = started();

        for (String door : DOORS) {
            try (Transport store = server.connect(door)) {
                for (Format format : FORMATS) {
                    RoundTrip.everyTypeComesBack(store, format);
                }
            }
        }
    }

    @Test
    void eachDoorAsksForTheToken() throws Exception {
        Deployment server = started();

        for (String door : DOORS) {
            try (Transport stranger = server.connectWithout(door)) {
                assertThat(refusal(stranger, Command.of(Verb.SCAN))).contains(ErrorCode.UNAUTHORIZED);
            }
        }
    }

    @Test
    void theStoreAndTheTokenOutliveTheServer() throws Exception {
        Deployment server = started();
        String token = server.token();
        try (Transport store = server.connect("http")) {
            put(store, "colour", "blue");
        }
        assertThat(server.stop()).isZero();

        server.start();

        assertThat(server.token()).isEqualTo(token);
        try (Transport store = server.connect("zmq")) {
            assertThat(new StoreReader(store).keys("")).isEqualTo(Map.of("colour", "blue"));
        }
        assertThat(server.stop()).isZero();
        assertThat(server.log()).contains("stopped").doesNotContain("ERROR");
    }

    @Test
    void aKillLosesNothingAcknowledged() throws Exception {
        List<LoadClient> clients = List.of(
                new LoadClient("h", "http", random.nextLong(), 0), new LoadClient("z", "zmq", random.nextLong(), 0));
        Deployment server = deployments.make();
        for (int kill = 0; kill < 3; kill++) {
            server.start();
            verify(clients, server);
            long[] least = clients.stream()
                    .mapToLong(client -> client.acknowledged() + 50)
                    .toArray();
            try (Load load = new Load(threads, door -> connect(server, door), clients)) {
                await().atMost(60, TimeUnit.SECONDS)
                        .pollInterval(5, TimeUnit.MILLISECONDS)
                        .until(() -> clients.get(0).acknowledged() > least[0]
                                && clients.get(1).acknowledged() > least[1]);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300)); // the moment is what is tested
                server.kill();
            }
        }
        server.start();
        verify(clients, server);
        assertThat(server.stop()).isZero();
    }

    private static Transport connect(Deployment server, String door) {
        try {
            return server.connect(door);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void verify(List<LoadClient> clients, Deployment server) throws IOException {
        try (Transport store = server.connect("http")) {
            clients.forEach(client -> client.verify(store));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "1.0.0-killed"})
    void opensTheStoreOfEveryRelease(String release, @TempDir Path directory) throws Exception {
        Path data = directory.resolve("data");
        UpgradeFixture.unzip(release, data);
        Deployment server = deployments.make();
        server.restore(data);

        server.start();

        for (String door : DOORS) {
            try (Transport store = server.connect(door)) {
                assertThat(UpgradeFixture.dump(store)).isEqualTo(UpgradeFixture.expected(release));
            }
        }
    }

    /** A disk of 256 MiB fills up, and later has room again (D1). */
    @Test
    void onAFullDiskItReadsAndRefusesWritesUntilThereIsRoom() throws Exception {
        Deployment server = deployments
                .make()
                .onDiskOf(256)
                .with(Setting.DISK_RESERVE, "96m")
                .with(Setting.WRITE_BUFFER, "4m");
        server.start();
        try (Transport http = server.connect("http");
                Transport zmq = server.connect("zmq")) {
            Map<String, String> acknowledged = new TreeMap<>();
            for (int i = 0; i < 200; i++) {
                assertThat(putLarge(i % 2 == 0 ? http : zmq, i, acknowledged)).isEmpty();
            }

            server.fillDisk(60);
            await("the reserve is noticed").atMost(Duration.ofSeconds(1)).untilAsserted(() -> {
                assertThat(putLarge(http, 200, acknowledged)).contains(ErrorCode.DISK_LOW);
                assertThat(putLarge(zmq, 201, acknowledged)).contains(ErrorCode.DISK_LOW);
            });
            assertThat(new StoreReader(http).keys("k")).isEqualTo(acknowledged);
            assertThat(new StoreReader(zmq).keys("k")).isEqualTo(acknowledged);
            assertThat(server.isRunning()).isTrue();

            server.emptyDisk();
            await("writes resume")
                    .atMost(Duration.ofSeconds(2))
                    .until(() -> putLarge(http, 202, acknowledged).isEmpty());
            assertThat(putLarge(zmq, 203, acknowledged)).isEmpty();
            assertThat(new StoreReader(zmq).keys("k")).isEqualTo(acknowledged);
        }
        assertThat(server.stop()).isZero();
    }

    /** Puts 100 KiB; what it was refused with, if it was. */
    private static Optional<ErrorCode> putLarge(Transport store, int number, Map<String, String> acknowledged) {
        String key = "k" + number;
        String value = number + "x".repeat(100_000);
        Optional<ErrorCode> refusal =
                refusal(store, Command.of(Verb.PUT).with(Param.KEY, key).with(new Body.Single(Value.of(value))));
        if (refusal.isEmpty()) {
            acknowledged.put(key, value);
        }
        return refusal;
    }

    /**
     * Two clients write one key, each through its own door; the other door shows what one has acknowledged, or later.
     */
    @Test
    void bothDoorsShowOneOrderOfChanges() throws Exception {
        Deployment server = started();
        Map<Long, String> written = new ConcurrentSkipListMap<>();
        Map<Long, String> seen = new ConcurrentSkipListMap<>();

        Future<Void> http = threads.submit(() -> writeAndWatch(server, "http", "zmq", written, seen));
        Future<Void> zmq = threads.submit(() -> writeAndWatch(server, "zmq", "http", written, seen));
        http.get(60, TimeUnit.SECONDS);
        zmq.get(60, TimeUnit.SECONDS);

        assertThat(written).hasSize(2 * ORDERED);
        assertThat(written).containsAllEntriesOf(seen);
        List<String> inOrder = List.copyOf(written.values());
        for (String door : DOORS) {
            List<String> own =
                    inOrder.stream().filter(value -> value.startsWith(door)).toList();
            assertThat(own).isSortedAccordingTo((one, other) -> number(one) - number(other));
            try (Transport store = server.connect(door)) {
                assertThat(value(get(store))).isEqualTo(inOrder.get(inOrder.size() - 1));
            }
        }
    }

    private static Void writeAndWatch(
            Deployment server, String door, String otherDoor, Map<Long, String> written, Map<Long, String> seen)
            throws IOException {
        try (Transport store = server.connect(door);
                Transport other = server.connect(otherDoor)) {
            long last = 0;
            for (int i = 0; i < ORDERED; i++) {
                String value = door + " " + i;
                long revision = revision(put(store, "shared", value));
                assertThat(written.put(revision, value))
                        .as("one change has this revision")
                        .isNull();
                Reply found = get(other);
                assertThat(revision(found)).isGreaterThanOrEqualTo(Math.max(last, revision));
                last = revision(found);
                seen.put(last, value(found));
            }
            return null;
        }
    }

    private static int number(String value) {
        return Integer.parseInt(value.substring(value.indexOf(' ') + 1));
    }

    private static Reply put(Transport store, String key, String value) {
        return StoreReader.done(
                store, Command.of(Verb.PUT).with(Param.KEY, key).with(new Body.Single(Value.of(value))));
    }

    private static Reply get(Transport store) {
        return StoreReader.done(store, Command.of(Verb.GET).with(Param.KEY, "shared"));
    }

    private static long revision(Reply reply) {
        return Long.parseLong(reply.notes().get("revision"));
    }

    private static String value(Reply reply) {
        return ((Result.Single) reply.result()).value().asText();
    }

    private static Optional<ErrorCode> refusal(Transport store, Command command) {
        try {
            StoreReader.done(store, command);
            return Optional.empty();
        } catch (GoShareException e) {
            return Optional.of(e.code());
        }
    }

    private Deployment started() throws IOException {
        Deployment server = deployments.make();
        server.start();
        return server;
    }
}
