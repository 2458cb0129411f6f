package io.goshare.client.transport;

import io.goshare.protocol.ErrorCode;

/** What may go wrong between a client and a server, other than the server's own refusal. */
public enum Fault {
    /** Nothing accepts connections there; nothing was sent. */
    UNREACHABLE(ErrorCode.UNAVAILABLE, true),
    /** What answers is no GoShare. */
    NOT_GOSHARE(ErrorCode.MISDIRECTED, true),
    /** What answers is a GoShare of another protocol version. */
    OTHER_VERSION(ErrorCode.MISDIRECTED, true),
    /** The connection ended before the reply began; the request may have been done. */
    LOST(ErrorCode.UNAVAILABLE, false),
    /** The connection ended in the middle of the reply. */
    CUT(ErrorCode.UNAVAILABLE, false),
    /** The reply's bytes are not what its head says. */
    WRONG_TYPE(ErrorCode.INTERNAL, false),
    /** The request, which was not sent, or its reply is above the limit. */
    TOO_LARGE(ErrorCode.TOO_LARGE, false),
    /** The time of the request is over; it may have been done. */
    TIMED_OUT(ErrorCode.TIMEOUT, false),
    /** More requests are under way than the connection takes; this one was not sent. */
    FULL(ErrorCode.BUSY, true),
    /** The transport is closed. */
    CLOSED(ErrorCode.CLOSED, false),
    /** The waiting thread was interrupted. */
    INTERRUPTED(ErrorCode.CLOSED, false);

    private final ErrorCode code;
    private final boolean unsent;

    Fault(ErrorCode code, boolean unsent) {
        this.code = code;
        this.unsent = unsent;
    }

    /** The code that programs see. */
    public ErrorCode code() {
        return code;
    }

    /** Whether it is known that the server has not seen the request. */
    public boolean isUnsent() {
        return unsent;
    }
}
