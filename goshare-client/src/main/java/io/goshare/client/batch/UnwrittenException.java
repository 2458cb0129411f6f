package io.goshare.client.batch;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import org.jspecify.annotations.Nullable;

/** Points of a writer were not acknowledged in time. */
public final class UnwrittenException extends GoShareException {
    private static final long serialVersionUID = 1L;

    private final long rows;

    UnwrittenException(long rows, String message, @Nullable Throwable cause) {
        super(ErrorCode.TIMEOUT, message, cause);
        this.rows = rows;
    }

    /** How many points. */
    public long rows() {
        return rows;
    }
}
