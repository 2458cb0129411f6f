package io.goshare.server.http;

import io.goshare.protocol.wire.Token;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the HTTP door is told.
 *
 * @param host address to bind; default 127.0.0.1
 * @param port 0 takes a free one, told by {@link HttpDoor#port()}; default 9999
 * @param classic whether {@code /db /get /put /del} of the first GoShare are served; default true
 * @param token what requests must bear, if they must; default none
 * @param allowedHosts names a Host header may bear beside loopback names and the bound address, unless a token is set
 * @param maxBodyBytes of a request under /api/ and /write; default 16 MiB
 * @param maxBytesInFlight of all bodies being received or worked on; above it 503; default 256 MiB
 * @param maxConnections at once, more are closed; default 1,024
 * @param maxConnectionsPerAddress the same for one address that is not loopback; default 256
 * @param requestDeadline from a request's first byte to the end of its reply; default 30 s
 * @param idle silence after which a connection is closed; default 30 s
 * @param stopTimeout how long {@link HttpDoor#close()} waits for requests under way; default 30 s
 */
public record HttpConfig(
        String host,
        int port,
        boolean classic,
        Optional<Token> token,
        List<String> allowedHosts,
        int maxBodyBytes,
        long maxBytesInFlight,
        int maxConnections,
        int maxConnectionsPerAddress,
        Duration requestDeadline,
        Duration idle,
        Duration stopTimeout) {
    public HttpConfig {
        allowedHosts = List.copyOf(allowedHosts);
    }

    public static HttpConfig defaults() {
        Duration seconds30 = Duration.ofSeconds(30);
        return new HttpConfig(
                "127.0.0.1",
                9999,
                true,
                Optional.empty(),
                List.of(),
                16 << 20,
                256L << 20,
                1024,
                256,
                seconds30,
                seconds30,
                seconds30);
    }

    public HttpConfig withHost(String newHost) {
        return with(copy -> copy.host = newHost);
    }

    public HttpConfig withPort(int newPort) {
        return with(copy -> copy.port = newPort);
    }

    public HttpConfig withClassic(boolean newClassic) {
        return with(copy -> copy.classic = newClassic);
    }

    public HttpConfig withToken(Optional<Token> newToken) {
        return with(copy -> copy.token = newToken);
    }

    public HttpConfig withAllowedHosts(List<String> newAllowedHosts) {
        return with(copy -> copy.allowedHosts = newAllowedHosts);
    }

    public HttpConfig withTimes(Duration newRequestDeadline, Duration newIdle, Duration newStopTimeout) {
        return with(copy -> {
            copy.requestDeadline = newRequestDeadline;
            copy.idle = newIdle;
            copy.stopTimeout = newStopTimeout;
        });
    }

    public HttpConfig withSizes(int newMaxBodyBytes, long newMaxBytesInFlight, int newMaxConnections) {
        return with(copy -> {
            copy.maxBodyBytes = newMaxBodyBytes;
            copy.maxBytesInFlight = newMaxBytesInFlight;
            copy.maxConnections = newMaxConnections;
        });
    }

    private HttpConfig with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.done();
    }

    private static final class Copy {
        String host;
        int port;
        boolean classic;
        Optional<Token> token;
        List<String> allowedHosts;
        int maxBodyBytes;
        long maxBytesInFlight;
        int maxConnections;
        int maxConnectionsPerAddress;
        Duration requestDeadline;
        Duration idle;
        Duration stopTimeout;

        Copy(HttpConfig config) {
            host = config.host;
            port = config.port;
            classic = config.classic;
            token = config.token;
            allowedHosts = config.allowedHosts;
            maxBodyBytes = config.maxBodyBytes;
            maxBytesInFlight = config.maxBytesInFlight;
            maxConnections = config.maxConnections;
            maxConnectionsPerAddress = config.maxConnectionsPerAddress;
            requestDeadline = config.requestDeadline;
            idle = config.idle;
            stopTimeout = config.stopTimeout;
        }

        HttpConfig done() {
            return new HttpConfig(
                    host,
                    port,
                    classic,
                    token,
                    allowedHosts,
                    maxBodyBytes,
                    maxBytesInFlight,
                    maxConnections,
                    maxConnectionsPerAddress,
                    requestDeadline,
                    idle,
                    stopTimeout);
        }
    }
}
