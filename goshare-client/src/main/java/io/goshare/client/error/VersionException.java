package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/** A GoShare answers that does not speak version 1 of the protocol, such as the first GoShare. */
public final class VersionException extends CallException {
    private static final long serialVersionUID = 1L;

    public VersionException(GoShareException cause, CallInfo info) {
        super(cause, info);
    }
}
