package io.goshare.client.call;

import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import java.util.concurrent.CompletableFuture;

/** What a closed connection answers. */
final class ClosedTransport implements Transport {
    @Override
    public CompletableFuture<Reply> handle(Command command) {
        return CompletableFuture.failedFuture(new TransportException(Fault.CLOSED, "the connection is closed"));
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, false, Long.MAX_VALUE, 0);
    }

    @Override
    public void close() {
        // nothing is open
    }
}
