package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** Nothing accepts connections at the host and port; nothing was sent. Retryable. */
public final class UnreachableException extends CallException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
