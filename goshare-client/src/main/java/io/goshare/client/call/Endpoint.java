package io.goshare.client.call;

import io.goshare.client.transport.Transport;
import java.util.Optional;
import java.util.function.Supplier;

/** One host, and the transport to it once it is asked. Safe for many threads. */
final class Endpoint {
    private final String address;
    private final Supplier<Transport> opener;
    private Optional<Transport> transport = Optional.empty();
    private boolean closed;

    /** Whether it ever answered. */
    private volatile boolean known;

    Endpoint(String address, Supplier<Transport> opener) {
        this.address = address;
        this.opener = opener;
    }

    String address() {
        return address;
    }

    synchronized Transport transport() {
        if (transport.isEmpty()) {
            transport = Optional.of(closed ? new ClosedTransport() : opener.get());
        }
        return transport.get();
    }

    void answered() {
        if (!known) {
            known = true;
        }
    }

    boolean isKnown() {
        return known;
    }

    synchronized void close() {
        closed = true;
        transport.ifPresent(Transport::close);
    }
}
