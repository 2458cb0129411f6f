package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** The request or its reply is above the limit on the bytes of a message. */
public final class TooLargeException extends CallException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
