package io.goshare.server.commit;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.server.engine.EngineException;

/** What a client is told when an engine fails. */
public final class Failures {
    private Failures() {}

    public static GoShareException of(EngineException failure) {
        ErrorCode code = switch (failure.reason()) {
            case CLOSED -> ErrorCode.CLOSED;
            case DAMAGED -> ErrorCode.DAMAGED;
            case DISK_LOW -> ErrorCode.DISK_LOW;
            case BUSY -> ErrorCode.BUSY;
            case LOCKED, PERMISSION, REFUSED, FAILED -> ErrorCode.INTERNAL;
        };
        return new GoShareException(code, String.valueOf(failure.getMessage()), failure);
    }
}
