package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.it.container.FaultyProxy.Fault;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client goes through when the network between it and the server fails (O3, O4). */
abstract class FaultContract {
    private static final Duration CALL = Duration.ofSeconds(1);
    /** A call may end this much after its time: the machine has other things to do. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private static final Duration FAULT = Duration.ofMillis(2500);
    private static final String TOKEN = "one-token-for-three-servers";
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    @RegisterExtension
    final Deployments deployments;

    private final List<Loss> losses;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param losses by which servers are lost, one after the other */
    FaultContract(Deployments.Kind kind, List<Loss> losses) {
        deployments = new Deployments(kind);
        this.losses = losses;
    }

    /** Something done to a server. */
    interface Step {
        void take(Deployment server) throws Exception;
    }

    /** How a server is lost to its clients, and what brings it back. */
    record Loss(Step strike, Step mend) {
        static final Loss KILLED = new Loss(Deployment::kill, Deployment::start);
        static final Loss STOPPED = new Loss(server -> assertThat(server.stop()).isZero(), Deployment::start);
        static final Loss FROZEN = new Loss(Deployment::freeze, Deployment::thaw);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /**
     * While it lasts each call ends in time, with a word for what is wrong, and others are served; after it the client
     * goes on by itself. Nothing that was acknowledged is lost, nothing is done twice.
     */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void isSurvived(Fault fault) throws Exception {
        Deployment server = deployments.make();
        server.start();

        Future<Void> http = threads.submit(() -> isSurvived(fault, server, "http"));
        Future<Void> zmq = threads.submit(() -> isSurvived(fault, server, "zmq"));

        http.get(60, TimeUnit.SECONDS);
        zmq.get(60, TimeUnit.SECONDS);
        assertThat(server.stop()).isZero();
    }

    private static Void isSurvived(Fault fault, Deployment server, String door) throws Exception {
        try (FaultyProxy network = new FaultyProxy(server.endpoint(door));
                Transport other = server.connect(door)) {
            Counter counter = isSurvived(network.failing(fault), server, door, other);
            if (fault == Fault.DELAY || fault == Fault.SLOW) {
                assertThat(counter.errors()).isEmpty();
            } else {
                assertThat(counter.errors()).isNotEmpty();
            }
            return null;
        }
    }

    /** What is between a client and a server, and fails when it is told to. */
    interface Network {
        /** {@code host:port} for the client. */
        String endpoint();

        void fail() throws Exception;

        void heal() throws Exception;

        /** How often the failure has hit a connection, bytes or packets: one that did not happen tests nothing. */
        long strikes() throws Exception;
    }

    /** @param other a connection that the failure spares */
    static Counter isSurvived(Network network, Deployment server, String door, Transport other) throws Exception {
        try (Transport client = server.connect(door, network.endpoint(), CALL)) {
            Counter counter = new Counter(client, "count:" + door);
            Counter unharmed = new Counter(other, "other:" + door);
            goOn(counter);
            long before = network.strikes();

            network.fail();
            long end = System.nanoTime() + FAULT.toNanos();
            do {
                counter.attempt();
                assertThat(unharmed.attempt()).isTrue();
            } while (System.nanoTime() < end);

            assertThat(network.strikes()).as("the fault struck").isGreaterThan(before);
            assertThat(unharmed.longest()).isLessThan(CALL);
            network.heal();
            Awaitility.await("the client recovers over " + door)
                    .atMost(RECOVERY)
                    .until(counter::attempt);
            goOn(counter);
            assertThat(counter.longest()).isLessThan(CALL.plus(LATE));
            assertThat(List.of(ErrorCode.TIMEOUT, ErrorCode.UNAVAILABLE)).containsAll(counter.errors());
            assertThat(new StoreReader(other).keys("count:" + door).values())
                    .containsExactly(String.valueOf(counter.acknowledged()));
            return counter;
        }
    }

    private static void goOn(Counter counter) {
        for (int i = 0; i < 10; i++) {
            if (!counter.attempt()) {
                throw new GoShareException(ErrorCode.UNAVAILABLE, "refused with one of " + counter.errors());
            }
        }
    }

    /**
     * Of three servers, each with a store of its own, one after the other is lost under load and comes back: the
     * clients go on with another within seconds. Each server keeps what it acknowledged, and does nothing that another
     * has done.
     */
    @Test
    void clientsOfThreeServersGoOnWithAnother() throws Exception {
        List<Deployment> servers = threeServers();
        try (FailoverClient http = new FailoverClient("http", servers);
                FailoverClient zmq = new FailoverClient("zmq", servers)) {
            List<FailoverClient> clients = List.of(http, zmq);
            List<Future<Void>> work = clients.stream().map(threads::submit).toList();
            for (int i = 0; i < losses.size(); i++) {
                goOn(clients, work, null);
                Deployment lost = clients.get(i % clients.size()).serverInUse();
                losses.get(i).strike().take(lost);
                goOn(clients, work, lost);
                losses.get(i).mend().take(lost);
            }
            goOn(clients, work, null);
            clients.forEach(FailoverClient::end);
            for (Future<Void> one : work) {
                one.get(FailoverClient.LONGEST_CALL.toSeconds(), TimeUnit.SECONDS);
            }
            http.verify("http");
            zmq.verify("zmq");
        }
        for (Deployment server : servers) {
            assertThat(server.stop()).isZero();
        }
    }

    private List<Deployment> threeServers() throws Exception {
        List<Integer> ports = freePorts(6);
        List<Deployment> servers = new ArrayList<>();
        List<Future<?>> starts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Deployment server = deployments.make().withToken(TOKEN).onPorts(ports.get(2 * i), ports.get(2 * i + 1));
            servers.add(server);
            starts.add(threads.submit(() -> {
                server.start();
                return null;
            }));
        }
        for (Future<?> start : starts) {
            start.get(60, TimeUnit.SECONDS);
        }
        return servers;
    }

    /** Below those that the system gives to connections: nobody takes one while its server is away. */
    private static List<Integer> freePorts(int number) {
        List<Integer> free = new ArrayList<>();
        while (free.size() < number) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            if (!free.contains(port) && isFree(port)) {
                free.add(port);
            }
        }
        return free;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until each client has had some more acknowledgements, none of them from {@code lost}. */
    private static void goOn(List<FailoverClient> clients, List<Future<Void>> work, @Nullable Deployment lost) {
        long[] least = clients.stream()
                .mapToLong(client -> client.acknowledgedBesides(lost) + 50)
                .toArray();
        Awaitility.await("the clients go on")
                .atMost(RECOVERY)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .failFast("a client has ended", () -> work.stream().anyMatch(Future::isDone))
                .until(() -> IntStream.range(0, least.length)
                        .allMatch(i -> clients.get(i).acknowledgedBesides(lost) > least[i]));
    }
}
