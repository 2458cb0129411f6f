package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** The connection was closed, before the call or under it. */
public final class ClientClosedException extends CallException {
    private static final long serialVersionUID = 1L;

    public ClientClosedException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
