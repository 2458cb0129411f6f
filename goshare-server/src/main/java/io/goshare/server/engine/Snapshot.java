package io.goshare.server.engine;

/** A frozen view of a {@link StorageEngine}; only the engine that made it reads it. Closing twice is harmless. */
public interface Snapshot extends AutoCloseable {
    @Override
    void close();
}
