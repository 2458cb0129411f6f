package io.goshare.server;

import org.jspecify.annotations.Nullable;

/** The server could not start, and nothing of it is left open. The message is one sentence for people. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public StartException(ExitCode exitCode, String message) {
        this(exitCode, message, null);
    }

    public StartException(ExitCode exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
