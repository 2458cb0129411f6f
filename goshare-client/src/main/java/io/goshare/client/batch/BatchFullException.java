package io.goshare.client.batch;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;

/** There was no room for a point: it is not in the writer. */
public final class BatchFullException extends GoShareException {
    private static final long serialVersionUID = 1L;

    BatchFullException(String message) {
        super(ErrorCode.BUSY, message);
    }
}
