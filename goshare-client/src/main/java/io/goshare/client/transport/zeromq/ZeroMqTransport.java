package io.goshare.client.transport.zeromq;

import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Replies;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.wire.WireRequest;
import io.goshare.protocol.wire.ZeroMqWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries commands over ZeroMQ as one DEALER, many in flight, told apart by their ids; replies may come in any order.
 * The caller's thread writes the request itself, one I/O thread reads replies and keeps deadlines. A connection is made
 * with the first command and again with the first after it broke; what was under way then fails and is the caller's to
 * repeat. Safe for many threads; whoever completes on the I/O thread must not wait for another reply there.
 */
public final class ZeroMqTransport implements Transport {
    /** The server drops the connection of a larger message without a word. */
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    private static final int IN_FLIGHT = 1000;

    /** With more calls under way the I/O thread sends them, many with one write; with fewer each caller its own. */
    private static final int BUSY = 8;

    /** How often deadlines are looked at. */
    private static final long TICK_MILLIS = 20;

    private static final long IDLE_MILLIS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(ZeroMqTransport.class);

    private final String endpoint;
    private final @Nullable String token;
    private final long timeoutNanos;
    private final long connectNanos;
    private final Selector selector;
    private final Thread thread;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable Connection connection;
    private long expired = System.nanoTime();
    private volatile boolean closed;

    /** With {@code timeout} for connections too. */
    public ZeroMqTransport(String endpoint, Optional<String> token, Duration timeout) {
        this(endpoint, token, timeout, timeout);
    }

    /**
     * @param endpoint {@code host:port}
     * @param timeout of a call, when its command names none
     * @param connectTimeout for a connection to stand and greet
     */
    public ZeroMqTransport(String endpoint, Optional<String> token, Duration timeout, Duration connectTimeout) {
        this.endpoint = endpoint;
        this.token = token.orElse(null);
        this.timeoutNanos = timeout.toNanos();
        this.connectNanos = connectTimeout.toNanos();
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no more files may be opened", e);
        }
        thread = new Thread(this::run, "goshare-zmq-client");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, MAX_MESSAGE_BYTES, IN_FLIGHT);
    }

    @Override
    public Reply call(Command command) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a callback waits for a reply on the thread that brings replies;"
                    + " use the asynchronous call, or complete on an executor (thenApplyAsync)");
        }
        CompletableFuture<Reply> reply = handle(command);
        try {
            return reply.get(); // the I/O thread keeps the deadline
        } catch (InterruptedException e) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            throw new TransportException(Fault.INTERRUPTED, "interrupted while " + endpoint + " was asked", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof GoShareException known
                    ? known
                    : new GoShareException(ErrorCode.INTERNAL, "the transport failed: " + e.getCause(), e);
        }
    }

    @Override
    public CompletableFuture<Reply> handle(Command command) {
        Pending call;
        try {
            String id = Long.toString(ids.incrementAndGet(), 36);
            List<byte[]> frames = ZeroMqWire.print(new WireRequest(command, Optional.empty(), id, token));
            requireSmall(frames);
            long wait = command.has(Param.TIMEOUT) ? command.require(Param.TIMEOUT) : timeoutNanos;
            call = new Pending(id, Zmtp.message(frames), System.nanoTime() + wait);
        } catch (GoShareException malformed) {
            return CompletableFuture.failedFuture(malformed);
        }
        if (underWay.incrementAndGet() > IN_FLIGHT) {
            underWay.decrementAndGet();
            return CompletableFuture.failedFuture(new TransportException(
                    Fault.FULL, IN_FLIGHT + " requests to " + endpoint + " are under way; try again shortly"));
        }
        pending.put(call.id, call);
        try {
            submit(call);
        } catch (GoShareException full) {
            fail(call, full);
        }
        return call.reply;
    }

    private void requireSmall(List<byte[]> frames) {
        long bytes = frames.stream().mapToLong(frame -> frame.length).sum();
        if (bytes > MAX_MESSAGE_BYTES) {
            throw new TransportException(
                    Fault.TOO_LARGE,
                    "a request of " + bytes + " bytes is above the " + MAX_MESSAGE_BYTES
                            + " that a message may have (the server's max-body); send smaller batches");
        }
    }

    private void submit(Pending call) {
        Connection current = connection;
        if (closed) {
            fail(call, closing());
            return;
        }
        boolean busy = underWay.get() > BUSY;
        if (current != null && current.isReady() && sent(call, current, busy)) {
            if (busy) {
                wake();
            }
        } else {
            waiting.add(call);
            wake();
            if (closed) {
                fail(call, closing());
            }
        }
    }

    /** One wake-up is under way at most. */
    private void wake() {
        if (woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    private static boolean sent(Pending call, Connection on, boolean later) {
        call.sentOn = on;
        if (on.send(call.message, later)) {
            return true;
        }
        call.sentOn = null;
        return false;
    }

    private static TransportException closing() {
        return new TransportException(Fault.CLOSED, "the connection is closed");
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(pending.isEmpty() ? IDLE_MILLIS : TICK_MILLIS);
                woken.set(false);
                turn();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("the I/O thread of {} failed", endpoint, e);
        } finally {
            closed = true;
            pending.values().forEach(call -> fail(call, closing()));
            Connection current = connection;
            if (current != null) {
                current.close();
            }
            try {
                selector.close();
            } catch (IOException e) {
                LOG.debug("a selector closed badly", e);
            }
        }
    }

    private void turn() {
        try {
            Connection current = connection;
            if (current == null && !waiting.isEmpty()) {
                connect();
            } else if (current != null) {
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid()) {
                        current.process();
                    }
                }
                watch(current);
            }
        } catch (GoShareException strange) {
            drop(strange);
        } catch (IOException broken) {
            drop(broken);
        } finally {
            selector.selectedKeys().clear();
        }
        flush();
        long now = System.nanoTime();
        if (now - expired > TICK_MILLIS * 1_000_000 / 2) {
            expired = now;
            expire(now);
        }
    }

    private void connect() throws IOException {
        int colon = endpoint.lastIndexOf(':');
        String host = endpoint.substring(0, colon).replaceAll("^\\[|]$", "");
        InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(endpoint.substring(colon + 1)));
        try {
            connection = new Connection(endpoint, address, selector, new Connection.Listener() {
                @Override
                public void ready() {
                    flush();
                }

                @Override
                public void reply(List<byte[]> frames) {
                    received(frames);
                }
            });
        } catch (UnresolvedAddressException e) {
            throw new IOException("no such host", e);
        }
    }

    private void watch(Connection current) throws IOException {
        if (!current.isReady() && current.ageNanos() > connectNanos) {
            throw new IOException(
                    current.isConnected() ? "it accepts connections but says nothing" : "no answer in time");
        }
        current.heartbeat(System.nanoTime());
    }

    /** Sends what waited for the connection. */
    private void flush() {
        Connection current = connection;
        while (current != null && current.isReady() && !waiting.isEmpty()) {
            Pending call = waiting.poll();
            try {
                if (!call.reply.isDone() && !sent(call, current, true)) {
                    waiting.add(call);
                    return;
                }
            } catch (GoShareException full) {
                fail(call, full);
            }
        }
        if (current != null) {
            current.flush();
        }
    }

    private void received(List<byte[]> frames) {
        ZeroMqWire.Received received;
        try {
            received = ZeroMqWire.parseReply(frames);
        } catch (RuntimeException e) {
            boolean isOld = Text.decode(frames.get(0)).startsWith("Error for request sent");
            throw new TransportException(
                    isOld ? Fault.OTHER_VERSION : Fault.WRONG_TYPE,
                    isOld
                            ? endpoint + " is a GoShare without version 1 of the protocol; upgrade it"
                            : endpoint + " sent what is no reply of GoShare",
                    e);
        }
        Pending call = pending.get(received.id());
        if (call == null) {
            return; // it came after its deadline
        }
        try {
            Reply reply = Replies.read(received.reply(), endpoint);
            if (forget(call)) {
                call.reply.complete(reply);
            }
        } catch (GoShareException refused) {
            fail(call, refused);
        }
    }

    /** The connection has ended: tells its calls how, and the ones that waited for it. */
    private void drop(Exception cause) {
        Connection ended = connection;
        connection = null;
        boolean ready = ended != null && ended.isReady();
        Optional<String> cut = ended != null && ended.isInsideReply() ? Optional.of(begun(ended)) : Optional.empty();
        if (ended != null) {
            ended.close();
        }
        LOG.debug("the connection to {} ended: {}", endpoint, cause.toString());
        for (Pending call : pending.values()) {
            if (call.sentOn != null && call.sentOn == ended) {
                fail(
                        call,
                        lost(
                                cause,
                                cut.filter(id -> id.isEmpty() || id.equals(call.id))
                                        .isPresent()));
            }
        }
        if (!ready) {
            GoShareException why = cause instanceof GoShareException known
                    ? known
                    : new TransportException(
                            Fault.UNREACHABLE, "no server answers at " + endpoint + ": " + cause.getMessage(), cause);
            for (Pending call = waiting.poll(); call != null; call = waiting.poll()) {
                fail(call, why);
            }
        }
    }

    /** The id of the reply that was begun; empty if its head is not whole. */
    private static String begun(Connection ended) {
        List<byte[]> frames = ended.begunReply();
        if (frames.isEmpty()) {
            return "";
        }
        try {
            return ZeroMqWire.parseReply(frames.subList(0, 1)).id();
        } catch (GoShareException strange) {
            return "";
        }
    }

    private GoShareException lost(Exception cause, boolean cut) {
        if (cause instanceof GoShareException known) {
            boolean ofAll = !(known instanceof TransportException fault && fault.fault() == Fault.TOO_LARGE);
            return ofAll || cut
                    ? known
                    : new TransportException(Fault.LOST, "the connection to " + endpoint + " was given up", known);
        }
        return cut
                ? new TransportException(
                        Fault.CUT, "the connection to " + endpoint + " ended in the middle of the reply", cause)
                : new TransportException(
                        Fault.LOST,
                        "the connection to " + endpoint + " broke: " + cause.getMessage()
                                + "; it may have been done all the same",
                        cause);
    }

    private void expire(long now) {
        for (Pending call : pending.values()) {
            if (call.reply.isDone()) {
                forget(call); // cancelled
            } else if (call.deadlineNanos - now < 0) {
                fail(call, late(call));
            }
        }
        waiting.removeIf(call -> call.reply.isDone());
    }

    private TransportException late(Pending call) {
        Connection current = connection;
        if (call.sentOn == null && (current == null || !current.isReady())) {
            return new TransportException(
                    Fault.UNREACHABLE,
                    current != null && current.isConnected()
                            ? endpoint + " accepts connections but says nothing; is it a ZeroMQ port of GoShare?"
                            : "no server answers at " + endpoint + " in time");
        }
        return new TransportException(
                Fault.TIMED_OUT, "no reply from " + endpoint + " in time; it may have been done all the same");
    }

    private boolean forget(Pending call) {
        boolean was = pending.remove(call.id) != null;
        if (was) {
            underWay.decrementAndGet();
        }
        return was;
    }

    private void fail(Pending call, GoShareException why) {
        forget(call);
        call.reply.completeExceptionally(why);
    }

    /** Waits until the I/O thread has ended, unless it is that thread that closes. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
