package io.goshare.server.zeromq;

import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.wire.Incident;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.io.Metadata;

/**
 * The one thread that owns the ROUTER: receives, hands on, sends. Its only wait is the receive; a reply that is ready
 * later comes through {@link Wake}. After a wait it takes what else is there at once, so that the commit thread sees
 * groups.
 */
final class RouterLoop {
    private static final Logger LOG = LoggerFactory.getLogger(RouterLoop.class);

    /** Messages taken at once before replies that became ready are sent. */
    private static final int DRAIN = 256;

    private static final long HOUSEKEEPING_NANOS = 250_000_000L;
    private static final long TIDY_NANOS = 2_000_000_000L;

    private final ZeroMqConfig config;
    private final CommandHandler handler;
    private final ZMQ.Socket router;
    private final Wake wake;
    private final byte[] wakeIdentity;
    private final Requests requests;
    private final Connections connections;
    private final FrameBudget frameBudget;

    private final Queue<Exchange> ready = new ConcurrentLinkedQueue<>();
    private final Set<Exchange> pending = new LinkedHashSet<>();
    private final Map<String, Deque<Exchange>> order = new HashMap<>();
    private long bytesInFlight;
    private long lastHousekeeping = System.nanoTime();
    private long lastTidy = System.nanoTime();
    private volatile boolean stopping;
    private final AtomicLong unsent = new AtomicLong();

    RouterLoop(
            ZeroMqConfig config,
            CommandHandler handler,
            ZMQ.Socket router,
            Wake wake,
            byte[] wakeIdentity,
            Requests requests,
            Connections connections,
            FrameBudget frameBudget) {
        this.config = config;
        this.handler = handler;
        this.router = router;
        this.wake = wake;
        this.wakeIdentity = wakeIdentity;
        this.requests = requests;
        this.connections = connections;
        this.frameBudget = frameBudget;
    }

    /** Runs until {@link #stop}, then until what is under way is answered or {@code stopTimeout} has passed. */
    void run() {
        long giveUp = Long.MAX_VALUE;
        while (true) {
            wake.clear();
            sendReady();
            housekeeping();
            if (stopping) {
                giveUp = giveUp == Long.MAX_VALUE
                        ? System.nanoTime() + config.stopTimeout().toNanos()
                        : giveUp;
                if (pending.isEmpty() || System.nanoTime() > giveUp) {
                    return;
                }
            }
            receive();
        }
    }

    /** Lets {@link #run} end; new requests are refused from here on. */
    void stop() {
        stopping = true;
        wake.wake();
    }

    /** Replies that could not be sent, because the peer was gone or took nothing more. */
    long unsent() {
        return unsent.get();
    }

    private void receive() {
        int flags = 0;
        for (int taken = 0; taken < DRAIN; taken++) {
            Msg identity = router.base().recv(flags);
            if (identity == null) {
                return;
            }
            take(identity);
            flags = ZMQ.DONTWAIT;
        }
    }

    /** Takes the rest of the message that begins with {@code identity}. */
    private void take(Msg identity) {
        List<byte[]> frames = new ArrayList<>(4);
        frames.add(identity.data());
        long bytes = 0;
        String peer = "";
        boolean lost = false;
        Msg last = identity;
        while (last.hasMore()) {
            Msg next = router.base().recv(ZMQ.DONTWAIT);
            if (next == null) {
                LOG.warn("A message ended before its last frame");
                return;
            }
            last = next;
            bytes += last.size();
            lost |= FrameBudget.isLost(last);
            if (frames.size() < 64) { // more than any request has; the rest is counted and let go
                frames.add(FrameBudget.isLost(last) ? new byte[0] : last.data());
            }
            FrameBudget.taken(last);
            Metadata metadata = last.getMetadata();
            String address = metadata == null ? null : metadata.get(Metadata.PEER_ADDRESS);
            peer = address == null ? peer : address;
        }
        if (Arrays.equals(frames.get(0), wakeIdentity)) {
            return;
        }
        connections.seen(peer);
        serve(Envelope.of(frames, peer, bytes), lost);
    }

    private void serve(Envelope envelope, boolean lost) {
        Request request = admit(envelope, lost);
        Exchange exchange = new Exchange(envelope, request, !request.named(), deadline(request));
        Optional<Command> command = request.command();
        if (command.isEmpty()) {
            exchange.reply(request.early());
        } else {
            CompletableFuture<Reply> future = start(command.get());
            if (future.isDone()) {
                exchange.reply(outcome(exchange, future));
            } else {
                wait(exchange, future);
            }
        }
        if (exchange.reply() == null || !order.isEmpty() && exchange.ordered && order.containsKey(peer(exchange))) {
            if (exchange.ordered) {
                order.computeIfAbsent(peer(exchange), p -> new ArrayDeque<>()).add(exchange);
            }
        } else {
            send(exchange);
        }
    }

    private CompletableFuture<Reply> start(Command command) {
        try {
            return handler.handle(command);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(Incident.of(e, LOG));
        }
    }

    private Request admit(Envelope envelope, boolean lost) {
        if (stopping) {
            return refused(envelope, ErrorCode.CLOSED, "the server is stopping");
        }
        if (lost || bytesInFlight + envelope.bytes() > config.maxBytesInFlight()) {
            return refused(envelope, ErrorCode.BUSY, "too many requests are under way; try again");
        }
        return requests.parse(envelope);
    }

    private Request refused(Envelope envelope, ErrorCode code, String why) {
        return requests.refused(envelope, new GoShareException(code, why));
    }

    private long deadline(Request request) {
        long most = config.requestDeadline().toNanos();
        long asked =
                request.command().flatMap(command -> command.get(Param.TIMEOUT)).orElse(most);
        return System.nanoTime() + Math.min(most, asked);
    }

    private void wait(Exchange exchange, CompletableFuture<Reply> future) {
        pending.add(exchange);
        exchange.work(future);
        bytesInFlight += exchange.envelope.bytes();
        var unused = future.whenComplete((reply, failure) -> {
            if (!future.isCancelled()) {
                exchange.reply(outcome(exchange, future));
                ready.add(exchange);
                wake.wake();
            }
        });
    }

    /** The frames that answer what has completed. */
    private static List<byte[]> outcome(Exchange exchange, CompletableFuture<Reply> done) {
        try {
            return exchange.request.done(done.join());
        } catch (RuntimeException | Error e) {
            return exchange.request.failed(Incident.of(e, LOG));
        }
    }

    private void sendReady() {
        for (Exchange exchange = ready.poll(); exchange != null; exchange = ready.poll()) {
            if (pending.remove(exchange)) {
                bytesInFlight -= exchange.envelope.bytes();
                answered(exchange);
            }
        }
    }

    /** Sends a reply that has become ready, and those it kept waiting. */
    private void answered(Exchange exchange) {
        if (!exchange.ordered) {
            send(exchange);
            return;
        }
        String peer = peer(exchange);
        Deque<Exchange> waiting = order.get(peer);
        while (waiting != null && !waiting.isEmpty()) {
            Exchange head = waiting.element();
            if (head.reply() == null || pending.contains(head)) {
                return;
            }
            send(waiting.remove());
        }
        order.remove(peer);
    }

    private static String peer(Exchange exchange) {
        return new String(exchange.envelope.route().get(0), StandardCharsets.ISO_8859_1);
    }

    private void send(Exchange exchange) {
        List<byte[]> reply = exchange.reply();
        if (exchange.answered || reply == null) {
            return;
        }
        exchange.answered = true;
        List<byte[]> route = exchange.envelope.route();
        boolean sent = send(route.get(0), true);
        for (int i = 1; i < route.size() && sent; i++) {
            sent = send(route.get(i), true);
        }
        for (int i = 0; i < reply.size() && sent; i++) {
            sent = send(reply.get(i), i < reply.size() - 1);
        }
        if (!sent) {
            unsent.incrementAndGet();
            LOG.debug("A reply was not sent, errno {}", router.base().errno());
        }
    }

    private boolean send(byte[] frame, boolean more) {
        return router.base().send(new Msg(frame), more ? ZMQ.SNDMORE | ZMQ.DONTWAIT : ZMQ.DONTWAIT);
    }

    private void housekeeping() {
        long now = System.nanoTime();
        if (now - lastHousekeeping < HOUSEKEEPING_NANOS) {
            return;
        }
        lastHousekeeping = now;
        connections.reap();
        if (now - lastTidy > TIDY_NANOS) {
            lastTidy = now;
            frameBudget.tidy();
        }
        List<Exchange> overdue = new ArrayList<>();
        for (Exchange exchange : pending) {
            if (now > exchange.deadlineNanos) {
                overdue.add(exchange);
            }
        }
        for (Exchange exchange : overdue) {
            pending.remove(exchange);
            bytesInFlight -= exchange.envelope.bytes();
            exchange.reply(exchange.request.failed(new GoShareException(
                    ErrorCode.TIMEOUT, "the request took too long; what it writes may still be stored")));
            answered(exchange);
            exchange.giveUp();
        }
    }
}
