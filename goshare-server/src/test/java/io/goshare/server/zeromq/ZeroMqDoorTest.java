package io.goshare.server.zeromq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.Verb;
import io.goshare.protocol.wire.Token;
import io.goshare.server.fixture.KeyValueHandler;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

@Tag("door:zeromq")
final class ZeroMqDoorTest {
    private static final ZeroMqConfig CONFIG = ZeroMqConfig.defaults().withPorts(List.of(0, 0));

    private final KeyValueHandler handler = new KeyValueHandler();
    private final ZContext context = new ZContext();
    private ZeroMqDoor door = new ZeroMqDoor(CONFIG, handler);

    @AfterEach
    void close() {
        handler.release();
        context.close();
        door.close();
        handler.close();
    }

    private void start(ZeroMqConfig config) throws IOException {
        door = new ZeroMqDoor(config, handler);
        door.start();
    }

    @Test
    void bothPortsSpeakBothSurfaces() throws IOException {
        start(CONFIG);
        for (int port : door.ports()) {
            try (Zmtp client = Zmtp.connected(port)) {
                assertThat(client.ask("read default k")).isEqualTo("Error for request sent: read default k");
                assertThat(client.ask("health")).isEqualTo("200");
            }
        }
    }

    @Test
    void aReqIsAnsweredInFrames() throws IOException {
        start(CONFIG);
        ZMQ.Socket req = connected(SocketType.REQ);

        assertThat(ask(req, "push default k 0.50")).containsExactly("");
        assertThat(ask(req, "read default k")).containsExactly("k,0.50");
        assertThat(ask(req, "get key=k fmt=raw id=7")).containsExactly("200 id=7 fmt=raw result=single", "0.50");
        assertThat(ask(req, "put key=two", "a", "b")).containsExactly("200 revision=4");
        assertThat(handler.value("two").asText()).isEqualTo("ab");
        assertThat(ask(req, "get key=none").get(0)).isEqualTo("404 fmt=json error=not_found");
        assertThat(ask(req, "nonsense")).containsExactly("Error for request sent: nonsense");
    }

    @Test
    void aFrameAboveTheLimitIsCountedAndAnOrdinaryEndIsNot() throws IOException {
        start(CONFIG.withSizes(1 << 20, 1 << 24, 16));
        try (Zmtp polite = Zmtp.connected(door.ports().get(0))) {
            assertThat(polite.askLarge("put key=k", 1 << 19)).startsWith("200 ");
        }
        try (Zmtp large = Zmtp.connected(door.ports().get(0))) {
            assertThatThrownBy(() -> large.askLarge("put key=k", (1 << 20) + 1)).isInstanceOf(IOException.class);
        }
        try (Zmtp polite = Zmtp.connected(door.ports().get(0))) {
            assertThat(polite.ask("health")).isEqualTo("200");
        }

        Awaitility.await().until(() -> door.figures().get("connections") <= 1);
        assertThat(door.figures()).containsEntry("connections_too_large", 1L);
    }

    @Test
    void aRequestOfTwoFramesIsAnsweredOnce() throws IOException {
        start(CONFIG);
        ZMQ.Socket req = connected(SocketType.REQ);

        assertThat(ask(req, "push default a 1", "push default b 2").get(0)).startsWith("400 ");
        assertThat(ask(req, "read default a")).containsExactly("Error for request sent: read default a");
    }

    @Test
    void namedRepliesOvertakeAndUnnamedKeepTheirOrder() throws IOException {
        start(CONFIG);
        ZMQ.Socket dealer = connected(SocketType.DEALER);
        assertThat(ask(dealer, "push default k 1")).containsExactly("");

        dealer.send("get key=hold id=slow");
        dealer.send("get key=hold");
        dealer.send("get key=k id=fast");
        dealer.send("read default k");

        assertThat(receive(dealer).get(0)).startsWith("200 id=fast");
        handler.release();
        List<String> rest = List.of(
                receive(dealer).get(0), receive(dealer).get(0), receive(dealer).get(0));
        assertThat(rest).anyMatch(head -> head.startsWith("200 id=slow"));
        assertThat(rest.indexOf("200 fmt=raw result=single")).isLessThan(rest.indexOf("k,1"));
    }

    @Test
    void manyRequestsMayBeUnderWay() throws IOException {
        start(CONFIG);
        ZMQ.Socket dealer = connected(SocketType.DEALER);
        int window = 500;
        int total = 20_000;
        int received = 0;
        for (int sent = 0; sent < total; sent++) {
            dealer.send("push default k" + sent % 100 + " " + sent);
            if (sent - received >= window) {
                assertThat(receive(dealer)).containsExactly("");
                received++;
            }
        }
        for (; received < total; received++) {
            assertThat(receive(dealer)).containsExactly("");
        }
        assertThat(handler.size()).isEqualTo(100);
        assertThat(door.figures().get("replies_unsent")).isZero();
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void everyVerbAsksForTheToken(Verb verb) throws IOException {
        start(CONFIG.withToken(Optional.of(Token.of("right"))));
        ZMQ.Socket req = connected(SocketType.REQ);
        long before = handler.handled();

        assertThat(ask(req, verb.word() + " id=1", "x").get(0)).startsWith("401 id=1 ");
        assertThat(ask(req, verb.word() + " token=wrong", "x").get(0)).startsWith("401 ");
        assertThat(handler.handled()).isEqualTo(before);
        if (verb != Verb.PUSH && verb != Verb.READ && verb != Verb.DELETE) {
            assertThat(ask(req, verb.word()).get(0)).startsWith("401 ");
            assertThat(ask(req, verb.word() + " token=wrong").get(0)).startsWith("401 ");
            assertThat(handler.handled()).isEqualTo(before);
            assertThat(ask(req, verb.word() + " token=right").get(0)).matches("(200|404).*");
            assertThat(handler.handled()).isEqualTo(before + 1);
        }
    }

    @Test
    void theFirstGoSharesWordsAskForTheTokenToo() throws IOException {
        start(CONFIG.withToken(Optional.of(Token.of("right"))));
        ZMQ.Socket req = connected(SocketType.REQ);

        for (String words : List.of("push default k v", "read default k", "delete default k")) {
            assertThat(ask(req, words).get(0))
                    .startsWith("Error for request sent: " + words + "\n")
                    .contains("token");
        }
        assertThat(handler.handled()).isZero();
    }

    @Test
    void thePlainPasswordIsTheToken() throws IOException {
        start(CONFIG.withToken(Optional.of(Token.of("right"))).withPlain(true));

        assertThat(ask(plain("right"), "read default k")).containsExactly("Error for request sent: read default k");
        ZMQ.Socket wrong = plain("wrong");
        wrong.setReceiveTimeOut(500);
        wrong.send("read default k");
        assertThat(wrong.recv()).isNull();
        assertThat(handler.handled()).isEqualTo(1);
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(door::healthy);
    }

    private ZMQ.Socket plain(String password) {
        return reconnecting(
                SocketType.REQ,
                socket -> {
                    socket.setPlainUsername("client");
                    socket.setPlainPassword(password);
                },
                password.equals("right"));
    }

    @Test
    void withoutTheFirstGoShareItsWordsAreErrorsOfTheNewSurface() throws IOException {
        start(CONFIG.withClassic(false));
        ZMQ.Socket req = connected(SocketType.REQ);

        assertThat(ask(req, "push default k v").get(0)).startsWith("400 ");
        assertThat(ask(req, "nonsense").get(0)).startsWith("404 ");
        assertThat(handler.handled()).isZero();
    }

    @Test
    void limitsAreToldOrEndTheConnection() throws IOException {
        start(CONFIG.withSizes(1 << 20, 1 << 21, 100));
        ZMQ.Socket req = connected(SocketType.REQ);
        String[] frames = new String[17];
        java.util.Arrays.fill(frames, "x");
        String big = "x".repeat((1 << 20) - 10);

        assertThat(ask(req, frames).get(0)).startsWith("413 ");
        assertThat(ask(req, "put key=a", big, big).get(0)).startsWith("413 ");
        assertThat(ask(req, "push default k " + "v".repeat(1_000_000))).containsExactly("");
        try (Zmtp client = Zmtp.connected(door.ports().get(0))) {
            client.send(new byte[] {2, 0, 0, 0, 0, 0, 0x20, 0, 0});
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertThat(ask(req, "read default none").get(0)).startsWith("Error");
    }

    @Test
    void aBugIsAnIncidentThatTellsNothing() throws IOException {
        start(CONFIG);
        ZMQ.Socket req = connected(SocketType.REQ);

        List<String> reply = ask(req, "get key=bug");

        assertThat(reply.get(0)).startsWith("500 ");
        assertThat(reply.get(1)).contains("incident").doesNotContain("secret");
    }

    @Test
    void whatTakesTooLongIsAnswered408() throws IOException {
        start(CONFIG.withTimes(Duration.ofSeconds(10), Duration.ofMillis(300), Duration.ofSeconds(5)));
        ZMQ.Socket req = connected(SocketType.REQ);

        assertThat(ask(req, "get key=never").get(0)).startsWith("408 ");
        assertThat(ask(req, "get key=never timeout=100ms").get(0)).startsWith("408 ");
        Awaitility.await().until(() -> handler.givenUp() == 2);
    }

    @Test
    void closeAnswersWhatIsUnderWay() throws Exception {
        start(CONFIG);
        ZMQ.Socket req = connected(SocketType.REQ);
        req.send("get key=hold");
        Awaitility.await().until(() -> handler.handled() > 0);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(door::close);
        handler.release();

        assertThat(receive(req).get(0)).startsWith("200 ");
        closing.get(10, TimeUnit.SECONDS);
        door.close();
    }

    @Test
    void closeGivesUpOnWhatNeverEnds() throws Exception {
        start(CONFIG.withTimes(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMillis(200)));
        ZMQ.Socket req = connected(SocketType.REQ);
        req.send("get key=never");
        Awaitility.await().until(() -> handler.handled() > 0);

        CompletableFuture.runAsync(door::close).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aPortInUseIsSaid() throws IOException {
        start(CONFIG);
        int port = door.ports().get(0);

        try (ZeroMqDoor second = new ZeroMqDoor(CONFIG.withPorts(List.of(0, port)), handler)) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(port + ": the port is in use");
        }
    }

    @Test
    void startAndStopManyTimes() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (ZeroMqDoor each = new ZeroMqDoor(CONFIG, handler)) {
                each.start();
                try (Zmtp client = Zmtp.connected(each.ports().get(1))) {
                    assertThat(client.ask("read default k")).startsWith("Error");
                }
            }
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("zeromq-router"));
    }

    @Test
    void peersThatStaySilentAreClosedAndOthersAreNot() throws IOException {
        start(CONFIG.withTimes(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5)));
        try (Zmtp talking = Zmtp.connected(door.ports().get(0));
                Zmtp greetingOnly = new Zmtp(door.ports().get(0));
                Zmtp mute = new Zmtp(door.ports().get(0));
                Zmtp handshaken = Zmtp.connected(door.ports().get(0))) {
            greetingOnly.send(Zmtp.greeting());
            talking.ask("read default k");

            assertThat(greetingOnly.isClosedByServer()).isTrue();
            assertThat(mute.isClosedByServer()).isTrue();
            assertThat(handshaken.isClosedByServer()).isTrue();
            assertThat(talking.ask("read default k")).startsWith("Error");
            assertThat(door.figures().get("connections_reaped")).isBetween(2L, 3L);
        }
    }

    @Test
    void connectionsAreBounded() throws IOException {
        start(CONFIG.withSizes(1 << 20, 1 << 21, 20));
        List<Zmtp> open = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                Zmtp client = new Zmtp(door.ports().get(0));
                client.socket.setSoTimeout(1_000);
                open.add(client);
            }
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> door.figures().get("connections_refused") >= 39);
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> door.figures().get("connections") <= 21);
        } finally {
            for (Zmtp client : open) {
                client.close();
            }
        }
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> door.figures().get("connections") <= 1);
        try (Zmtp client = Zmtp.connected(door.ports().get(0))) {
            assertThat(client.ask("read default k")).startsWith("Error");
        }
    }

    private ZMQ.Socket connected(SocketType type) {
        return reconnecting(type, socket -> {}, true);
    }

    /**
     * A socket that has been answered once: some of JeroMQ's fresh connections never carry a message, whatever server
     * they are to, so these are tried again.
     */
    private ZMQ.Socket reconnecting(SocketType type, java.util.function.Consumer<ZMQ.Socket> options, boolean tried) {
        for (int attempt = 0; attempt < 10; attempt++) {
            ZMQ.Socket socket = context.createSocket(type);
            options.accept(socket);
            socket.setLinger(0);
            socket.setReceiveTimeOut(1_000);
            socket.connect("tcp://127.0.0.1:" + door.ports().get(attempt % 2));
            if (!tried) {
                return socket;
            }
            socket.send("hello");
            if (socket.recv() != null) {
                while (socket.hasReceiveMore()) {
                    socket.recv();
                }
                socket.setReceiveTimeOut(20_000);
                return socket;
            }
            socket.close();
        }
        throw new AssertionError("the door answers nobody");
    }

    private static List<String> ask(ZMQ.Socket socket, String... frames) {
        for (int i = 0; i < frames.length; i++) {
            socket.send(frames[i].getBytes(StandardCharsets.UTF_8), i < frames.length - 1 ? ZMQ.SNDMORE : 0);
        }
        return receive(socket);
    }

    private static List<String> receive(ZMQ.Socket socket) {
        List<String> frames = new ArrayList<>();
        do {
            byte[] frame = socket.recv();
            assertThat(frame).as("a reply").isNotNull();
            frames.add(new String(frame, StandardCharsets.UTF_8));
        } while (socket.hasReceiveMore());
        return frames;
    }
}
