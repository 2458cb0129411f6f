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
    /** Jetty's, which wants to read what {@link #watch} waits for. */
    private @Nullable Callback reader;

    AttentiveEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Executor executor) {
        super(channel, selector, key, scheduler);
        this.executor = executor;
    }

    /**
     * Calls {@code told}, on another thread, if the client closes the connection, or its half of it, before Jetty reads
     * on. Only the last one asked for is called.
     */
    synchronized void whenGone(Runnable told) {
        gone = told;
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
            int read;
            try {
                read = super.fill(kept);
            } catch (IOException reset) {
                read = -1;
            }
            if (read < 0) {
                tell();
            } else if (read == 0) {
                watching = super.tryFillInterested(watch);
            }
        }
        return next;
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
