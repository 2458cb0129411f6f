package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** The server answered with an error: {@link #code} says which, {@link #field} and {@link #row} what was wrong. */
public final class RefusedException extends CallException {
    private static final long serialVersionUID = 1L;

    public RefusedException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
