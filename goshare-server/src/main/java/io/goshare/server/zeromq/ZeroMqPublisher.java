package io.goshare.server.zeromq;

import io.goshare.protocol.WatchHandler;
import io.goshare.protocol.wire.LoginLimiter;
import java.io.IOException;
import java.net.BindException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Publishes every change under its path, so that a plain SUB socket watches a subtree by its prefix. With a token the
 * port speaks PLAIN, and the token is the password. docs/watch.md tells what is sent.
 *
 * <p>A subscriber that takes nothing loses what is over 1,000 messages, as PUB sockets do; who must miss nothing asks
 * for pages of {@code watch}.
 */
public final class ZeroMqPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZeroMqPublisher.class);
    private static final int HIGH_WATER_MARK = 1_000;
    private static final int MAX_TOPIC_BYTES = 16 << 10;
    private static final int HEARTBEAT_MILLIS = 10_000;

    private final ZeroMqConfig config;
    private final int wantedPort;
    private final WatchHandler watches;
    private final InstantSource clock;
    private int port;
    private ZMQ.@Nullable Context context;
    private @Nullable ZapHandler zap;
    private @Nullable PublishLoop loop;
    private @Nullable Thread thread;

    /** @param port 0 takes a free one, told by {@link #port} */
    public ZeroMqPublisher(ZeroMqConfig config, int port, WatchHandler watches, InstantSource clock) {
        this.config = config;
        this.wantedPort = port;
        this.watches = watches;
        this.clock = clock;
        this.port = port;
    }

    /**
     * Opens the port. What fails leaves nothing open.
     *
     * @throws BindException if the port is in use or the address is not this machine's
     */
    public synchronized void start() throws IOException {
        ZMQ.Context started = ZMQ.context(1);
        context = started;
        started.setUncaughtExceptionHandler((failed, e) -> LOG.error("ZeroMQ's thread {} died", failed.getName(), e));
        started.setNotificationExceptionHandler((failed, e) -> LOG.warn("ZeroMQ: {}", e.toString()));
        LoginLimiter logins = new LoginLimiter(config.token(), clock);
        zap = new ZapHandler(started, (password, address) -> ZeroMqDoor.isRight(logins, password, address));
        CompletableFuture<Integer> bound = new CompletableFuture<>();
        Thread publishing = new Thread(() -> publish(started, bound), "zeromq-publisher");
        thread = publishing;
        publishing.start();
        try {
            port = bound.get();
        } catch (ExecutionException e) {
            close();
            throw new BindException("ZeroMQ cannot publish on " + config.host() + ":" + wantedPort + ": "
                    + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the port was opened", e);
        }
    }

    /** The port bound. */
    public synchronized int port() {
        return port;
    }

    /** Opens the sockets, serves, closes them; all of it on the publisher's thread. */
    private void publish(ZMQ.Context started, CompletableFuture<Integer> bound) {
        Connections connections = new Connections(config);
        try (ZMQ.Socket publisher = started.socket(SocketType.XPUB);
                ZMQ.Socket woken = started.socket(SocketType.DEALER)) {
            prepare(publisher, connections);
            woken.setLinger(0);
            woken.bind(Wake.ENDPOINT);
            try (Wake wake = new Wake(started, new byte[] {1})) {
                publisher.bind(ZeroMqDoor.endpoint(config.host(), wantedPort));
                String endpoint = publisher.getLastEndpoint();
                PublishLoop running = new PublishLoop(publisher, woken, wake, connections, watches);
                loop = running;
                bound.complete(Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1)));
                running.run(started);
            }
        } catch (RuntimeException | Error e) {
            if (!bound.completeExceptionally(e)) {
                LOG.error("The ZeroMQ publisher stopped", e);
            }
            if (!(e instanceof ZMQException)) {
                throw e;
            }
        }
    }

    private void prepare(ZMQ.Socket publisher, Connections connections) {
        publisher.setMaxMsgSize(MAX_TOPIC_BYTES);
        publisher.setZAPDomain("goshare");
        publisher.setPlainServer(config.token().isPresent());
        publisher.setLinger(0);
        publisher.setSndHWM(HIGH_WATER_MARK);
        publisher.setRcvHWM(HIGH_WATER_MARK);
        publisher.setBacklog(1024);
        publisher.setHandshakeIvl((int) config.firstMessage().toMillis());
        publisher.setHeartbeatIvl(HEARTBEAT_MILLIS);
        publisher.setHeartbeatTimeout(3 * HEARTBEAT_MILLIS);
        publisher.setHeartbeatTtl(6 * HEARTBEAT_MILLIS);
        publisher.setTCPKeepAlive(1);
        publisher.setIPv6(config.host().contains(":"));
        publisher.setXpubVerbose(true); // so that each peer's first subscription is seen
        publisher.setEventHook(connections::on, ZMQ.EVENT_ACCEPTED | ZMQ.EVENT_DISCONNECTED | ZMQ.EVENT_CLOSED);
    }

    /** Ends publishing and closes the port. Twice does nothing more. */
    @Override
    public synchronized void close() {
        if (loop != null) {
            loop.stop();
        }
        if (thread != null) {
            Stopping.join(thread);
            thread = null;
        }
        if (zap != null) {
            zap.close();
            zap = null;
        }
        if (context != null) {
            context.close();
            context = null;
        }
    }
}
