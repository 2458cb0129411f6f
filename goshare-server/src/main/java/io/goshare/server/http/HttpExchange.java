package io.goshare.server.http;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * One request and its one reply; whoever answers first wins. After the deadline it is answered 408 or, if late, cut.
 */
final class HttpExchange {
    private static final String CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean finished = new AtomicBoolean();
    private final Scheduler.@Nullable Task deadline;
    private final Function<GoShareException, Outgoing> errors;
    private volatile @Nullable BodyReader body;
    private volatile @Nullable Runnable gone;

    /** @param errors how this request's errors look */
    HttpExchange(
            Request request,
            Response response,
            Callback callback,
            long deadlineMillis,
            Function<GoShareException, Outgoing> errors) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.errors = errors;
        this.deadline =
                request.getComponents().getScheduler().schedule(this::expire, deadlineMillis, TimeUnit.MILLISECONDS);
    }

    private void expire() {
        if (answered.get()) {
            finish(new IOException("the reply was not taken before the deadline"));
        } else {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            fail(new GoShareException(
                    ErrorCode.TIMEOUT, "the request took too long; what it writes may still be stored"));
            Runnable told = gone;
            if (told != null) {
                told.run();
            }
        }
    }

    /** Calls {@code told} if nobody waits for the reply any more: the client has gone, or the deadline has passed. */
    void whenGone(Runnable told) {
        gone = told;
        if (answered.get()) {
            told.run();
        } else if (request.getConnectionMetaData().getConnection().getEndPoint() instanceof AttentiveEndPoint client) {
            client.whenGone(told, isLast());
        }
    }

    /** Whether the client said that no request follows this one on its connection. */
    private boolean isLast() {
        HttpFields headers = request.getHeaders();
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0
                ? !headers.contains(HttpHeader.CONNECTION, "keep-alive")
                : headers.contains(HttpHeader.CONNECTION, "close");
    }

    /** The body whose memory is held until the end. */
    void reads(BodyReader reader) {
        body = reader;
    }

    void fail(GoShareException failure) {
        send(errors.apply(failure));
    }

    void send(Outgoing out) {
        if (!answered.compareAndSet(false, true)) {
            return;
        }
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(out.status());
        out.headers().forEach(headers::put);
        headers.put("X-Content-Type-Options", "nosniff");
        String type = headers.get(HttpHeader.CONTENT_TYPE);
        if (type != null && type.startsWith("text/html")) {
            headers.put("Content-Security-Policy", CSP);
        } else {
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        }
        headers.put(HttpHeader.CONTENT_LENGTH, out.body().length);
        // Always a last write of its own: completing the callback alone races with the handler's exit in Jetty 12.1.14.
        response.write(true, ByteBuffer.wrap(out.body()), Callback.from(this::written, this::finish));
    }

    /**
     * Begins a reply without an end that is known, which no deadline cuts; false if it was answered already. Go on with
     * {@link #write}, end with {@link #end}.
     */
    boolean stream(String contentType) {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        if (deadline != null) {
            deadline.cancel();
        }
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(200);
        headers.put(HttpHeader.CONTENT_TYPE, contentType);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Accel-Buffering", "no");
        return true;
    }

    /** Sends the next part of a stream; one at a time. */
    void write(ByteBuffer bytes, Runnable then, Consumer<Throwable> failed) {
        response.write(false, bytes, Callback.from(then, failed));
    }

    /** Ends a stream. */
    void end() {
        response.write(true, ByteBuffer.allocate(0), Callback.from(() -> finish(null), this::finish));
    }

    /** Ends a stream whose client is gone. */
    void cut(Throwable why) {
        finish(why);
    }

    private void written() {
        BodyReader reader = body;
        if (reader != null && reader.isCut()) {
            reader.drain(() -> finish(null));
        } else {
            finish(null);
        }
    }

    private void finish(@Nullable Throwable failure) {
        if (!finished.compareAndSet(false, true)) {
            return;
        }
        if (deadline != null) {
            deadline.cancel();
        }
        BodyReader reader = body;
        if (reader != null) {
            reader.release();
        }
        if (failure == null) {
            callback.succeeded();
        } else {
            callback.failed(failure);
        }
    }
}
