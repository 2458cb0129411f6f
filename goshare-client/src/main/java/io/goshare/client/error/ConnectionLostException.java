package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** The connection ended while the reply was awaited; the call may have been done. Retryable. */
public final class ConnectionLostException extends CallException {
    private static final long serialVersionUID = 1L;

    public ConnectionLostException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
