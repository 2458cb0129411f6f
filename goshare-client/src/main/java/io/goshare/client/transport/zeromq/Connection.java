package io.goshare.client.transport.zeromq;

import io.goshare.client.transport.Fault;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One TCP connection that speaks ZMTP, from its first byte to its last; a new one follows it. Any thread may
 * {@link #send}, which writes at once what the socket takes; all else is the I/O thread's. Never blocks.
 */
final class Connection implements ZmtpReader.Sink {
    /** Who is told of replies. */
    interface Listener {
        void ready();

        void reply(List<byte[]> frames);
    }

    private static final long MAX_REPLY_BYTES = 64L << 20;
    private static final long MAX_QUEUED_BYTES = 64L << 20;
    private static final long PING_NANOS = 3_000_000_000L;
    /** A peer that answers no PING for this long is gone. */
    private static final long SILENCE_NANOS = 10_000_000_000L;

    private final String endpoint;
    private final Listener listener;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ZmtpReader reader;
    private final long begun = System.nanoTime();
    private long heard = begun;
    private long pinged = begun;

    private final Object lock = new Object();
    private final Deque<ByteBuffer> out = new ArrayDeque<>(); // guarded by lock
    private long queuedBytes; // guarded by lock
    private boolean connected; // guarded by lock
    private boolean closed; // guarded by lock
    private volatile boolean ready;

    /** Begins to connect. */
    Connection(String endpoint, InetSocketAddress address, Selector selector, Listener listener) throws IOException {
        this.endpoint = endpoint;
        this.listener = listener;
        this.reader = new ZmtpReader(endpoint, this, MAX_REPLY_BYTES);
        this.channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (channel.connect(address)) {
                connected();
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    boolean isReady() {
        return ready;
    }

    boolean isConnected() {
        synchronized (lock) {
            return connected;
        }
    }

    /** How long it has been trying, while it is not ready. */
    long ageNanos() {
        return System.nanoTime() - begun;
    }

    /**
     * Writes {@code message}, or queues what the socket does not take now.
     *
     * @return false if the connection has ended
     * @throws TransportException FULL if too much is queued
     */
    boolean send(ByteBuffer message) {
        synchronized (lock) {
            if (closed) {
                return false;
            }
            if (queuedBytes > MAX_QUEUED_BYTES) {
                throw new TransportException(
                        Fault.FULL, "too many requests wait to be sent to " + endpoint + "; try again shortly");
            }
            if (connected && out.isEmpty()) {
                write(message);
            }
            if (message.hasRemaining()) {
                out.add(message);
                queuedBytes += message.remaining();
                if (connected) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    key.selector().wakeup();
                }
            }
            return true;
        }
    }

    /** What breaks here shows as the end of the stream to the I/O thread. */
    private void write(ByteBuffer message) {
        boolean interrupted = Thread.interrupted(); // it would close the channel under all other calls
        try {
            channel.write(message);
        } catch (IOException broken) {
            key.selector().wakeup();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Does what the selector says can be done.
     *
     * @throws IOException if the connection cannot be made or has ended
     * @throws GoShareException if the peer speaks what it must not
     */
    void process() throws IOException {
        if (!channel.isOpen()) {
            throw new IOException("the channel was closed");
        }
        int ready = key.readyOps();
        if ((ready & SelectionKey.OP_CONNECT) != 0 && channel.finishConnect()) {
            connected();
        }
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            flush();
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            heard = System.nanoTime();
            if (!reader.read(channel)) {
                throw new IOException("the server closed the connection");
            }
        }
    }

    private void connected() {
        synchronized (lock) {
            connected = true;
            out.addFirst(Zmtp.ready());
            out.addFirst(Zmtp.greeting());
            flush();
        }
    }

    private void flush() {
        synchronized (lock) {
            while (!out.isEmpty()) {
                ByteBuffer head = out.peekFirst();
                int before = head.remaining();
                write(head);
                queuedBytes -= before - head.remaining();
                if (head.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
                out.removeFirst();
            }
            queuedBytes = 0;
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /**
     * Asks a silent peer for a sign of life.
     *
     * @throws IOException if it has given none for long
     */
    void heartbeat(long now) throws IOException {
        if (ready && now - heard > PING_NANOS && now - pinged > PING_NANOS) {
            if (now - heard > SILENCE_NANOS) {
                throw new IOException("the server was silent for " + (now - heard) / 1_000_000 + " ms");
            }
            pinged = now;
            send(Zmtp.ping((int) (SILENCE_NANOS / 1_000_000)));
        }
    }

    @Override
    public void greeting(byte[] greeting) {
        // READY was sent behind the own greeting
    }

    @Override
    public void command(byte[] body) {
        byte[] data = Zmtp.data(body);
        switch (Zmtp.name(body)) {
            case "READY" -> ready(new String(data, StandardCharsets.ISO_8859_1));
            case "PING" -> pong(data);
            case "ERROR" ->
                throw new GoShareException(
                        ErrorCode.UNAUTHORIZED,
                        endpoint + " refuses the connection: "
                                + new String(
                                        data,
                                        Math.min(1, data.length),
                                        Math.max(data.length - 1, 0),
                                        StandardCharsets.UTF_8));
            default -> {} // PONG, and what later versions add
        }
    }

    private void ready(String properties) {
        int name = properties.indexOf("\13Socket-Type");
        String type = name < 0 || name + 16 > properties.length() ? "" : properties.substring(name + 16);
        if (!type.startsWith("ROUTER") && !type.startsWith("REP") && !type.startsWith("DEALER")) {
            throw new TransportException(
                    Fault.NOT_GOSHARE, "the ZeroMQ socket at " + endpoint + " is no ROUTER; correct the port");
        }
        ready = true;
        listener.ready();
    }

    private void pong(byte[] data) {
        // two bytes of time to live, then the context
        byte[] context = java.util.Arrays.copyOfRange(data, Math.min(2, data.length), data.length);
        send(Zmtp.pong(context));
    }

    @Override
    public void message(List<byte[]> frames) {
        listener.reply(frames);
    }

    /** Whether a reply has begun and not ended. */
    boolean isInsideReply() {
        return ready && reader.isInside();
    }

    /** The frames there are of the reply that has begun. */
    List<byte[]> begunReply() {
        return reader.begun();
    }

    /** Frees the socket; nothing is sent after this. */
    void close() {
        synchronized (lock) {
            closed = true;
            ready = false;
            out.clear();
        }
        try {
            channel.close();
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(Connection.class).debug("a socket to {} closed badly", endpoint, e);
        }
    }
}
