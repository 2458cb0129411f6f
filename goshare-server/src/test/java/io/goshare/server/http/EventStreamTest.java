package io.goshare.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchHandler;
import io.goshare.server.fixture.KeyValueHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How events become bytes; what they tell is tested with the store. */
@Tag("door:http")
class EventStreamTest {
    private final Queue<WatchEvent> events = new ArrayDeque<>();
    private final KeyValueHandler handler = new KeyValueHandler();
    private final HttpDoor door = new HttpDoor(HttpConfig.defaults().withPort(0), handler, new Events());
    private boolean loses;

    /** Tells {@link #events} as they are asked for, then ends. */
    private final class Events implements WatchHandler {
        @Override
        public Flow.Publisher<WatchEvent> watch(Command command, String peer) {
            return subscriber -> subscriber.onSubscribe(new Delivery() {
                @Override
                public void request(long count) {
                    WatchEvent next = events.poll();
                    if (next != null) {
                        subscriber.onNext(next);
                    } else {
                        subscriber.onError(new GoShareException(ErrorCode.CLOSED, "the server is stopping"));
                    }
                }

                @Override
                public void cancel() {
                    events.clear();
                }

                @Override
                public int waiting() {
                    return events.size() + (loses ? 1 : 0);
                }
            });
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @BeforeEach
    void start() throws IOException {
        door.start();
    }

    @AfterEach
    void close() {
        door.close();
        handler.close();
    }

    private String stream() throws IOException {
        for (int revision = 1; revision <= 3; revision++) {
            events.add(WatchEvent.of(WatchEvent.Kind.BEAT, revision));
        }
        StringBuilder reply = new StringBuilder();
        try (Raw raw = new Raw(door.port())) {
            raw.send("GET /api/v1/watch HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
            while (reply.indexOf("\r\n0\r\n\r\n") < 0) {
                int next = raw.socket.getInputStream().read();
                assertThat(next).isNotNegative();
                reply.append((char) next);
            }
        }
        return Raw.body(reply.toString());
    }

    private static String beat(int revision) {
        return "id: " + revision + "\nevent: beat\ndata: {\"revision\":" + revision + "}\n\n";
    }

    @Test
    void eventsThatWaitAreWrittenTogether() throws IOException {
        String all = beat(1) + beat(2) + beat(3);

        assertThat(stream()).isEqualToIgnoringCase(Integer.toHexString(all.length()) + "\r\n" + all + "\r\n0\r\n\r\n");
    }

    @Test
    void eventsThatWereToBeWrittenWithAnotherComeBeforeTheEnd() throws IOException {
        loses = true;

        assertThat(stream()).contains(beat(1) + beat(2) + beat(3)).endsWith("\r\n0\r\n\r\n");
    }
}
