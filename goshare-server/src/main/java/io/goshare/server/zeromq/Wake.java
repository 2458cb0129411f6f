package io.goshare.server.zeromq;

import java.util.concurrent.atomic.AtomicBoolean;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Wakes the router's blocking receive from any thread, by one byte over inproc. One wake is under way at most. The
 * socket is shared under a lock, one thread at a time.
 */
final class Wake implements AutoCloseable {
    static final String ENDPOINT = "inproc://goshare.wake";

    private static final byte[] BYTE = {0};

    private final ZMQ.Socket socket;
    private final AtomicBoolean pending = new AtomicBoolean();
    private boolean closed;

    /** @param identity what the router knows this peer by */
    Wake(ZMQ.Context context, byte[] identity) {
        socket = context.socket(SocketType.DEALER);
        socket.setLinger(0);
        socket.setIdentity(identity);
        socket.connect(ENDPOINT);
    }

    /** The router is about to look for work: what is done after this wakes it again. */
    void clear() {
        pending.set(false);
    }

    void wake() {
        if (pending.compareAndSet(false, true)) {
            boolean interrupted = Thread.interrupted(); // JeroMQ would take it for the end of its pipe
            send();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void send() {
        if (!closed) {
            socket.send(BYTE, ZMQ.DONTWAIT);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        socket.close();
    }
}
