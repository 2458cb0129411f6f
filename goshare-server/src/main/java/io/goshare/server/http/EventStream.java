package io.goshare.server.http;

import io.goshare.protocol.Command;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.format.Formats;
import io.goshare.protocol.format.WriteOptions;
import io.goshare.protocol.wire.HttpMessage;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as server-sent events. Asks for the next event once the one before is written, so that a slow client
 * fills the subscription's own bounded mailbox and no other memory. docs/watch.md draws the events.
 */
final class EventStream implements Flow.Subscriber<WatchEvent> {
    private static final String TYPE = "text/event-stream";
    private static final String PATH = "/api/v1/watch";

    private final HttpExchange exchange;
    private final WriteOptions options;
    private boolean begun;
    private Flow.@Nullable Subscription subscription;

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
    public void onNext(WatchEvent event) {
        if (!begun) {
            begun = true;
            if (!exchange.stream(TYPE)) {
                cancel();
                return;
            }
        }
        exchange.write(print(event), this::next, this::failed);
    }

    private void next() {
        if (subscription != null) {
            subscription.request(1);
        }
    }

    private void failed(Throwable why) {
        cancel();
        exchange.cut(why);
    }

    private void cancel() {
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private byte[] print(WatchEvent event) {
        StringBuilder out = new StringBuilder();
        if (event.kind() != WatchEvent.Kind.SNAPSHOT) {
            out.append("id: ").append(event.revision()).append('\n');
        }
        out.append("event: ")
                .append(event.kind().name().toLowerCase(Locale.ROOT))
                .append('\n');
        String rows = new String(Formats.writeTable(event.rows(), Format.NDJSON, options), StandardCharsets.UTF_8);
        rows.lines().forEach(line -> out.append("data: ").append(line).append('\n'));
        if (rows.isEmpty()) {
            out.append("data: {\"revision\":").append(event.revision()).append("}\n");
        }
        return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void onError(Throwable failure) {
        if (begun) {
            exchange.end();
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
        exchange.end();
    }
}
