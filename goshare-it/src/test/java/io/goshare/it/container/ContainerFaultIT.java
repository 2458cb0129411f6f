package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.protocol.ErrorCode;
import io.goshare.testcontainers.GoShareContainer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Network faults between a client and a container. */
@RequiresDocker
final class ContainerFaultIT extends FaultContract {
    private static final Loss DISCONNECTED = new Loss(
            server -> container(server).disconnect(),
            server -> container(server).reconnect());

    ContainerFaultIT() {
        super(ContainerDeployment::new, List.of(Loss.KILLED, Loss.STOPPED, Loss.FROZEN, DISCONNECTED));
    }

    private static ContainerDeployment container(Deployment server) {
        return (ContainerDeployment) server;
    }

    /** The client's packets vanish, and it is not told: what it sent is under way until they pass again. */
    @ParameterizedTest
    @CsvSource({"http, zmq", "zmq, http"})
    void droppedPacketsAreSurvived(String door, String otherDoor) throws Exception {
        ContainerDeployment server = deployments.keep(new ContainerDeployment());
        server.start();
        int port = door.equals("http") ? GoShareContainer.HTTP_PORT : GoShareContainer.ZMQ_PORT;
        PacketFilter network = new PacketFilter(server.container(), port);

        try (Transport other = server.connect(otherDoor)) {
            Counter counter = isSurvived(network, server, door, other);
            assertThat(counter.errors()).contains(ErrorCode.TIMEOUT);
        }
        assertThat(server.stop()).isZero();
    }
}
