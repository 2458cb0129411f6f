package io.goshare.client.transport;

import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A handler that carries commands away, or does the work itself where the store is in this process. A command's
 * {@code timeout} bounds the whole of its way. Failures are a {@link TransportException}, or the server's own error.
 * Safe for many threads.
 */
public interface Transport extends CommandHandler, AutoCloseable {
    /**
     * Carries {@code command} and waits for its reply, where that can be done with fewer threads than {@link #handle}.
     *
     * @throws GoShareException as {@link #handle}'s future
     */
    default Reply call(Command command) {
        CompletableFuture<Reply> reply = handle(command);
        try {
            return reply.isDone() ? reply.get() : reply.get(command.require(Param.TIMEOUT), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            throw new TransportException(Fault.INTERRUPTED, "interrupted while the reply was awaited", e);
        } catch (TimeoutException e) {
            reply.cancel(true);
            throw new TransportException(Fault.TIMED_OUT, "no reply in time; it may have been done all the same", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof GoShareException known
                    ? known
                    : new GoShareException(ErrorCode.INTERNAL, "the transport failed: " + e.getCause(), e);
        }
    }

    /** What differs between transports. */
    Capabilities capabilities();

    /** Ends all calls under way with {@code closed}, frees sockets and threads. Twice is harmless. */
    @Override
    void close();
}
