package io.goshare.server.http;

import io.goshare.protocol.CommandHandler;
import java.io.IOException;

/** Serves commands and the first GoShare's routes over HTTP. */
public final class HttpDoor implements AutoCloseable {
    private final HttpConfig config;
    private final CommandHandler handler;

    public HttpDoor(HttpConfig config, CommandHandler handler) {
        this.config = config;
        this.handler = handler;
    }

    /**
     * Opens the port; requests are served from here on.
     *
     * @throws java.net.BindException if the port is in use
     */
    public void start() throws IOException {
        throw new IOException("not wired yet " + config + handler);
    }

    /** The port bound. */
    public int port() {
        return config.port();
    }

    /** Stops accepting, lets requests under way end, closes. Twice does nothing more. */
    @Override
    public void close() {}
}
