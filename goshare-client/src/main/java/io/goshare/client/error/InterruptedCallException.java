package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** The thread was interrupted while it waited; its interrupt flag is set again. The call may have been done. */
public final class InterruptedCallException extends CallException {
    private static final long serialVersionUID = 1L;

    public InterruptedCallException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
