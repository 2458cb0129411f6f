package io.goshare.it.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.goshare.server.Setting;
import io.goshare.testcontainers.GoShareContainer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;

/**
 * The image as it should be run: its root read-only, without capabilities, the store in a volume. Each start is a new
 * container on that volume.
 */
final class ContainerDeployment extends Deployment {
    private static final int USER = 10001;
    private static final int STOP_SECONDS = 40;
    /** Docker's own, which a container has that asks for none. */
    private static final String NETWORK = "bridge";

    private static final String CLOCK = "/data/clock";

    private final DockerClient docker = DockerClientFactory.lazyClient();
    private final String volume = "goshare-it-" + UUID.randomUUID();
    private final StringBuilder ended = new StringBuilder();
    private Consumer<HostConfig> limits = host -> {};
    private String javaOptions = "";
    private String clock = Faketime.offset(Duration.ZERO);
    private GoShareContainer container;
    private String token;

    ContainerDeployment() {
        docker.createVolumeCmd()
                .withName(volume)
                .withLabels(DockerClientFactory.DEFAULT_LABELS)
                .exec();
    }

    /** What else the engine is to be told of the container. */
    ContainerDeployment withLimits(Consumer<HostConfig> newLimits) {
        limits = newLimits;
        return this;
    }

    /** Options for Java in place of the image's, from the next start on; empty for the image's. */
    void withJavaOptions(String options) {
        javaOptions = options;
    }

    GoShareContainer container() {
        return container;
    }

    @Override
    void restore(Path data) throws IOException {
        Map<String, byte[]> files = new TreeMap<>(); // a directory before what is in it
        try (Stream<Path> all = Files.walk(data)) {
            for (Path one : all.toList()) {
                String name = Path.of("store")
                        .resolve(data.relativize(one))
                        .normalize()
                        .toString();
                if (Files.isDirectory(one)) {
                    files.put(name + "/", new byte[0]);
                } else {
                    files.put(name, Files.readAllBytes(one));
                }
            }
        }
        toVolume(files);
    }

    /**
     * Puts files, and directories where a name ends in {@code /}, owned by the server's user alone, into the volume.
     */
    private void toVolume(Map<String, byte[]> files) {
        String id = docker.createContainerCmd(ServerImage.name())
                .withHostConfig(HostConfig.newHostConfig().withBinds(Bind.parse(volume + ":/data")))
                .exec()
                .getId();
        try {
            docker.copyArchiveToContainerCmd(id)
                    .withRemotePath("/data")
                    .withTarInputStream(new ByteArrayInputStream(tar(files)))
                    .exec();
        } finally {
            docker.removeContainerCmd(id).exec();
        }
    }

    private static byte[] tar(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setUserId(USER);
                entry.setMode(entry.isDirectory() ? 0700 : 0600);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    void start() {
        container = new GoShareContainer(ServerImage.name());
        for (Map.Entry<Setting, String> setting : settings.entrySet()) {
            container.withEnv("GOSHARE_" + setting.getKey().name(), setting.getValue());
        }
        if (!javaOptions.isEmpty()) {
            container.withEnv("GOSHARE_JAVA_OPTS", javaOptions);
        }
        if (!givenToken.isEmpty()) {
            toVolume(Map.of("token", givenToken.getBytes(StandardCharsets.UTF_8)));
        }
        if (clockMoves) {
            toVolume(Map.of("libfaketime.so", Faketime.library(), "clock", clock.getBytes(StandardCharsets.UTF_8)));
            container.withEnv(Faketime.environment("/data/libfaketime.so", CLOCK));
        }
        if (diskMib > 0) {
            container.withTmpFs(Map.of("/data", "size=" + diskMib + "m,mode=0700,uid=" + USER));
        }
        container.withCreateContainerCmdModifier(command -> {
            HostConfig host = command.getHostConfig();
            host.withReadonlyRootfs(true).withCapDrop(Capability.ALL).withSecurityOpts(List.of("no-new-privileges"));
            if (diskMib == 0) {
                host.withBinds(Bind.parse(volume + ":/data"));
            }
            if (httpPort > 0) {
                host.withPortBindings(
                        published(httpPort, GoShareContainer.HTTP_PORT), published(zmqPort, GoShareContainer.ZMQ_PORT));
            }
            limits.accept(host);
        });
        try {
            container.start();
        } catch (RuntimeException e) {
            end();
            throw e;
        }
        token = container.getToken();
    }

    private static PortBinding published(int port, int inside) {
        return new PortBinding(Ports.Binding.bindPort(port), ExposedPort.tcp(inside));
    }

    @Override
    int stop() {
        docker.stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_SECONDS)
                .exec();
        return exitCode();
    }

    /** Waits for the container to end by itself. */
    int exitCode() {
        Awaitility.await("the container ends")
                .atMost(TIMEOUT)
                .until(() -> !container.getCurrentContainerInfo().getState().getRunning());
        int code =
                container.getCurrentContainerInfo().getState().getExitCodeLong().intValue();
        end();
        return code;
    }

    @Override
    void kill() {
        docker.killContainerCmd(container.getContainerId()).exec();
        exitCode();
    }

    @Override
    void freeze() {
        docker.pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    void thaw() {
        docker.unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** Takes it off its network, with the ports that are published; it runs on. */
    void disconnect() {
        docker.disconnectFromNetworkCmd()
                .withNetworkId(NETWORK)
                .withContainerId(container.getContainerId())
                .exec();
    }

    /** Gives it back its network. */
    void reconnect() {
        docker.connectToNetworkCmd()
                .withNetworkId(NETWORK)
                .withContainerId(container.getContainerId())
                .exec();
    }

    @Override
    void setClock(Duration ahead) throws IOException, InterruptedException {
        clock = Faketime.offset(ahead);
        if (container != null) { // renamed into place: it is read at any moment
            shell("echo '" + clock + "' >" + CLOCK + ".next && mv -f " + CLOCK + ".next " + CLOCK);
        }
    }

    /** Keeps its log and removes it. */
    private void end() {
        if (container.getContainerId() != null) {
            ended.append(container.getLogs());
        }
        container.stop();
        container = null;
    }

    @Override
    boolean isRunning() {
        return container != null && container.isRunning();
    }

    @Override
    String log() {
        return container == null ? ended.toString() : ended + container.getLogs();
    }

    @Override
    String endpoint(String door) {
        int port = door.equals("http") ? GoShareContainer.HTTP_PORT : GoShareContainer.ZMQ_PORT;
        Ports.Binding[] bindings = container
                .getCurrentContainerInfo() // the engine changes ports when networks come and go
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .get(ExposedPort.tcp(port));
        return container.getHost() + ":" + bindings[0].getHostPortSpec();
    }

    @Override
    String token() {
        return token;
    }

    /** Runs a shell command in the container; what it printed. */
    String shell(String command) throws IOException, InterruptedException {
        ExecResult result = container.execInContainer("sh", "-c", command);
        if (result.getExitCode() != 0) {
            throw new IOException(command + " failed: " + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    @Override
    void fillDisk(int mibLeft) throws IOException, InterruptedException {
        String free = shell("df -Pm /data | tail -n 1").strip().split("\\s+", -1)[3];
        int blocks = Integer.parseInt(free) - mibLeft;
        shell("dd if=/dev/zero of=/data/filler bs=1048576 count=" + blocks + " 2>&1");
    }

    @Override
    void emptyDisk() throws IOException, InterruptedException {
        shell("rm /data/filler");
    }

    @Override
    public void close() {
        if (container != null) {
            if (Boolean.TRUE.equals(
                    container.getCurrentContainerInfo().getState().getPaused())) {
                thaw();
            }
            container.stop();
        }
        docker.removeVolumeCmd(volume).exec();
    }
}
