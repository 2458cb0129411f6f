package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** No reply came within the call's deadline; the call may have been done. Retryable. */
public final class DeadlineException extends CallException {
    private static final long serialVersionUID = 1L;

    public DeadlineException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
