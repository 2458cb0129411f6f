package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.goshare.it.fixture.EventClient;
import io.goshare.it.fixture.EventClient.Event;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.Setting;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** The examples of docs/watch.md come as they are shown, but for the number that revisions begin at. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class WatchDocsIT {
    private static final java.nio.file.Path PAGE = java.nio.file.Path.of("..", "docs", "watch.md");
    private static final Pattern STREAM = Pattern.compile("    curl -N .*/api/v1/watch\\?(.*)'\n\n((?: {4}.*\n|\n)+)");
    private static final Pattern PAGES = Pattern.compile("```page\n(.*)\n```\n```result\n([^`]*)```");
    private static final Pattern FRAMES = Pattern.compile("```frames\n([^`]*)```");
    private static final Pattern REVISION = Pattern.compile("\\b47\\d\\d\\b");
    private static final long SHOWN = 4711;
    private static final long NOON = 1_404_216_000_000_000_000L;
    private static final long MINUTE = 60_000_000_000L;

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("leveldb").with(Setting.ZMQ_PUB, "0");

    /** The revision that is {@link #SHOWN} on the page. */
    private long first;

    private Reply run(Command command) {
        return server.server().handler().handle(command).join();
    }

    private void state(int minute, String value) {
        SeriesKey key = SeriesKey.of(Path.parse("node:web1:state"));
        run(Command.of(Verb.WRITE)
                .with(new Body.Points(new PointBatch.Builder()
                        .add(key, NOON + minute * MINUTE, Value.of(value))
                        .build())));
    }

    /** What the page shows, with the revisions there are. */
    private String shown(String text) {
        return REVISION.matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(String.valueOf(Long.parseLong(found.group()) - SHOWN + first)));
    }

    @Test
    void examplesComeAsTheyAreShown() throws Exception {
        String page = Files.readString(PAGE);

        stream(STREAM.matcher(page).results().findFirst().orElseThrow());
        List<MatchResult> pages = PAGES.matcher(page).results().toList();
        assertThat(pages).hasSize(2);
        assertThat(page(pages.get(0).group(1))).isEqualTo(shown(pages.get(0).group(2)));
        state(2, "up");
        assertThat(page(pages.get(1).group(1))).isEqualTo(shown(pages.get(1).group(2)));
        published(FRAMES.matcher(page).results().findFirst().orElseThrow().group(1));
    }

    private void stream(MatchResult example) throws IOException {
        state(0, "up");
        List<Event> events = new ArrayList<>();
        try (EventClient client = new EventClient(server.http(), example.group(1), Optional.empty())) {
            events.add(client.next().orElseThrow());
            events.add(client.next().orElseThrow());
            run(Command.of(Verb.PUT).with("path", "site:unwatched").with("value", "1"));
            state(1, "down");
            events.add(client.next().orElseThrow());
        }
        first = events.get(1).id().orElseThrow();
        StringBuilder told = new StringBuilder();
        for (Event event : events) {
            event.id().ifPresent(id -> told.append("id: ").append(id).append('\n'));
            told.append("event: ").append(event.name()).append('\n');
            event.data().forEach(data -> told.append("data: ").append(data).append('\n'));
            told.append('\n');
        }
        assertThat(told.toString().strip())
                .isEqualTo(shown(example.group(2)).stripTrailing().stripIndent());
    }

    /** The page as CSV, and its note. */
    private String page(String words) throws IOException {
        String query = shown(words).replaceFirst("watch ", "").replace(' ', '&') + "&fmt=csv";
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://" + server.http() + "/api/v1/watch?" + query)
                        .toURL()
                        .openConnection();
        String body = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return body.replace("\r\n", "\n") + "# revision " + connection.getHeaderField("X-GoShare-Revision") + "\n";
    }

    /** Only what is published after the subscription has arrived is received: hence the writes until then. */
    private void published(String frames) {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket socket = context.createSocket(SocketType.SUB);
            socket.setReceiveTimeOut(20_000);
            socket.setHandshakeIvl(500); // one in forty of JeroMQ's connections never says hello: it connects again
            socket.connect("tcp://127.0.0.1:" + server.server().zmqPubPort().orElseThrow());
            socket.subscribe("node:web1");
            long[] wasted = {0};
            await().atMost(20, TimeUnit.SECONDS).until(() -> {
                run(Command.of(Verb.PUT).with("path", "node:web1:hello").with("value", "" + ++wasted[0]));
                return socket.recvStr(ZMQ.DONTWAIT) != null && socket.recvStr() != null;
            });
            first += wasted[0];
            state(3, "down");

            String topic = "";
            String row = "";
            while (!topic.endsWith("state")) {
                topic = socket.recvStr();
                row = socket.recvStr();
            }
            assertThat(topic + "\n" + row).isEqualTo(shown(frames));
        }
    }
}
