package io.goshare.protocol;

import java.util.concurrent.CompletableFuture;

/**
 * Turns a command into its reply: the datastore does the work, a client transport carries the command away. Safe for
 * many threads.
 */
@FunctionalInterface
public interface CommandHandler {
    /**
     * Starts {@code command}. The reply comes on any thread, which must not be blocked by what depends on it; a failure
     * is always a {@link GoShareException}. Never throws itself. To cancel the future tells that nobody waits for the
     * reply: a read may end early, a write is done all the same.
     */
    CompletableFuture<Reply> handle(Command command);
}
