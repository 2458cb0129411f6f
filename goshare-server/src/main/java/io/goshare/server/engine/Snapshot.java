package io.goshare.server.engine;

/** A frozen view of a {@link StorageEngine}; only the engine that made it reads it. Closing twice is harmless. */
public interface Snapshot extends AutoCloseable {
    /** The {@link #version} of a snapshot that may have been taken amid a write. */
    long UNKNOWN = 0;

    /**
     * A number that two snapshots of this process share only if they see the same rows, whichever engines they are of;
     * or {@link #UNKNOWN}.
     */
    long version();

    @Override
    void close();
}
