package io.goshare.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The root of all that goes wrong with a request, on both sides: a code for programs, a sentence for people that says
 * what was asked, what was found and what to do. Unchecked.
 */
public class GoShareException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String field;
    private final long row;

    public GoShareException(ErrorCode code, String message) {
        this(code, message, null, -1, null);
    }

    public GoShareException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, -1, cause);
    }

    /**
     * @param field the parameter or column that was wrong, or null
     * @param row the row of the body that was wrong, counted from 1, or -1
     */
    public GoShareException(
            ErrorCode code, String message, @Nullable String field, long row, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = field;
        this.row = row;
    }

    /** A malformed parameter or column {@code field}; the message says what to send instead. */
    public static GoShareException badField(String field, String message) {
        return new GoShareException(ErrorCode.BAD_REQUEST, message, field, -1, null);
    }

    /** A malformed row of a body, counted from 1. */
    public static GoShareException badRow(long row, @Nullable String field, String message) {
        return new GoShareException(ErrorCode.INVALID_ROWS, message, field, row, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** The parameter or column that was wrong, or null where none is to blame. */
    public @Nullable String field() {
        return field;
    }

    /** The row of the body that was wrong, counted from 1; -1 where none is to blame. */
    public long row() {
        return row;
    }

    public boolean retryable() {
        return code.retryable();
    }
}
