package io.goshare.server.zeromq;

import io.goshare.protocol.wire.Token;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the ZeroMQ door is told.
 *
 * @param host IP address to bind; default 127.0.0.1
 * @param ports every one speaks everything; 0 takes a free one, told by {@link ZeroMqDoor#ports()}; default 9898, 9797
 * @param classic whether the first GoShare's words are served; default true
 * @param token what requests must bear, if they must: {@code token=} in frame 0, or the PLAIN password; default none
 * @param plain whether the ports speak the PLAIN mechanism, whose password is the token, rather than NULL; default
 *     false
 * @param maxMessageBytes of one message, all frames together; default 16 MiB
 * @param maxBytesInFlight of all requests being worked on; above it 429; default 256 MiB
 * @param maxConnections at once, more are closed; default 1,024
 * @param maxConnectionsPerAddress the same for one address that is not loopback; default 256
 * @param firstMessage time from a connection to its first message, after which it is closed; default 10 s
 * @param requestDeadline after which a request is answered 408; default 30 s
 * @param stopTimeout how long {@link ZeroMqDoor#close()} waits for requests under way; default 30 s
 */
public record ZeroMqConfig(
        String host,
        List<Integer> ports,
        boolean classic,
        Optional<Token> token,
        boolean plain,
        int maxMessageBytes,
        long maxBytesInFlight,
        int maxConnections,
        int maxConnectionsPerAddress,
        Duration firstMessage,
        Duration requestDeadline,
        Duration stopTimeout) {
    public ZeroMqConfig {
        ports = List.copyOf(ports);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("the ZeroMQ door needs at least one port");
        }
        if (plain && token.isEmpty()) {
            throw new IllegalArgumentException("PLAIN needs a token: it is the password");
        }
    }

    public static ZeroMqConfig defaults() {
        Duration seconds30 = Duration.ofSeconds(30);
        return new ZeroMqConfig(
                "127.0.0.1",
                List.of(9898, 9797),
                true,
                Optional.empty(),
                false,
                16 << 20,
                256L << 20,
                1024,
                256,
                Duration.ofSeconds(10),
                seconds30,
                seconds30);
    }

    public ZeroMqConfig withHost(String newHost) {
        return with(copy -> copy.host = newHost);
    }

    public ZeroMqConfig withPorts(List<Integer> newPorts) {
        return with(copy -> copy.ports = newPorts);
    }

    public ZeroMqConfig withClassic(boolean newClassic) {
        return with(copy -> copy.classic = newClassic);
    }

    public ZeroMqConfig withToken(Optional<Token> newToken) {
        return with(copy -> copy.token = newToken);
    }

    public ZeroMqConfig withPlain(boolean newPlain) {
        return with(copy -> copy.plain = newPlain);
    }

    public ZeroMqConfig withTimes(Duration newFirstMessage, Duration newRequestDeadline, Duration newStopTimeout) {
        return with(copy -> {
            copy.firstMessage = newFirstMessage;
            copy.requestDeadline = newRequestDeadline;
            copy.stopTimeout = newStopTimeout;
        });
    }

    public ZeroMqConfig withSizes(int newMaxMessageBytes, long newMaxBytesInFlight, int newMaxConnections) {
        return with(copy -> {
            copy.maxMessageBytes = newMaxMessageBytes;
            copy.maxBytesInFlight = newMaxBytesInFlight;
            copy.maxConnections = newMaxConnections;
        });
    }

    private ZeroMqConfig with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.done();
    }

    private static final class Copy {
        String host;
        List<Integer> ports;
        boolean classic;
        Optional<Token> token;
        boolean plain;
        int maxMessageBytes;
        long maxBytesInFlight;
        int maxConnections;
        int maxConnectionsPerAddress;
        Duration firstMessage;
        Duration requestDeadline;
        Duration stopTimeout;

        Copy(ZeroMqConfig config) {
            host = config.host;
            ports = config.ports;
            classic = config.classic;
            token = config.token;
            plain = config.plain;
            maxMessageBytes = config.maxMessageBytes;
            maxBytesInFlight = config.maxBytesInFlight;
            maxConnections = config.maxConnections;
            maxConnectionsPerAddress = config.maxConnectionsPerAddress;
            firstMessage = config.firstMessage;
            requestDeadline = config.requestDeadline;
            stopTimeout = config.stopTimeout;
        }

        ZeroMqConfig done() {
            return new ZeroMqConfig(
                    host,
                    ports,
                    classic,
                    token,
                    plain,
                    maxMessageBytes,
                    maxBytesInFlight,
                    maxConnections,
                    maxConnectionsPerAddress,
                    firstMessage,
                    requestDeadline,
                    stopTimeout);
        }
    }
}
