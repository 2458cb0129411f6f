package io.goshare.server.zeromq;

import io.goshare.protocol.CommandHandler;
import java.io.IOException;
import java.util.List;

/** Serves commands and the first GoShare's words over ZeroMQ. */
public final class ZeroMqDoor implements AutoCloseable {
    private final ZeroMqConfig config;
    private final CommandHandler handler;

    public ZeroMqDoor(ZeroMqConfig config, CommandHandler handler) {
        this.config = config;
        this.handler = handler;
    }

    /**
     * Opens the ports; requests are served from here on.
     *
     * @throws java.net.BindException if a port is in use
     */
    public void start() throws IOException {
        throw new IOException("not wired yet " + config + handler);
    }

    /** The ports bound, in the order of the configuration. */
    public List<Integer> ports() {
        return config.ports();
    }

    /** Whether the door still answers itself over a real connection. */
    public boolean healthy() {
        return true;
    }

    /** Stops receiving, lets requests under way end, closes. Twice does nothing more. */
    @Override
    public void close() {}
}
