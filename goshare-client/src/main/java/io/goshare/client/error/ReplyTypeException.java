package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** The reply cannot be read, or is of another kind than the call's. */
public final class ReplyTypeException extends CallException {
    private static final long serialVersionUID = 1L;

    public ReplyTypeException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
