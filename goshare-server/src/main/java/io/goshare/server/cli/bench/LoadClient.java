package io.goshare.server.cli.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One connection that carries requests made ahead, one after the other. For one thread. */
interface LoadClient extends Closeable {
    /**
     * Sends {@code request}, bytes as this client's kind of {@link Endpoint} made them, and reads the whole reply.
     *
     * @return the HTTP status, or the number that a ZeroMQ reply begins with; 200 where it has none
     */
    int exchange(byte[] request) throws IOException;

    /** The last reply's body: bytes {@code [0, bodyLength())}, until the next exchange. */
    byte[] body();

    int bodyLength();

    default String bodyText() {
        return new String(body(), 0, bodyLength(), StandardCharsets.UTF_8);
    }
}
