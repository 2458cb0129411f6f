package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.ContainerNetwork;
import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import io.goshare.testcontainers.GoShareContainer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** What only a container can show: the image itself, the engine's limits, its networks. */
@RequiresDocker
@Tag("engine:leveldb")
final class ImageIT {
    private static final long MIB = 1 << 20;
    private static final int VALUES = 300;
    /** Java's, where -XX:+ExitOnOutOfMemoryError ends it. */
    private static final int OUT_OF_MEMORY = 3;

    @RegisterExtension
    final Deployments deployments = new Deployments(ContainerDeployment::new);

    @Test
    void runsAsNobodyOnAReadOnlyRootAndKeepsItsTokenToItself() throws Exception {
        ContainerDeployment server = started();

        assertThat(server.shell("id -u").strip()).isEqualTo("10001");
        assertThat(server.shell("touch /opt/goshare/x /tmp/x 2>&1; ls /opt/goshare /tmp"))
                .contains("Read-only file system")
                .doesNotContain("\nx\n");
        assertThat(server.shell("stat -c '%a %u' /data/token").strip()).isEqualTo("600 10001");
        assertThat(server.token()).hasSize(43);
        assertThat(server.log()).contains("/data/token").doesNotContain(server.token());
    }

    @Test
    void itsHealthCheckAsksTheServer() throws Exception {
        ContainerDeployment server = started();
        List<String> check = docker().inspectImageCmd(ServerImage.name())
                .exec()
                .getConfig()
                .getHealthcheck()
                .getTest();

        String[] command = check.subList(1, check.size()).toArray(String[]::new);
        ExecResult healthy = server.container().execInContainer(command);

        assertThat(check.get(0)).isEqualTo("CMD");
        assertThat(healthy.getExitCode()).as(healthy.getStderr()).isZero();
        command[1] = "healht";
        assertThat(server.container().execInContainer(command).getExitCode()).isNotZero();
    }

    @Test
    void aContainerThatCannotServeTellsWhyAtOnce() {
        try (GoShareContainer container = new GoShareContainer(ServerImage.name())) {
            container.withEnv("GOSHARE_ENGIN", "leveldb");
            Instant began = Instant.now();

            assertThatThrownBy(container::start)
                    .isInstanceOf(ContainerLaunchException.class)
                    .hasStackTraceContaining("did you mean GOSHARE_ENGINE?");

            assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(30));
        }
    }

    /** More than its memory passes through it, on half a processor. */
    @Test
    void keepsWithinMemoryAndProcessor() throws Exception {
        ContainerDeployment server = deployments
                .keep(new ContainerDeployment())
                .withLimits(host ->
                        host.withMemory(256 * MIB).withMemorySwap(256 * MIB).withNanoCPUs(500_000_000L));
        server.start();
        Map<String, String> acknowledged = new HashMap<>();
        try (Transport http = server.connect("http");
                Transport zmq = server.connect("zmq")) {
            for (int i = 0; i < VALUES; i++) {
                String value = i + "x".repeat((int) MIB - 10);
                StoreReader.done(i % 2 == 0 ? http : zmq, put("k" + i, value));
                acknowledged.put("k" + i, value);
            }
            for (int i = 0; i < VALUES; i += 50) {
                Reply found = StoreReader.done(zmq, Command.of(Verb.GET).with(Param.KEY, "k" + i));
                assertThat(((Result.Single) found.result()).value().asText()).isEqualTo(acknowledged.get("k" + i));
            }
        }
        ContainerState state = server.container().getCurrentContainerInfo().getState();
        assertThat(state.getRunning()).isTrue();
        assertThat(state.getOOMKilled()).isFalse();
        String throttled = server.shell("cat /sys/fs/cgroup/cpu/cpu.stat /sys/fs/cgroup/cpu.stat 2>/dev/null || true");
        assertThat(throttled).as("the limit was felt").containsPattern("nr_throttled [1-9]");
        assertThat(server.stop()).isZero();
    }

    /** Rather than to stay with half of its threads dead. */
    @Test
    void endsWhenJavasMemoryRunsOutAndComesBackWhole() throws Exception {
        ContainerDeployment server = started();
        try (Transport store = server.connect("http")) {
            StoreReader.done(store, put("before", "kept"));
        }
        server.stop();
        server.withJavaOptions("-Xmx24m");
        server.start();
        List<CompletableFuture<Reply>> large = new ArrayList<>();
        int code;
        try (Transport store = server.connect("http")) {
            for (int i = 0; i < 8; i++) {
                large.add(store.handle(Command.of(Verb.PUT).with(new Body.Rows(large(i)))));
            }
            code = server.exitCode();
        }
        assertThat(code).isEqualTo(OUT_OF_MEMORY);
        assertThat(large)
                .anySatisfy(reply -> assertThatThrownBy(() -> reply.get(20, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(GoShareException.class));

        server.withJavaOptions("");
        server.start();

        try (Transport store = server.connect("zmq")) {
            assertThat(new StoreReader(store).keys("before")).isEqualTo(Map.of("before", "kept"));
        }
        assertThat(server.stop()).isZero();
    }

    /** A client in another container is cut off and joined again; what it repeats counts once. */
    @Test
    void aNetworkThatIsTakenAwayAndGivenBack() throws Exception {
        ContainerDeployment server = started();
        String id = server.container().getContainerId();
        try (Network network = Network.newNetwork();
                GenericContainer<?> client = client(network, server.token())) {
            join(network, id);
            client.start();
            for (String url : List.of("goshare:http://server:9999", "goshare:zmq://server:9797")) {
                requireDone(increment(client, url, "first"));
            }

            docker().disconnectFromNetworkCmd()
                    .withNetworkId(network.getId())
                    .withContainerId(id)
                    .exec();
            for (String url : List.of("goshare:http://server:9999", "goshare:zmq://server:9797")) {
                ExecResult cut = increment(client, url, "second");
                assertThat(cut.getExitCode()).isEqualTo(1);
                assertThat(cut.getStderr()).startsWith("goshare: ").contains("server:");
                assertThat(cut.getStderr().lines()).as(cut.getStderr()).hasSize(1);
            }
            assertThat(counts(server)).containsExactly("1", "1");

            join(network, id);
            for (String url : List.of("goshare:http://server:9999", "goshare:zmq://server:9797")) {
                requireDone(increment(client, url, "second"));
                requireDone(increment(client, url, "second"));
            }
            assertThat(counts(server)).containsExactly("2", "2");
        }
    }

    private static GenericContainer<?> client(Network network, String token) {
        return new GenericContainer<>(ServerImage.name())
                .withNetwork(network)
                .withEnv("GOSHARE_TOKEN_FILE", "")
                .withEnv("GOSHARE_TOKEN", token)
                .withCreateContainerCmdModifier(command -> command.withEntrypoint("sleep", "600"));
    }

    private static void join(Network network, String container) {
        docker().connectToNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(container)
                .withContainerNetwork(new ContainerNetwork().withAliases("server"))
                .exec();
    }

    private static ExecResult increment(GenericContainer<?> client, String url, String request)
            throws IOException, InterruptedException {
        String key = url.contains("http") ? "count-http" : "count-zmq";
        return client.execInContainer(
                "goshare", "incr", key, "--request", key + request, "--timeout", "3s", "--url", url);
    }

    /** As this machine sees them, by way of another network. */
    private static Collection<String> counts(Deployment server) throws IOException {
        try (Transport outside = server.connect("http")) {
            return new StoreReader(outside).keys("count").values();
        }
    }

    private static void requireDone(ExecResult result) {
        assertThat(result.getExitCode()).as(result.getStderr()).isZero();
    }

    private ContainerDeployment started() {
        ContainerDeployment server = deployments.keep(new ContainerDeployment());
        server.start();
        return server;
    }

    private static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }

    /** Twelve values of almost 1 MiB. */
    private static Table large(int number) {
        Table rows = Table.of("key", "value");
        for (int i = 0; i < 12; i++) {
            rows.add(Value.of("large" + number + ":" + i), Value.of("x".repeat((int) MIB - 10)));
        }
        return rows;
    }

    private static Command put(String key, String value) {
        return Command.of(Verb.PUT).with(Param.KEY, key).with(new Body.Single(Value.of(value)));
    }
}
