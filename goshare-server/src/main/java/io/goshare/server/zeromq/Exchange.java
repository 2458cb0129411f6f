package io.goshare.server.zeromq;

import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A request whose reply is under way. The router's thread owns it, but for {@link #reply}, which is set once. */
final class Exchange {
    final Envelope envelope;
    /** Whether replies to this peer must come in the order of its requests: those without an id have no other. */
    final boolean ordered;

    final long deadlineNanos;
    final Request request;
    boolean answered;
    private volatile @Nullable List<byte[]> reply;
    private @Nullable Future<?> work;

    Exchange(Envelope envelope, Request request, boolean ordered, long deadlineNanos) {
        this.envelope = envelope;
        this.request = request;
        this.ordered = ordered;
        this.deadlineNanos = deadlineNanos;
    }

    /** What makes the reply. */
    void work(Future<?> future) {
        work = future;
    }

    /** Lets go of what makes the reply: nobody will send it. */
    void giveUp() {
        if (work != null) {
            work.cancel(false);
        }
    }

    void reply(List<byte[]> frames) {
        reply = frames;
    }

    @Nullable
    List<byte[]> reply() {
        return reply;
    }
}
