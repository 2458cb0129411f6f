package io.goshare.client.transport.zeromq;

import io.goshare.protocol.Reply;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request that awaits its reply. */
final class Pending {
    final String id;
    final ByteBuffer message;
    final long deadlineNanos;
    final CompletableFuture<Reply> reply = new CompletableFuture<>();

    /** The connection that took it; null before. */
    volatile @Nullable Connection sentOn;

    Pending(String id, ByteBuffer message, long deadlineNanos) {
        this.id = id;
        this.message = message;
        this.deadlineNanos = deadlineNanos;
    }
}
