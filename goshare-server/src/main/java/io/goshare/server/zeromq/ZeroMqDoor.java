package io.goshare.server.zeromq;

import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.wire.LoginLimiter;
import java.io.IOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Serves commands and the first GoShare's words over ZeroMQ. One thread owns the ROUTER, which is bound to all ports:
 * see {@link RouterLoop}. Start order: the handler of connections ({@link ZapHandler}), then the ports.
 */
public final class ZeroMqDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZeroMqDoor.class);
    private static final String ZAP_DOMAIN = "goshare";

    /** Requests of one peer, in messages, that may wait for the router; bytes are bounded where they are let in. */
    private static final int RECEIVE_HIGH_WATER_MARK = 100;

    /**
     * Replies that may wait for one peer. ZeroMQ counts half of it as still waiting when it is not, and what exceeds it
     * is lost: a peer may have 500 requests under way.
     */
    private static final int SEND_HIGH_WATER_MARK = 1000;

    private static final int HEARTBEAT_MILLIS = 10_000;

    private final ZeroMqConfig config;
    private final CommandHandler handler;
    private final Connections connections;
    private final FrameBudget frameBudget;
    private final InstantSource clock;
    private List<Integer> ports;
    private ZMQ.@Nullable Context context;
    private @Nullable ZapHandler zap;
    private @Nullable RouterLoop loop;
    private @Nullable Thread thread;
    private @Nullable Watchdog watchdog;

    public ZeroMqDoor(ZeroMqConfig config, CommandHandler handler) {
        this(config, handler, InstantSource.system());
    }

    /** @param clock tells {@code now} of the first GoShare's pushes */
    public ZeroMqDoor(ZeroMqConfig config, CommandHandler handler, InstantSource clock) {
        this.config = config;
        this.handler = handler;
        this.clock = clock;
        this.connections = new Connections(config);
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        this.frameBudget = new FrameBudget(
                Math.max(Math.min(config.maxBytesInFlight(), quarter), config.maxMessageBytes()),
                config.maxMessageBytes());
        this.ports = config.ports();
    }

    /**
     * Opens the ports; requests are served from here on. What fails leaves nothing open.
     *
     * @throws BindException if a port is in use or the address is not this machine's
     */
    public synchronized void start() throws IOException {
        ZMQ.Context started = ZMQ.context(1);
        context = started;
        started.setUncaughtExceptionHandler((thread, e) -> LOG.error("ZeroMQ's thread {} died", thread.getName(), e));
        started.setNotificationExceptionHandler((thread, e) -> LOG.warn("ZeroMQ: {}", e.toString()));
        String pass = Watchdog.newPassword();
        LoginLimiter logins = new LoginLimiter(config.token(), clock);
        zap = new ZapHandler(
                started, (password, address) -> password.equals(pass) || isRight(logins, password, address));
        CompletableFuture<List<Integer>> bound = new CompletableFuture<>();
        Thread router = new Thread(() -> route(started, bound, config.plain() ? free() : logins), "zeromq-router");
        thread = router;
        router.start();
        try {
            ports = bound.get();
        } catch (ExecutionException e) {
            close();
            throw new BindException(String.valueOf(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the ports were opened", e);
        }
        watchdog =
                new Watchdog(endpoint(Watchdog.reachable(config.host()), ports.get(0)), config.plain() ? pass : null);
    }

    private LoginLimiter free() {
        return new LoginLimiter(Optional.empty(), clock);
    }

    static boolean isRight(LoginLimiter logins, String password, String address) {
        try {
            logins.check(password, address);
            return true;
        } catch (GoShareException refused) {
            return false;
        }
    }

    /** Opens the sockets, serves, closes them; all of it on the router's thread. */
    private void route(ZMQ.Context started, CompletableFuture<List<Integer>> bound, LoginLimiter logins) {
        byte[] wakeIdentity = new byte[16];
        new SecureRandom().nextBytes(wakeIdentity);
        wakeIdentity[0] = 1; // an identity must not begin with a zero byte
        ZMQ.Socket router = started.socket(SocketType.ROUTER);
        try (router) {
            prepare(router);
            router.bind(Wake.ENDPOINT);
            try (Wake wake = new Wake(started, wakeIdentity)) {
                Requests requests = new Requests(config, logins, clock);
                RouterLoop running =
                        new RouterLoop(config, handler, router, wake, wakeIdentity, requests, connections, frameBudget);
                loop = running;
                bound.complete(bind(router));
                running.run();
            }
            router.setLinger(1000); // the last replies; peers that take none hold the close no longer
        } catch (ZMQException e) {
            if (!bound.completeExceptionally(e)) {
                LOG.error("The ZeroMQ door stopped", e);
            }
        } catch (IOException e) {
            bound.completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            LOG.error("The ZeroMQ door stopped", e);
            bound.completeExceptionally(e);
            throw e;
        }
    }

    private void prepare(ZMQ.Socket router) {
        router.setMaxMsgSize(config.maxMessageBytes());
        router.setMsgAllocator(frameBudget);
        router.setZAPDomain(ZAP_DOMAIN);
        router.setPlainServer(config.plain());
        router.setLinger(0);
        router.setSndHWM(SEND_HIGH_WATER_MARK);
        router.setRcvHWM(RECEIVE_HIGH_WATER_MARK);
        router.setRouterMandatory(true);
        router.setRouterHandover(true);
        router.setReceiveTimeOut(250);
        router.setSendTimeOut(0);
        router.setBacklog(1024);
        router.setHandshakeIvl((int) config.firstMessage().toMillis());
        router.setHeartbeatIvl(HEARTBEAT_MILLIS);
        router.setHeartbeatTimeout(3 * HEARTBEAT_MILLIS);
        router.setHeartbeatTtl(6 * HEARTBEAT_MILLIS);
        router.setTCPKeepAlive(1);
        router.setIPv6(config.host().contains(":"));
        router.setEventHook(connections::on, ZMQ.EVENT_ACCEPTED | ZMQ.EVENT_DISCONNECTED | ZMQ.EVENT_CLOSED);
    }

    private List<Integer> bind(ZMQ.Socket router) throws BindException {
        List<Integer> out = new ArrayList<>();
        for (int port : config.ports()) {
            try {
                router.bind(endpoint(config.host(), port));
            } catch (ZMQException e) {
                BindException failure = new BindException("ZeroMQ cannot listen on " + config.host() + ":" + port + ": "
                        + (e.getErrorCode() == ZMQ.Error.EADDRINUSE.getCode() ? "the port is in use" : e.getMessage()));
                failure.initCause(e);
                throw failure;
            }
            String endpoint = router.getLastEndpoint();
            out.add(Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1)));
        }
        return List.copyOf(out);
    }

    static String endpoint(String host, int port) {
        return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + (port == 0 ? "*" : port);
    }

    /** The ports bound, in the order of the configuration. */
    public synchronized List<Integer> ports() {
        return ports;
    }

    /** Whether the door still answers itself over a real connection; false once it missed three times in a row. */
    public synchronized boolean healthy() {
        return watchdog != null && watchdog.healthy() && thread != null && thread.isAlive();
    }

    /**
     * Figures of the door, for metrics: connections, refused, reaped, closed for a frame too large, lost frames, unsent
     * replies.
     */
    public synchronized java.util.Map<String, Long> figures() {
        return java.util.Map.of(
                "connections",
                (long) connections.count(),
                "connections_refused",
                connections.refused(),
                "connections_reaped",
                connections.reaped(),
                "connections_too_large",
                connections.tooLarge(),
                "frames_lost",
                frameBudget.lost(),
                "replies_unsent",
                loop == null ? 0L : loop.unsent());
    }

    /** Refuses new requests, lets those under way end, closes. Twice does nothing more. */
    @Override
    public synchronized void close() {
        if (watchdog != null) {
            watchdog.close();
            watchdog = null;
        }
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
