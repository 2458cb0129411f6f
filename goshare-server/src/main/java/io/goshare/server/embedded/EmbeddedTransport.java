package io.goshare.server.embedded;

import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Commands to a store in this process, with no bytes between. */
final class EmbeddedTransport implements Transport {
    private final CommandHandler handler;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param release called once, when this is closed */
    EmbeddedTransport(CommandHandler handler, Runnable release) {
        this.handler = handler;
        this.release = release;
    }

    @Override
    public CompletableFuture<Reply> handle(Command command) {
        return closed.get()
                ? CompletableFuture.failedFuture(new TransportException(Fault.CLOSED, "the connection is closed"))
                : handler.handle(command);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, false, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
