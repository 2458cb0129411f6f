package io.goshare.server.zeromq;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZEvent;
import org.zeromq.ZMonitor;
import zmq.ZError;
import zmq.util.Errno;

/**
 * The TCP connections of the door: how many there are, and which have yet to send their first message. JeroMQ's
 * handshake timer ends with the greeting, so a peer that stays silent behind it is closed here. Closing is by ending
 * the input, which JeroMQ takes as the peer's own close. Events come on JeroMQ's I/O thread, {@link #seen} and
 * {@link #reap} on the router's.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** Peers that do not stop sending what is too large fill no log. */
    private static final long WARNING_NANOS = 60_000_000_000L;

    private final ZeroMqConfig config;
    private final Map<SelectableChannel, Connection> open = new ConcurrentHashMap<>();
    private final Map<String, Connection> silent = new ConcurrentHashMap<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong reaped = new AtomicLong();
    private final AtomicLong tooLarge = new AtomicLong();
    private long warnedNanos;

    private record Connection(String name, InetAddress address, SocketChannel channel, long sinceNanos) {}

    Connections(ZeroMqConfig config) {
        this.config = config;
    }

    /** Takes an event of the socket. */
    void on(ZEvent event) {
        if (event.getEvent() == ZMonitor.Event.ACCEPTED) {
            if (event.<Object>getValue() instanceof SocketChannel channel) {
                accepted(channel);
            }
        } else if (event.getEvent() == ZMonitor.Event.DISCONNECTED || event.getEvent() == ZMonitor.Event.CLOSED) {
            if (event.<Object>getValue() instanceof SelectableChannel channel) {
                Connection gone = open.remove(channel);
                if (gone != null) {
                    silent.remove(gone.name, gone);
                    ended(gone);
                }
            }
        }
    }

    /** JeroMQ ends the connection of a frame above the limit without a word, and leaves its reason to this thread. */
    private void ended(Connection gone) {
        Errno reason = new Errno();
        if (!reason.is(ZError.EMSGSIZE)) {
            return;
        }
        reason.set(0);
        long now = System.nanoTime();
        if (tooLarge.getAndIncrement() == 0 || now - warnedNanos >= WARNING_NANOS) {
            warnedNanos = now;
            LOG.warn(
                    "{} sent a frame above max-body={} bytes, and its connection was closed: it has to send smaller"
                            + " batches, or the limit is to be raised; connections closed so until now: {}",
                    gone.name,
                    config.maxMessageBytes(),
                    tooLarge.get());
        }
    }

    private void accepted(SocketChannel channel) {
        InetSocketAddress peer;
        try {
            peer = (InetSocketAddress) channel.getRemoteAddress();
        } catch (IOException e) {
            LOG.debug("A connection ended as it was accepted: {}", e.toString());
            return;
        }
        if (peer == null) {
            return;
        }
        String name = peer.getAddress().getHostAddress() + ":" + peer.getPort();
        Connection connection = new Connection(name, peer.getAddress(), channel, System.nanoTime());
        open.put(channel, connection);
        silent.put(name, connection);
        if (open.size() > config.maxConnections() || tooManyFrom(peer.getAddress())) {
            refused.incrementAndGet();
            end(connection);
        }
    }

    private boolean tooManyFrom(InetAddress address) {
        return !address.isLoopbackAddress()
                && open.values().stream().filter(c -> c.address.equals(address)).count()
                        > config.maxConnectionsPerAddress();
    }

    /** A message came from the peer {@code name}, {@code address:port}. */
    void seen(String name) {
        if (!silent.isEmpty()) {
            silent.remove(name);
        }
    }

    /** Ends the connections whose first message is overdue. */
    void reap() {
        long before = System.nanoTime() - config.firstMessage().toNanos();
        silent.values().removeIf(connection -> {
            boolean overdue = connection.sinceNanos - before < 0;
            if (overdue) {
                reaped.incrementAndGet();
                end(connection);
            }
            return overdue;
        });
    }

    private static void end(Connection connection) {
        try {
            connection.channel.shutdownInput();
        } catch (ClosedChannelException e) {
            LOG.debug("The connection was closed already");
        } catch (IOException e) {
            LOG.warn("A connection could not be ended: {}", e.toString());
        }
    }

    int count() {
        return open.size();
    }

    /** Connections closed because there were too many. */
    long refused() {
        return refused.get();
    }

    /** Connections closed because they stayed silent. */
    long reaped() {
        return reaped.get();
    }

    /** Connections closed because a frame was above the limit. */
    long tooLarge() {
        return tooLarge.get();
    }
}
