package io.goshare.server.engine;

import org.jspecify.annotations.Nullable;

/** A storage engine could not do what was asked; {@link #reason} tells programs why. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a call failed. */
    public enum Reason {
        /** The engine was closed. */
        CLOSED,
        /** Stored bytes are not what was written; the message names file or key. */
        DAMAGED,
        /** Free space is below the disk reserve; reads go on. */
        DISK_LOW,
        /** Another process or engine holds the directory. */
        LOCKED,
        /** The directory may not be read or written. */
        PERMISSION,
        /** Too many snapshots or scans at once. */
        BUSY,
        /** The directory is not GoShare's, of another format version or of another engine; nothing was changed. */
        REFUSED,
        /** The library or the system refused. */
        FAILED
    }

    private final Reason reason;

    public EngineException(Reason reason, String message) {
        this(reason, message, null);
    }

    public EngineException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
