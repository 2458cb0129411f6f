package io.goshare.server;

import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.WatchHandler;
import io.goshare.protocol.wire.Token;
import io.goshare.server.commit.Threads;
import io.goshare.server.http.HttpConfig;
import io.goshare.server.http.HttpDoor;
import io.goshare.server.zeromq.ZeroMqConfig;
import io.goshare.server.zeromq.ZeroMqDoor;
import io.goshare.server.zeromq.ZeroMqPublisher;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: stores, and a door for each transport. To use the stores without doors, take {@link Builder#open}.
 * Safe for many threads.
 *
 * <pre>{@code
 * try (GoShareServer server = GoShareServer.builder().data(path).httpPort(0).zmqPorts(0).start()) {
 *   server.handler().handle(command);
 * }
 * }</pre>
 */
public final class GoShareServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GoShareServer.class);
    /** Both doors drain at once; what is left of 30 s is for the stores. */
    private static final Duration DRAIN = Duration.ofSeconds(15);

    private final Stores stores;
    private final Optional<HttpDoor> http;
    private final Optional<ZeroMqDoor> zeroMq;
    private final Optional<ZeroMqPublisher> publisher;
    private boolean closed;

    private GoShareServer(
            Stores stores, Optional<HttpDoor> http, Optional<ZeroMqDoor> zeroMq, Optional<ZeroMqPublisher> publisher) {
        this.stores = stores;
        this.http = http;
        this.zeroMq = zeroMq;
        this.publisher = publisher;
    }

    public static Builder builder() {
        return new Builder(ServerConfig.defaults(), Clock.systemUTC());
    }

    /** What turns commands into replies, with no door between. */
    public CommandHandler handler() {
        return stores.handler();
    }

    /** Where subscriptions begin, with no door between. Closed with this. */
    public WatchHandler watches() {
        return stores.watches();
    }

    /** The HTTP port bound. */
    public int httpPort() {
        return http.orElseThrow(() -> new IllegalStateException("opened without doors"))
                .port();
    }

    /** The ZeroMQ ports bound, in the order of the configuration. */
    public List<Integer> zmqPorts() {
        return zeroMq.orElseThrow(() -> new IllegalStateException("opened without doors"))
                .ports();
    }

    /** The ZeroMQ port that publishes changes, if one does. */
    public OptionalInt zmqPubPort() {
        return publisher.map(open -> OptionalInt.of(open.port())).orElse(OptionalInt.empty());
    }

    /**
     * Stops taking requests, lets those under way end, commits, syncs and closes. Takes 30 s at most. Twice is
     * harmless.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Closing closing = new Closing();
        closing.close(Optional.of(stores.watches()));
        closing.close(publisher);
        Thread other = new Thread(() -> closing.close(zeroMq), "goshare-drain");
        other.start();
        closing.close(http);
        Threads.join(other);
        closing.close(Optional.of(stores));
        closing.rethrow();
    }

    /** Collects how to start a server; then starts everything or leaves nothing open. Immutable. */
    public static final class Builder {
        private final ServerConfig config;
        private final Clock clock;

        private Builder(ServerConfig config, Clock clock) {
            this.config = config;
            this.clock = clock;
        }

        public Builder config(ServerConfig newConfig) {
            return new Builder(newConfig, clock);
        }

        /** Any setting, as its flag spells it. */
        public Builder with(Setting setting, String text) {
            return new Builder(config.with(setting, text), clock);
        }

        /** The data directory, made if missing. Default {@code goshare-data}. */
        public Builder data(Path directory) {
            return with(Setting.DATA, directory.toString());
        }

        /** {@code leveldb} (default), {@code rocksdb} or {@code memory}. */
        public Builder engine(String name) {
            return with(Setting.ENGINE, name);
        }

        /** HTTP port; 0 takes a free one, told by {@link GoShareServer#httpPort}. Default 9999. */
        public Builder httpPort(int port) {
            return with(Setting.HTTP_PORT, String.valueOf(port));
        }

        /** ZeroMQ ports; 0 takes a free one, told by {@link GoShareServer#zmqPorts}. Default 9797 and 9898. */
        public Builder zmqPorts(int... ports) {
            return with(
                    Setting.ZMQ_PORTS,
                    String.join(
                            ",", Arrays.stream(ports).mapToObj(String::valueOf).toList()));
        }

        /** What the stores take for now. Default the system's clock. */
        public Builder clock(Clock newClock) {
            return new Builder(config, newClock);
        }

        /**
         * Opens the stores alone, for use in this process.
         *
         * @throws StartException if they cannot be opened
         */
        public GoShareServer open() {
            return new GoShareServer(Stores.open(config, clock), Optional.empty(), Optional.empty(), Optional.empty());
        }

        /**
         * Opens the stores, then both doors.
         *
         * @throws StartException if something cannot be opened, or the configuration is refused; nothing is left open
         */
        public GoShareServer start() {
            Optional<Token> token = Admission.token(config);
            Admission.check(config, token);
            Stores stores = Stores.open(config, clock);
            HttpDoor http = new HttpDoor(httpConfig(token), stores.handler(), stores.watches(), clock);
            ZeroMqDoor zeroMq = new ZeroMqDoor(zeroMqConfig(token), stores.handler(), clock);
            Optional<ZeroMqPublisher> publisher = config.zmqPub().isPresent()
                    ? Optional.of(new ZeroMqPublisher(
                            zeroMqConfig(token), config.zmqPub().getAsInt(), stores.watches(), clock))
                    : Optional.empty();
            GoShareServer server = new GoShareServer(stores, Optional.of(http), Optional.of(zeroMq), publisher);
            try {
                open("HTTP port " + config.httpPort(), http::start);
                open("ZeroMQ ports " + config.zmqPorts(), zeroMq::start);
                if (publisher.isPresent()) {
                    open("ZeroMQ publisher's port " + config.zmqPub().getAsInt(), publisher.get()::start);
                }
                stores.doors(() -> zeroMq.healthy()
                        ? Optional.empty()
                        : Optional.of("the ZeroMQ door does not answer itself; start the server again"));
                LOG.info("serving http={} zmq={} data={}", http.port(), zeroMq.ports(), config.data());
                return server;
            } catch (StartException e) {
                try {
                    server.close();
                } catch (RuntimeException suppressed) {
                    e.addSuppressed(suppressed);
                }
                throw e;
            }
        }

        private HttpConfig httpConfig(Optional<Token> token) {
            HttpConfig http = HttpConfig.defaults();
            return http.withHost(config.bind().getHostAddress())
                    .withPort(config.httpPort())
                    .withClassic(config.classic())
                    .withToken(token)
                    .withAllowedHosts(config.allowedHosts())
                    .withSizes(config.maxBodyBytes(), http.maxBytesInFlight(), http.maxConnections())
                    .withTimes(http.requestDeadline(), http.idle(), DRAIN);
        }

        private ZeroMqConfig zeroMqConfig(Optional<Token> token) {
            ZeroMqConfig zeroMq = ZeroMqConfig.defaults();
            return zeroMq.withHost(config.bind().getHostAddress())
                    .withPorts(config.zmqPorts())
                    .withClassic(config.classic())
                    .withToken(token)
                    .withSizes(config.maxBodyBytes(), zeroMq.maxBytesInFlight(), zeroMq.maxConnections())
                    .withTimes(zeroMq.firstMessage(), zeroMq.requestDeadline(), DRAIN);
        }

        private interface Opening {
            void open() throws IOException;
        }

        private void open(String what, Opening opening) {
            try {
                opening.open();
            } catch (BindException e) {
                throw bindFailed(what, e);
            } catch (SocketException e) {
                throw new StartException(ExitCode.PERMISSION, what + " may not be opened: " + e.getMessage(), e);
            } catch (IOException e) {
                throw new StartException(ExitCode.FAILED, what + " cannot be opened: " + e, e);
            }
        }

        private StartException bindFailed(String what, BindException e) {
            String reason = String.valueOf(e.getMessage());
            if (reason.contains("ermission")) {
                return new StartException(ExitCode.PERMISSION, what + " may not be opened by this user", e);
            }
            if (reason.contains("assign")) {
                return new StartException(
                        ExitCode.USAGE, "bind " + config.bind().getHostAddress() + " is no address of this machine", e);
            }
            return new StartException(
                    ExitCode.PORT_IN_USE, what + " on " + config.bind().getHostAddress() + " is in use", e);
        }
    }
}
