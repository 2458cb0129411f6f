package io.goshare.client.transport;

import io.goshare.protocol.CommandHandler;

/** A handler that carries commands away, or does the work itself where the store is in this process. */
public interface Transport extends CommandHandler, AutoCloseable {
    /** Ends all calls under way with {@code closed}, frees sockets and threads. Twice is harmless. */
    @Override
    void close();
}
