package io.goshare.client.transport;

import io.goshare.protocol.GoShareException;
import org.jspecify.annotations.Nullable;

/** How a transport tells that a command was not carried there and back. */
public final class TransportException extends GoShareException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    public TransportException(Fault fault, String message, @Nullable Throwable cause) {
        super(fault.code(), message, cause);
        this.fault = fault;
    }

    public TransportException(Fault fault, String message) {
        this(fault, message, null);
    }

    public Fault fault() {
        return fault;
    }
}
