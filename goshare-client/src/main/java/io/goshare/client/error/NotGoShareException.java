package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** Something else than GoShare answers at the host and port. Correct the URL. */
public final class NotGoShareException extends CallException {
    private static final long serialVersionUID = 1L;

    public NotGoShareException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
