package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.EventClient;
import io.goshare.it.fixture.EventClient.Event;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import io.goshare.server.Setting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Subscriptions through each door. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class WatchIT {
    @RegisterExtension
    final ServerExtension server = ServerExtension.on("leveldb").with(Setting.ZMQ_PUB, "0");

    private static Command command(Verb verb, String... words) {
        Command command = Command.of(verb);
        for (String word : words) {
            String[] pair = word.split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    private Reply run(Verb verb, String... words) {
        return server.server().handler().handle(command(verb, words)).join();
    }

    @Test
    void serverSentEventsAreASnapshotAndThenChanges() throws Exception {
        run(Verb.PUT, "path=site:a", "value=1");

        try (EventClient events = new EventClient(server.http(), "sel=site:**&times=rfc3339", Optional.empty())) {
            Event snapshot = events.next().orElseThrow();
            Event ready = events.next().orElseThrow();
            Reply put = run(Verb.PUT, "path=site:a", "value=2");
            Event change = events.next().orElseThrow();

            assertThat(events.contentType()).isEqualTo("text/event-stream");
            assertThat(snapshot.name()).isEqualTo("snapshot");
            assertThat(snapshot.id()).isEmpty();
            assertThat(snapshot.data()).singleElement().asString().contains("\"site:a\"", "\"put\"");
            assertThat(ready.name()).isEqualTo("ready");
            assertThat(change.name()).isEqualTo("change");
            assertThat(change.id().map(String::valueOf))
                    .contains(String.valueOf(put.notes().get("revision")));
            assertThat(change.data()).singleElement().asString().contains("\"old\":1", "\"value\":2", "Z\"");
            try (EventClient again = new EventClient(server.http(), "sel=site:**", ready.id())) {
                assertThat(again.next().orElseThrow().id()).isEqualTo(change.id());
                assertThat(again.next().orElseThrow().name()).isEqualTo("ready");
            }
        }
    }

    @Test
    void whatCannotBeWatchedIsAnOrdinaryError() {
        assertThatThrownBy(() -> new EventClient(server.http(), "sel=a&after=999999999", Optional.empty()))
                .hasMessageStartingWith("410")
                .hasMessageContaining("revision_lost");
        assertThatThrownBy(() -> new EventClient(server.http(), "sel=a&from=up&on=writes", Optional.empty()))
                .hasMessageStartingWith("400")
                .hasMessageContaining("on=transitions");
    }

    @Test
    void aClientThatVanishesFreesItsSubscription() throws Exception {
        try (EventClient events = new EventClient(server.http(), "sel=a:**&live_only=true", Optional.empty())) {
            assertThat(events.next().orElseThrow().name()).isEqualTo("ready");
            assertThat(metrics()).contains("goshare_subscriptions 1");
        }

        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            run(Verb.PUT, "path=a:b", "value=" + System.nanoTime());
            assertThat(metrics()).contains("goshare_subscriptions 0");
        });
    }

    private String metrics() {
        Result.Document page = (Result.Document) run(Verb.METRICS).result();
        return new String(page.bytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void pagesTellWhatChangedAsSoonAsItHas(String door) {
        run(Verb.PUT, "path=site:a", "value=1");
        try (Transport store = server.connect(door)) {
            Reply snapshot =
                    store.handle(command(Verb.WATCH, "sel=site:**", "fmt=json")).join();
            Object after = snapshot.notes().get("revision");
            CompletableFuture<Reply> next =
                    store.handle(command(Verb.WATCH, "sel=site:**", "after=" + after, "fmt=json"));
            run(Verb.PUT, "path=site:b", "value=2");

            assertThat(rows(snapshot)).containsExactly("put site:a 1");
            assertThat(rows(next.join())).containsExactly("put site:b 2");
            assertThatThrownBy(() ->
                            store.handle(command(Verb.WATCH, "after=999999999")).join())
                    .hasMessageContaining("begin again");
        }
    }

    /** Only what is published after a subscription has arrived is received: hence the writes until then. */
    @Test
    void aPlainSubscriberFiltersByTheBeginningOfThePath() {
        int port = server.server().zmqPubPort().orElseThrow();
        try (ZContext context = new ZContext()) {
            ZMQ.Socket node = subscriber(context, port, "node:web1");
            ZMQ.Socket other = subscriber(context, port, "site:a");
            await().atMost(20, TimeUnit.SECONDS).until(() -> {
                run(Verb.PUT, "path=node:web1:hello", "value=" + System.nanoTime());
                run(Verb.PUT, "path=site:a:hello", "value=" + System.nanoTime());
                return arrived(node) && arrived(other);
            });
            Reply put = run(Verb.PUT, "path=node:web1:os", "value=debian");
            run(Verb.PUT, "path=node:web2:os", "value=other");
            run(Verb.DEL, "path=node:web1:os");
            run(Verb.PUT, "path=site:a", "value=last");

            List<String> told = new ArrayList<>();
            while (told.size() < 2) {
                String topic = node.recvStr();
                String row = node.recvStr();
                if (!topic.endsWith("hello")) {
                    told.add(topic + " " + row);
                }
            }
            assertThat(told.get(0))
                    .startsWith("node:web1:os {")
                    .contains(
                            "\"revision\":" + put.notes().get("revision"), "\"what\":\"put\"", "\"value\":\"debian\"");
            assertThat(told.get(1)).startsWith("node:web1:os {").contains("\"what\":\"end\"", "\"old\":\"debian\"");
            String last = "";
            while (!last.equals("site:a")) {
                last = other.recvStr();
                assertThat(last).startsWith("site:a");
                other.recvStr();
            }
        }
    }

    private static ZMQ.Socket subscriber(ZContext context, int port, String topic) {
        ZMQ.Socket socket = context.createSocket(SocketType.SUB);
        socket.setReceiveTimeOut(20_000);
        socket.setHandshakeIvl(500); // one in forty of JeroMQ's connections never says hello: it connects again
        socket.connect("tcp://127.0.0.1:" + port);
        socket.subscribe(topic);
        return socket;
    }

    private static boolean arrived(ZMQ.Socket socket) {
        if (socket.recvStr(ZMQ.DONTWAIT) == null) {
            return false;
        }
        return socket.recvStr() != null;
    }

    private static List<String> rows(Reply reply) {
        List<String> rows = new ArrayList<>();
        for (@Nullable Value[] row : ((Result.Rows) reply.result()).table().rows()) {
            rows.add(text(row[1]) + " " + text(row[3]) + " " + text(row[7]));
        }
        return rows;
    }

    private static String text(@Nullable Value value) {
        return value == null ? "-" : value.asText();
    }
}
