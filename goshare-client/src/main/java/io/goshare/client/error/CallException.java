package io.goshare.client.error;

import io.goshare.protocol.GoShareException;

/**
 * The root of all that goes wrong with a call. {@link #code} is for programs, the message for people,
 * {@link #retryable} tells whether the same call may succeed later, unchanged. Never bears a token.
 */
public abstract class CallException extends GoShareException {
    private static final long serialVersionUID = 1L;

    private final CallInfo info;

    /** Tells {@code cause}'s code, message, field and row. */
    protected CallException(GoShareException cause, CallInfo info) {
        super(cause.code(), String.valueOf(cause.getMessage()), cause.field(), cause.row(), cause);
        this.info = info;
    }

    /** Names the call in logs on both sides. */
    public String requestId() {
        return info.requestId();
    }

    /** {@code host:port} asked last, or the place of an embedded store. */
    public String endpoint() {
        return info.endpoint();
    }

    /** How often the call was tried. */
    public int attempts() {
        return info.attempts();
    }
}
