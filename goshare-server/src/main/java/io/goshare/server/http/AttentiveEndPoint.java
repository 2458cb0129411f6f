package io.goshare.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection that tells when its client closes it while a request is worked on; Jetty reads no further then and would
 * find out with the reply. It waits for whatever comes: the end, or the first byte of a next request, which it keeps
 * until Jetty reads on. Safe for many threads.
 */
final class AttentiveEndPoint extends SocketChannelEndPoint {
    private final Executor executor;
    private final ByteBuffer kept = BufferUtil.allocate(1);
    private final Callback watch = new Watch();
    private boolean watching;
    private @Nullable Runnable gone;
    /** Whether the client may end its half and still be there. */
    private boolean mayEnd;
    /** Jetty's, which wants to read what {@link #watch} waits for. */
    private @Nullable Callback reader;

    AttentiveEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Executor executor) {
        super(channel, selector, key, scheduler);
        this.executor = executor;
    }

    /**
     * Calls {@code told}, on another thread, if the client closes the connection before Jetty reads on. Only the last
     * one asked for is called.
     *
     * <p>A client that closes only its sending half, and still reads, looks the same as one that is gone: both send a
     * FIN, and no more is known until a write is answered by a reset. It is told by what the request said. Who kept the
     * connection open to further requests and ends it while a reply is due takes that back, so it has gone; nginx and
     * Go's net/http read every FIN so. Who said that this request is the last ({@code Connection: close}, or HTTP/1.0)
     * tells nothing new by ending its half, and is gone only with a reset.
     *
     * @param last whether the client said that it sends no further request
     */
    synchronized void whenGone(Runnable told, boolean last) {
        gone = told;
        mayEnd = last;
        watching = watching || !kept.hasRemaining() && super.tryFillInterested(watch);
    }

    private final class Watch implements Callback {
        @Override
        public void succeeded() {
            Callback next = ready();
            if (next != null) {
                next.succeeded();
            }
        }

        @Override
        public void failed(Throwable failure) {
            Callback next = ended();
            if (next != null) {
                next.failed(failure);
            }
        }

        @Override
        public InvocationType getInvocationType() {
            synchronized (AttentiveEndPoint.this) {
                return reader == null ? InvocationType.NON_BLOCKING : reader.getInvocationType();
            }
        }
    }

    /** Something has come: for the reader that waits, or to be looked at. */
    private synchronized @Nullable Callback ready() {
        watching = false;
        Callback next = reader;
        reader = null;
        if (next == null) {
            try {
                int read = look();
                if (read == 0) {
                    watching = super.tryFillInterested(watch);
                } else if (read < 0 && !mayEnd) {
                    tell();
                }
            } catch (IOException reset) {
                tell();
            }
        }
        return next;
    }

    /** Reads past Jetty, for which a reset and an end are one. */
    private int look() throws IOException {
        int at = BufferUtil.flipToFill(kept);
        try {
            return getChannel().read(kept);
        } finally {
            BufferUtil.flipToFlush(kept, at);
        }
    }

    /** Nothing comes any more, or not before the connection has been idle for too long. */
    private synchronized @Nullable Callback ended() {
        watching = false;
        Callback next = reader;
        reader = null;
        if (next == null && !isOpen()) {
            tell();
        }
        return next;
    }

    private void tell() {
        if (gone != null) {
            executor.execute(gone);
            gone = null;
        }
    }

    @Override
    public synchronized int fill(ByteBuffer buffer) throws IOException {
        return kept.hasRemaining() ? BufferUtil.append(buffer, kept) : super.fill(buffer);
    }

    @Override
    public void fillInterested(Callback callback) {
        if (!tryFillInterested(callback)) {
            throw new ReadPendingException();
        }
    }

    @Override
    public synchronized boolean tryFillInterested(Callback callback) {
        gone = null;
        if (kept.hasRemaining()) {
            executor.execute(callback::succeeded);
            return true;
        }
        if (!watching) {
            return super.tryFillInterested(callback);
        }
        boolean free = reader == null;
        reader = free ? callback : reader;
        return free;
    }

    @Override
    public synchronized boolean isFillInterested() {
        return watching ? reader != null : super.isFillInterested();
    }
}
