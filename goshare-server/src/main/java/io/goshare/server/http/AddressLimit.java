package io.goshare.server.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/** Bounds the connections of one address that is not loopback. */
final class AddressLimit implements Connection.Listener {
    private final int most;
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();
    /** A closed connection no longer knows its peer. */
    private final Map<Connection, InetAddress> peers = new ConcurrentHashMap<>();

    AddressLimit(int most) {
        this.most = most;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && !peer.getAddress().isLoopbackAddress()) {
            peers.put(connection, peer.getAddress());
            if (open.merge(peer.getAddress(), 1, Integer::sum) > most) {
                connection.getEndPoint().close();
            }
        }
    }

    @Override
    public void onClosed(Connection connection) {
        InetAddress address = peers.remove(connection);
        if (address != null) {
            open.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
        }
    }
}
