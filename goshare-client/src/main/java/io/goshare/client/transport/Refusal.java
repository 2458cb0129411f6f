package io.goshare.client.transport;

import io.goshare.protocol.GoShareException;
import java.time.Duration;

/** The server's own error, with the time after which it asks to be tried again. */
public final class Refusal extends GoShareException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public Refusal(GoShareException error, Duration retryAfter) {
        super(error.code(), String.valueOf(error.getMessage()), error.field(), error.row(), error);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
