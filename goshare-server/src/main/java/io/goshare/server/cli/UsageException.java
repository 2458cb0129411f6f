package io.goshare.server.cli;

import org.jspecify.annotations.Nullable;

/** The command line is wrong; the message is one sentence that says what to type instead. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(@Nullable String message) {
        super(message);
    }
}
