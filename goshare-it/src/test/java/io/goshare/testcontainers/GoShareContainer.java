package io.goshare.testcontainers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.rnorth.ducttape.ratelimits.RateLimiterBuilder;
import org.rnorth.ducttape.unreliables.Unreliables;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.ContainerState;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A GoShare server in a container, for tests: {@link #start} returns once it serves, {@link #stop} removes it with all
 * that it holds. Its settings are variables, {@code withEnv("GOSHARE_DISK_RESERVE", "64m")}; docs/guide-deploy.md lists
 * those of the image. The ports are others after each start. To be used by one thread, as any container.
 */
public final class GoShareContainer extends GenericContainer<GoShareContainer> {
    /** HTTP, inside the container's network. */
    public static final int HTTP_PORT = 9999;
    /** ZeroMQ, inside the container's network. */
    public static final int ZMQ_PORT = 9797;

    private static final Duration START = Duration.ofSeconds(60);

    /** @param image one that goshare-server/Dockerfile makes, such as {@code goshare:1.0.0} */
    public GoShareContainer(DockerImageName image) {
        super(image);
        withExposedPorts(HTTP_PORT, ZMQ_PORT);
        waitingFor(new Ready());
    }

    /** {@link #GoShareContainer(DockerImageName)} of an image's name. */
    public GoShareContainer(String image) {
        this(DockerImageName.parse(image));
    }

    /** Waits for the line that tells it serves; ends at once where the server does. */
    private static final class Ready extends AbstractWaitStrategy {
        Ready() {
            withStartupTimeout(START);
            withRateLimiter(RateLimiterBuilder.newBuilder()
                    .withRate(10, TimeUnit.SECONDS)
                    .withConstantThroughput()
                    .build());
        }

        @Override
        protected void waitUntilReady() {
            Unreliables.retryUntilTrue(
                    (int) startupTimeout.toSeconds(),
                    TimeUnit.SECONDS,
                    () -> getRateLimiter().getWhenReady(() -> !container().isRunning() || serves()));
            if (!serves()) {
                throw new ContainerLaunchException(
                        "the server ended instead of serving: " + container().getLogs());
            }
        }

        private boolean serves() {
            return container().getLogs(OutputFrame.OutputType.STDOUT).contains("ready http=");
        }

        private ContainerState container() {
            return waitStrategyTarget;
        }
    }

    /** {@code http://localhost:32768}, for any HTTP client; each request bears {@link #getToken}. */
    public String getHttpUrl() {
        return "http://" + getHost() + ":" + getMappedPort(HTTP_PORT);
    }

    /** {@code tcp://localhost:32769}, for a ZeroMQ socket; each request bears {@link #getToken}. */
    public String getZmqUrl() {
        return "tcp://" + getHost() + ":" + getMappedPort(ZMQ_PORT);
    }

    /** {@code goshare:http://localhost:32768?token=…}, for the Java client. */
    public String getConnectionUrl() {
        return "goshare:" + getHttpUrl() + "?token=" + URLEncoder.encode(getToken(), StandardCharsets.UTF_8);
    }

    /** The bearer token that the server asks for: the one given it, or the one it made at its first start. */
    public String getToken() {
        try {
            ExecResult file = execInContainer("sh", "-c", "cat \"$GOSHARE_TOKEN_FILE\"");
            if (file.getExitCode() != 0) {
                throw new IllegalStateException("the container's token cannot be read: " + file.getStderr());
            }
            return file.getStdout().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the token was read", e);
        }
    }
}
