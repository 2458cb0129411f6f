package io.goshare.server.zeromq;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Answers JeroMQ's question whether a peer may connect (ZeroMQ RFC 27). That there is a domain at all keeps peers of
 * the protocols before ZMTP 3 out, whose framing takes any noise for messages. Its thread owns its socket.
 */
final class ZapHandler implements AutoCloseable {
    /** Where RFC 27 wants the handler. */
    private static final String ENDPOINT = "inproc://zeromq.zap.01";

    private static final Logger LOG = LoggerFactory.getLogger(ZapHandler.class);

    private final ZMQ.Context context;
    private final ZMQ.Socket socket;
    private final BiPredicate<String, String> password;
    private final Thread thread;
    private volatile boolean stopping;

    /** @param password whether a PLAIN password, from an address, is right */
    ZapHandler(ZMQ.Context context, BiPredicate<String, String> password) {
        this.context = context;
        this.password = password;
        this.socket = context.socket(SocketType.REP);
        socket.setLinger(0);
        socket.bind(ENDPOINT);
        this.thread = new Thread(this::run, "zeromq-zap");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                byte[] first = socket.recv();
                if (first != null) {
                    answer(rest(first));
                }
            }
        } catch (ZMQException e) {
            LOG.error("The ZeroMQ door's handler of connections stopped; no new peer can connect", e);
        } finally {
            socket.close();
        }
    }

    private List<byte[]> rest(byte[] first) {
        List<byte[]> frames = new ArrayList<>();
        frames.add(first);
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv());
        }
        return frames;
    }

    /** Frames: version, request id, domain, address, identity, mechanism, credentials. */
    private void answer(List<byte[]> frames) {
        boolean allowed = frames.size() >= 6
                && switch (text(frames.get(5))) {
                    case "NULL" -> true;
                    case "PLAIN" -> frames.size() >= 8 && password.test(text(frames.get(7)), text(frames.get(3)));
                    default -> false;
                };
        socket.sendMore("1.0");
        socket.sendMore(frames.size() > 1 ? frames.get(1) : new byte[0]);
        socket.sendMore(allowed ? "200" : "400");
        socket.sendMore(allowed ? "OK" : "refused");
        socket.sendMore("");
        socket.send("");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Stops at once; the context may be closed then. A question of its own wakes the thread: JeroMQ's time-outs follow
     * the time of day, and one that has begun lasts on by as much as that is set back.
     */
    @Override
    public void close() {
        stopping = true;
        try (ZMQ.Socket waker = context.socket(SocketType.REQ)) {
            waker.setLinger(0);
            waker.setSendTimeOut(0);
            waker.connect(ENDPOINT);
            waker.send("");
            Stopping.join(thread);
        }
    }
}
