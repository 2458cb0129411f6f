package io.goshare.server.zeromq;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.Verb;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchHandler;
import io.goshare.protocol.format.Formats;
import io.goshare.protocol.format.WriteOptions;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.io.Metadata;

/**
 * The one thread that owns the XPUB: takes subscriptions, and sends what one watch over all of them tells. The watch is
 * as wide as what the topics have in common; when that changes, another goes on from the revision where it ended.
 */
final class PublishLoop {
    private static final Logger LOG = LoggerFactory.getLogger(PublishLoop.class);
    private static final long POLL_MILLIS = 250;
    private static final List<Column> COLUMNS = columns();

    private final ZMQ.Socket publisher;
    private final ZMQ.Socket woken;
    private final Wake wake;
    private final Connections connections;
    private final WatchHandler watches;
    /** Beginnings of topics that some peer asked for. */
    private final Set<String> topics = new HashSet<>();

    private @Nullable Watch watch;
    private Optional<Selector> watched = Optional.empty();
    private long revision;
    private volatile boolean stopping;

    PublishLoop(ZMQ.Socket publisher, ZMQ.Socket woken, Wake wake, Connections connections, WatchHandler watches) {
        this.publisher = publisher;
        this.woken = woken;
        this.wake = wake;
        this.connections = connections;
        this.watches = watches;
    }

    private static List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("revision", Table.Type.VALUE));
        columns.addAll(WatchEvent.COLUMNS);
        return List.copyOf(columns);
    }

    /** Runs until {@link #stop}. */
    void run(ZMQ.Context context) {
        try (ZMQ.Poller poller = context.poller(2)) {
            poller.register(publisher, ZMQ.Poller.POLLIN);
            poller.register(woken, ZMQ.Poller.POLLIN);
            while (!stopping) {
                poller.poll(POLL_MILLIS);
                while (woken.recv(ZMQ.DONTWAIT) != null) {
                    // one byte, which says only that there is something
                }
                wake.clear();
                takeSubscriptions();
                sendEvents();
                connections.reap();
            }
        }
        cancel();
    }

    void stop() {
        stopping = true;
        wake.wake();
    }

    private void takeSubscriptions() {
        for (Msg message = publisher.base().recv(ZMQ.DONTWAIT);
                message != null;
                message = publisher.base().recv(ZMQ.DONTWAIT)) {
            Metadata metadata = message.getMetadata();
            String address = metadata == null ? null : metadata.get(Metadata.PEER_ADDRESS);
            if (address != null) {
                connections.seen(address);
            }
            byte[] bytes = message.data();
            if (bytes.length > 0 && bytes[0] == 1) {
                topics.add(topic(bytes));
            } else if (bytes.length > 0 && bytes[0] == 0) {
                // told once, when the last peer has gone
                topics.remove(topic(bytes));
            }
        }
        Optional<Selector> wanted = topics.isEmpty() ? Optional.empty() : Optional.of(Topics.selector(topics));
        if (!wanted.equals(watched)) {
            watched = wanted;
            restart();
        }
    }

    private static String topic(byte[] bytes) {
        return new String(Arrays.copyOfRange(bytes, 1, bytes.length), StandardCharsets.UTF_8);
    }

    private void restart() {
        cancel();
        if (watched.isEmpty()) {
            revision = 0;
            return;
        }
        Command command = Command.of(Verb.WATCH).with(Param.SEL, watched.get());
        command = revision > 0 ? command.with(Param.AFTER, revision) : command.with(Param.LIVE_ONLY, true);
        Watch begun = new Watch();
        watch = begun;
        watches.watch(command, "").subscribe(begun);
    }

    private void cancel() {
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }

    private void sendEvents() {
        Watch current = watch;
        if (current == null) {
            return;
        }
        for (WatchEvent event = current.events.poll(); event != null; event = current.events.poll()) {
            for (@Nullable Value[] row : event.rows().rows()) {
                send(event.revision(), row);
            }
            revision = event.revision();
            if (event.kind() == WatchEvent.Kind.BEHIND) {
                restart();
                return;
            }
            current.next();
        }
        GoShareException failure = current.failure;
        if (failure != null && watch == current) {
            watch = null;
            if (failure.code() != ErrorCode.CLOSED) {
                LOG.warn("changes behind revision {} were not published: {}", revision, failure.getMessage());
                revision = 0;
                restart();
            }
        }
    }

    private void send(long at, @Nullable Value[] row) {
        Value path = row[2];
        Value tags = row[3];
        String topic = (path == null ? "" : path.asText()) + (tags == null ? "" : tags.asText());
        @Nullable Value[] cells = new @Nullable Value[row.length + 1];
        cells[0] = Value.of(at);
        System.arraycopy(row, 0, cells, 1, row.length);
        byte[] body = Formats.writeTable(Table.of(COLUMNS).add(cells), Format.NDJSON, WriteOptions.DEFAULT);
        publisher.sendMore(topic);
        publisher.send(body, ZMQ.DONTWAIT);
    }

    /** Collects a few events at a time, and wakes the loop for each. */
    private final class Watch implements Flow.Subscriber<WatchEvent> {
        private static final int AT_ONCE = 64;

        private final Queue<WatchEvent> events = new ConcurrentLinkedQueue<>();
        private volatile Flow.@Nullable Subscription subscription;
        private volatile @Nullable GoShareException failure;
        private volatile boolean cancelled;

        @Override
        public void onSubscribe(Flow.Subscription made) {
            subscription = made;
            if (cancelled) {
                made.cancel();
            } else {
                made.request(AT_ONCE);
            }
        }

        @Override
        public void onNext(WatchEvent event) {
            events.add(event);
            wake.wake();
        }

        @Override
        public void onError(Throwable why) {
            failure = why instanceof GoShareException known
                    ? known
                    : new GoShareException(ErrorCode.INTERNAL, String.valueOf(why.getMessage()), why);
            wake.wake();
        }

        @Override
        public void onComplete() {
            // told by its last event
        }

        void next() {
            Flow.Subscription made = subscription;
            if (made != null) {
                made.request(1);
            }
        }

        void cancel() {
            cancelled = true;
            Flow.Subscription made = subscription;
            if (made != null) {
                made.cancel();
            }
        }
    }
}
