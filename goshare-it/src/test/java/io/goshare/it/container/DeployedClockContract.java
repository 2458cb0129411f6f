package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.it.durability.ClockContract;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ClockContract} as it is deployed, by a clock that runs on and jumps for the whole program. */
abstract class DeployedClockContract extends ClockContract {
    @RegisterExtension
    final Deployments deployments;

    private Deployment server;
    private Duration ahead = Duration.ZERO;

    DeployedClockContract(Deployments.Kind kind) {
        deployments = new Deployments(kind);
    }

    @BeforeEach
    void make() throws IOException {
        server = deployments.make().withMovableClock();
    }

    @Override
    protected void start() throws IOException {
        server.start();
    }

    @Override
    protected void stop() throws IOException, InterruptedException {
        assertThat(server.stop()).isZero();
    }

    @Override
    protected Transport connect(String door) throws IOException {
        return server.connect(door);
    }

    @Override
    protected void jump(Duration by) throws IOException, InterruptedException {
        ahead = ahead.plus(by);
        server.setClock(ahead);
    }
}
