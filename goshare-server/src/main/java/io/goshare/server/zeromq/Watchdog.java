package io.goshare.server.zeromq;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Asks the door a question over TCP every five seconds, as a client would: JeroMQ's I/O thread may die and leave the
 * process alive. Any reply will do. Its context is its own.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final int MISSES = 3;
    private static final int INTERVAL_MILLIS = 5_000;
    private static final byte[] QUESTION = "watchdog".getBytes(StandardCharsets.US_ASCII);

    private final String endpoint;
    private final @Nullable String password;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "zeromq-watchdog");
    private final AtomicInteger misses = new AtomicInteger();

    /** @param password for PLAIN, or null */
    Watchdog(String endpoint, @Nullable String password) {
        this.endpoint = endpoint;
        this.password = password;
        thread.setDaemon(true);
        thread.start();
    }

    static String newPassword() {
        return new BigInteger(256, new SecureRandom()).toString(36);
    }

    /** An address that reaches what is bound to {@code host}. */
    static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "*" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
    }

    boolean healthy() {
        return misses.get() < MISSES;
    }

    private void run() {
        try (ZMQ.Context context = ZMQ.context(1)) {
            ZMQ.Socket socket = connect(context);
            do {
                if (!ask(socket)) {
                    socket.close(); // a REQ that got no reply asks no more
                    socket = connect(context);
                }
            } while (!await());
            socket.close();
        }
    }

    private boolean await() {
        try {
            return stop.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private ZMQ.Socket connect(ZMQ.Context context) {
        ZMQ.Socket socket = context.socket(SocketType.REQ);
        socket.setLinger(0);
        socket.setReceiveTimeOut(INTERVAL_MILLIS);
        socket.setHandshakeIvl(500); // JeroMQ leaves some fresh connections unread; this connects again
        socket.setIPv6(endpoint.contains("["));
        if (password != null) {
            socket.setPlainUsername("watchdog");
            socket.setPlainPassword(password);
        }
        socket.connect(endpoint);
        return socket;
    }

    private boolean ask(ZMQ.Socket socket) {
        boolean answered;
        try {
            answered = socket.send(QUESTION) && socket.recv() != null;
        } catch (ZMQException e) {
            LOG.warn("The ZeroMQ door's watchdog could not ask: {}", e.toString());
            answered = false;
        }
        if (answered) {
            misses.set(0);
        } else if (misses.incrementAndGet() == MISSES) {
            LOG.error("The ZeroMQ door has not answered itself {} times; it must be restarted", MISSES);
        }
        return answered;
    }

    @Override
    public void close() {
        stop.countDown();
        Stopping.join(thread);
    }
}
