package io.goshare.server.http;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchHandler;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.format.Formats;
import io.goshare.protocol.format.WriteOptions;
import io.goshare.protocol.wire.HttpMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as server-sent events. Events that wait are written together, and none is asked for before they are,
 * so that a slow client fills the subscription's own bounded mailbox and hardly any other memory. docs/watch.md draws
 * the events.
 */
final class EventStream implements Flow.Subscriber<WatchEvent> {
    private static final String TYPE = "text/event-stream";
    private static final String PATH = "/api/v1/watch";
    /** Bytes that are written before more is printed. */
    private static final int ENOUGH = 1 << 16;

    private final HttpExchange exchange;
    private final WriteOptions options;
    private boolean begun;
    private boolean writing;
    private boolean ending;
    private ByteSink printed = new ByteSink();
    private volatile Flow.@Nullable Subscription subscription;

    EventStream(HttpExchange exchange, Command command) {
        this.exchange = exchange;
        this.options = WriteOptions.of(command.require(Param.TIMES), "rows");
    }

    /** Whether {@code head} asks for a stream and not for a page. */
    static boolean isAskedFor(HttpMessage head) {
        String accept = head.header("Accept");
        return head.path().equals(PATH)
                && head.method().equals("GET")
                && accept != null
                && accept.toLowerCase(Locale.ROOT).contains(TYPE);
    }

    /** {@code head} with the revision that a client names when it comes again, which beats that of its address. */
    static HttpMessage resumed(HttpMessage head) {
        String last = head.header("Last-Event-ID");
        if (last == null || last.isBlank()) {
            return head;
        }
        if (!last.strip().matches("[0-9]{1,18}")) {
            throw GoShareException.badField("Last-Event-ID", "Last-Event-ID is no revision; send it back as it came");
        }
        String query = head.query();
        StringBuilder rest = new StringBuilder("after=" + last.strip());
        for (String pair : query == null ? new String[0] : query.split("&")) {
            if (!pair.startsWith("after=") && !pair.startsWith("live_only") && !pair.isEmpty()) {
                rest.append('&').append(pair);
            }
        }
        return new HttpMessage(head.method(), head.path(), rest.toString(), head.headers(), head.body());
    }

    @Override
    public void onSubscribe(Flow.Subscription made) {
        subscription = made;
        made.request(1);
    }

    @Override
    public synchronized void onNext(WatchEvent event) {
        if (!begun) {
            begun = true;
            if (!exchange.stream(TYPE)) {
                cancel();
                return;
            }
        }
        print(event);
        if (printed.size() < ENOUGH && subscription instanceof WatchHandler.Delivery known && known.waiting() > 0) {
            known.request(1);
        } else {
            write();
        }
    }

    private void write() {
        writing = true;
        exchange.write(ByteBuffer.wrap(printed.array(), 0, printed.size()), this::written, this::failed);
    }

    private void written() {
        boolean ends;
        synchronized (this) {
            writing = false;
            printed = printed.size() > 2 * ENOUGH ? new ByteSink() : printed.truncate(0);
            ends = ending;
        }
        Flow.Subscription made = subscription;
        if (ends) {
            exchange.end();
        } else if (made != null) {
            made.request(1);
        }
    }

    /** Ends the stream, behind what is being written. */
    private void end() {
        synchronized (this) {
            ending = true;
            if (!writing && printed.size() > 0) {
                write();
            }
            if (writing) {
                return;
            }
        }
        exchange.end();
    }

    private void failed(Throwable why) {
        cancel();
        exchange.cut(why);
    }

    private void cancel() {
        Flow.Subscription made = subscription;
        if (made != null) {
            made.cancel();
        }
    }

    private void print(WatchEvent event) {
        String head = event.kind() == WatchEvent.Kind.SNAPSHOT ? "" : "id: " + event.revision() + "\n";
        ascii(head + "event: " + event.kind().name().toLowerCase(Locale.ROOT) + "\n");
        if (event.rows().size() == 0) {
            ascii("data: {\"revision\":" + event.revision() + "}\n");
        }
        Formats.writeLines(event.rows(), "data: ", options, printed);
        printed.put('\n');
    }

    private void ascii(String text) {
        printed.put(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void onError(Throwable failure) {
        if (begun) {
            end();
        } else {
            exchange.fail(
                    failure instanceof GoShareException known
                            ? known
                            : new GoShareException(
                                    io.goshare.protocol.ErrorCode.INTERNAL, "the subscription ended", failure));
        }
    }

    @Override
    public void onComplete() {
        end();
    }
}
