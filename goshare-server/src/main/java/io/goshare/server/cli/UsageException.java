package io.goshare.server.cli;

/** The command line is wrong; the message is one sentence that says what to type instead. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
