package io.goshare.protocol;

/**
 * Why a request was refused or failed: a word for programs beside the HTTP number, the same on every door. Words are
 * added, never renamed; docs/protocol.md lists them.
 */
public enum ErrorCode {
    BAD_REQUEST("bad_request", 400, false),
    UNAUTHORIZED("unauthorized", 401, false),
    FORBIDDEN("forbidden", 403, false),
    NOT_FOUND("not_found", 404, false),
    METHOD_NOT_ALLOWED("method_not_allowed", 405, false),
    TIMEOUT("timeout", 408, true),
    /** A compare-and-set or If-Match found another revision or value. */
    CONFLICT("conflict", 409, false),
    CURSOR_EXPIRED("cursor_expired", 410, false),
    REVISION_GONE("revision_gone", 410, false),
    /** The revision is not of this store's history: a loss of power took it, or it is of another store. */
    REVISION_LOST("revision_lost", 410, false),
    TOO_LARGE("too_large", 413, false),
    UNSUPPORTED_FORMAT("unsupported_format", 415, false),
    MISDIRECTED("misdirected", 421, false),
    /** A request id came again with other content. */
    REQUEST_MISMATCH("request_mismatch", 422, false),
    /** Rows of a batch are not valid; nothing (or with partial=allow the rest) was stored. */
    INVALID_ROWS("invalid_rows", 422, false),
    /** A limit on memory, queue or request ids is reached for now. */
    BUSY("busy", 429, true),
    /** A namespace may hold no more series; known ones still write. */
    SERIES_LIMIT("series_limit", 422, false),
    /** A query would read more than its budget; the message names the limit. */
    BUDGET("budget", 422, false),
    INTERNAL("internal", 500, false),
    /** Stored bytes are not what was written. */
    DAMAGED("damaged", 500, false),
    UNAVAILABLE("unavailable", 503, true),
    CLOSED("closed", 503, true),
    DISK_LOW("disk_low", 507, false);

    private final String word;
    private final int status;
    private final boolean retryable;

    ErrorCode(String word, int status, boolean retryable) {
        this.word = word;
        this.status = status;
        this.retryable = retryable;
    }

    /** The word on the wire. */
    public String word() {
        return word;
    }

    /** The HTTP number, also frame 0 of a ZeroMQ reply. */
    public int status() {
        return status;
    }

    /** Whether the same request may succeed later, unchanged. */
    public boolean retryable() {
        return retryable;
    }
}
