package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** The connection ended in the middle of the reply; the call may have been done. Retryable. */
public final class ReplyCutException extends CallException {
    private static final long serialVersionUID = 1L;

    public ReplyCutException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
