package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.it.container.FaultyProxy.Fault;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client goes through when the network between it and the server fails (O3, O4). */
abstract class FaultContract {
    private static final Duration CALL = Duration.ofSeconds(1);
    /** A call may end this much after its time: the machine has other things to do. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private static final Duration FAULT = Duration.ofMillis(2500);
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    @RegisterExtension
    final Deployments deployments;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    FaultContract(Deployments.Kind kind) {
        deployments = new Deployments(kind);
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

    private static Void isSurvived(Fault fault, Deployment server, String door)
            throws IOException, InterruptedException {
        try (FaultyProxy network = new FaultyProxy(server.endpoint(door));
                Transport client = server.connect(door, network.endpoint(), CALL);
                Transport other = server.connect(door)) {
            Counter counter = new Counter(client, "count:" + door);
            Counter unharmed = new Counter(other, "other:" + door);
            goOn(counter);
            long before = network.strikes();

            network.set(fault);
            long end = System.nanoTime() + FAULT.toNanos();
            do {
                counter.attempt();
                assertThat(unharmed.attempt()).isTrue();
            } while (System.nanoTime() < end);

            assertThat(network.strikes()).as("the fault struck").isGreaterThan(before);
            assertThat(unharmed.longest()).isLessThan(CALL);
            network.set(Fault.NONE);
            Awaitility.await("the client recovers over " + door)
                    .atMost(RECOVERY)
                    .until(counter::attempt);
            goOn(counter);
            assertThat(counter.longest()).isLessThan(CALL.plus(LATE));
            assertThat(List.of(ErrorCode.TIMEOUT, ErrorCode.UNAVAILABLE)).containsAll(counter.errors());
            if (fault == Fault.DELAY || fault == Fault.SLOW) {
                assertThat(counter.errors()).isEmpty();
            } else {
                assertThat(counter.errors()).isNotEmpty();
            }
            assertThat(new StoreReader(other).keys("count:" + door).values())
                    .containsExactly(String.valueOf(counter.acknowledged()));
            return null;
        }
    }

    private static void goOn(Counter counter) {
        for (int i = 0; i < 10; i++) {
            if (!counter.attempt()) {
                throw new GoShareException(ErrorCode.UNAVAILABLE, "refused with one of " + counter.errors());
            }
        }
    }
}
