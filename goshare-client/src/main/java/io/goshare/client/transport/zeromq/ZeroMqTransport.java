package io.goshare.client.transport.zeromq;

import io.goshare.client.transport.Transport;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.wire.WireRequest;
import io.goshare.protocol.wire.ZeroMqWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Carries commands over one DEALER socket, many in flight, told apart by their ids. Replies may come in any order. The
 * socket belongs to one thread; {@link #handle} hands it calls through a queue and wakes it. Safe for many threads.
 */
public final class ZeroMqTransport implements Transport {
    /** The server drops the connection of a larger message without a word. */
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    private static final int IN_FLIGHT = 1000;
    /**
     * JeroMQ 0.6.0 leaves about one new connection in thirty unread: its poller may cancel the key of the connecting
     * channel just after it gave it to the connected one. The handshake timer then connects again, and nothing is lost,
     * for requests wait in the pipe.
     */
    private static final int HANDSHAKE_MILLIS = 500;

    /** How often deadlines are looked at. */
    private static final long TICK_MILLIS = 20;

    private static final long IDLE_MILLIS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(ZeroMqTransport.class);
    private static final AtomicLong NUMBER = new AtomicLong();

    private record Call(String id, List<byte[]> frames, long deadlineNanos, CompletableFuture<Reply> reply) {}

    private final String endpoint;
    private final @Nullable String token;
    private final long timeoutNanos;
    private final ZContext context = new ZContext();
    private final ZMQ.Socket wake;
    private final Thread thread;
    private final AtomicLong ids = new AtomicLong();
    private final ConcurrentLinkedQueue<Call> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * Connects in the background; a server that is not there shows as timeouts.
     *
     * @param endpoint {@code host:port}
     * @param timeout of a call, when its command names none
     * @throws GoShareException UNAVAILABLE if the host's name is not known
     */
    public ZeroMqTransport(String endpoint, Optional<String> token, Duration timeout) {
        this.endpoint = endpoint;
        this.token = token.orElse(null);
        this.timeoutNanos = timeout.toNanos();
        context.setLinger(0);
        String address = "inproc://goshare-" + NUMBER.incrementAndGet();
        ZMQ.Socket control = context.createSocket(SocketType.PAIR);
        control.bind(address);
        wake = context.createSocket(SocketType.PAIR);
        wake.connect(address);
        ZMQ.Socket dealer = dealer();
        try {
            dealer.connect("tcp://" + endpoint);
        } catch (ZMQException e) {
            context.close();
            throw new GoShareException(ErrorCode.UNAVAILABLE, "no server is known as " + endpoint, e);
        }
        thread = new Thread(() -> run(dealer, control), "goshare-zmq-client");
        thread.setDaemon(true);
        thread.start();
    }

    private ZMQ.Socket dealer() {
        ZMQ.Socket dealer = context.createSocket(SocketType.DEALER);
        dealer.setMaxMsgSize(64L << 20);
        dealer.setHandshakeIvl(HANDSHAKE_MILLIS);
        dealer.setHeartbeatIvl(5_000);
        dealer.setHeartbeatTimeout(15_000);
        dealer.setHeartbeatTtl(15_000);
        dealer.setReconnectIVL(100);
        dealer.setReconnectIVLMax(5_000);
        return dealer;
    }

    @Override
    public CompletableFuture<Reply> handle(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            String id = Long.toString(ids.incrementAndGet(), 36);
            List<byte[]> frames = ZeroMqWire.print(new WireRequest(command, Optional.empty(), id, token));
            requireSmall(frames);
            long wait = command.has(Param.TIMEOUT) ? command.require(Param.TIMEOUT) : timeoutNanos;
            queue.add(new Call(id, frames, System.nanoTime() + wait, reply));
            if (closed) {
                end(queue.iterator());
            } else {
                wake();
            }
        } catch (GoShareException malformed) {
            reply.completeExceptionally(malformed);
        }
        return reply;
    }

    private static void requireSmall(List<byte[]> frames) {
        long bytes = frames.stream().mapToLong(frame -> frame.length).sum();
        if (bytes > MAX_MESSAGE_BYTES) {
            throw new GoShareException(
                    ErrorCode.TOO_LARGE,
                    "a request of " + bytes + " bytes is above the limit of " + MAX_MESSAGE_BYTES
                            + "; send it in parts");
        }
    }

    /** One byte is under way at most; a PAIR socket may be used by one thread after another. */
    private void wake() {
        if (woken.compareAndSet(false, true)) {
            synchronized (wake) {
                if (!closed) {
                    wake.send(new byte[0], ZMQ.DONTWAIT);
                }
            }
        }
    }

    private void run(ZMQ.Socket dealer, ZMQ.Socket control) {
        Map<String, Call> inFlight = new LinkedHashMap<>();
        try (ZMQ.Poller poller = context.createPoller(2)) {
            poller.register(control, ZMQ.Poller.POLLIN);
            poller.register(dealer, ZMQ.Poller.POLLIN);
            while (!closed) {
                poller.poll(inFlight.isEmpty() ? IDLE_MILLIS : TICK_MILLIS);
                while (control.recv(ZMQ.DONTWAIT) != null) {
                    woken.set(false);
                }
                send(dealer, inFlight);
                receive(dealer, inFlight);
                expire(inFlight);
            }
        } catch (RuntimeException e) {
            LOG.error("the connection to {} failed", endpoint, e);
        } finally {
            closed = true;
            end(inFlight.values().iterator());
            end(queue.iterator());
            dealer.close();
            control.close();
        }
    }

    private void send(ZMQ.Socket dealer, Map<String, Call> inFlight) {
        Call call;
        while (inFlight.size() < IN_FLIGHT && (call = queue.poll()) != null) {
            int last = call.frames.size() - 1;
            boolean taken = true;
            for (int i = 0; i <= last && taken; i++) {
                taken = dealer.send(call.frames.get(i), ZMQ.DONTWAIT | (i < last ? ZMQ.SNDMORE : 0));
            }
            if (taken) {
                inFlight.put(call.id, call);
            } else {
                call.reply.completeExceptionally(new GoShareException(
                        ErrorCode.BUSY, "too many requests wait to be sent to " + endpoint + "; try again shortly"));
            }
        }
    }

    private void receive(ZMQ.Socket dealer, Map<String, Call> inFlight) {
        byte[] first;
        while ((first = dealer.recv(ZMQ.DONTWAIT)) != null) {
            List<byte[]> frames = new ArrayList<>(List.of(first));
            while (dealer.hasReceiveMore()) {
                frames.add(dealer.recv());
            }
            try {
                ZeroMqWire.Received received = ZeroMqWire.parseReply(frames);
                Call call = inFlight.remove(received.id());
                if (call != null) { // else it came after its deadline
                    complete(call, received);
                }
            } catch (GoShareException strange) {
                LOG.warn("{} sent what is no reply: {}", endpoint, strange.getMessage());
            }
        }
    }

    private static void complete(Call call, ZeroMqWire.Received received) {
        try {
            call.reply.complete(received.reply().read());
        } catch (GoShareException refused) {
            call.reply.completeExceptionally(refused);
        }
    }

    private void expire(Map<String, Call> inFlight) {
        long now = System.nanoTime();
        expire(inFlight.values().iterator(), now);
        expire(queue.iterator(), now);
    }

    private void expire(Iterator<Call> calls, long now) {
        while (calls.hasNext()) {
            Call call = calls.next();
            if (call.deadlineNanos - now < 0) {
                calls.remove();
                call.reply.completeExceptionally(new GoShareException(
                        ErrorCode.TIMEOUT,
                        "no reply from " + endpoint + " in time; it may have been done all the same"));
            }
        }
    }

    private static void end(Iterator<Call> calls) {
        while (calls.hasNext()) {
            calls.next()
                    .reply
                    .completeExceptionally(new GoShareException(ErrorCode.CLOSED, "the connection is closed"));
            calls.remove();
        }
    }

    @Override
    public void close() {
        synchronized (wake) {
            if (!closed) {
                closed = true;
                wake.send(new byte[0], ZMQ.DONTWAIT);
            }
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        context.close(); // the thread has closed its own sockets; this closes the other end
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
