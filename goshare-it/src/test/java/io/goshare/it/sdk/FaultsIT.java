package io.goshare.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.goshare.client.GoShare;
import io.goshare.client.error.CallException;
import io.goshare.client.error.ClientClosedException;
import io.goshare.client.error.ConnectionLostException;
import io.goshare.client.error.DeadlineException;
import io.goshare.client.error.InterruptedCallException;
import io.goshare.client.error.NotGoShareException;
import io.goshare.client.error.ReplyCutException;
import io.goshare.client.error.ReplyTypeException;
import io.goshare.client.error.TooLargeException;
import io.goshare.client.error.UnreachableException;
import io.goshare.client.error.VersionException;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.server.GoShareServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that may go wrong is an exception of its own, in time, and leaves no thread. */
final class FaultsIT {
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("memory");

    @AfterEach
    void noThreadIsLeft() {
        Awaitility.await()
                .atMost(5, TimeUnit.SECONDS)
                .until(
                        () -> Thread.getAllStackTraces().keySet().stream()
                                .map(Thread::getName)
                                .filter(name -> name.startsWith("goshare-http-client")
                                        || name.startsWith("goshare-zmq-client")
                                        || name.startsWith("goshare-timer")
                                        || name.startsWith("goshare-batch"))
                                .toList(),
                        List::isEmpty);
    }

    private static GoShare connect(String scheme, String address, String more) {
        return GoShare.connect("goshare:" + scheme + "://" + address + "?retries=0&timeout=3s" + more);
    }

    /** The failure of a read, by both ways to call. */
    private static void assertFails(String scheme, String address, Class<? extends CallException> expected) {
        long began = System.nanoTime();
        try (GoShare db = connect(scheme, address, "")) {
            Throwable thrown = catchThrowable(() -> db.kv().get("a"));
            assertThat(thrown).isInstanceOf(expected);
            CallException failure = (CallException) thrown;
            assertThat(failure.endpoint()).isEqualTo(address);
            assertThat(failure.attempts()).isEqualTo(1);
            assertThat(failure.requestId()).isNotEmpty();
            assertThat(failure.getMessage()).contains(address.substring(address.indexOf(':') + 1));
        }
        try (GoShare db = connect(scheme, address, "")) {
            assertThat(db.kv().async().get("a"))
                    .failsWithin(DEADLINE.plusSeconds(2))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(expected);
        }
        assertThat(System.nanoTime() - began)
                .isLessThan(DEADLINE.multipliedBy(2).plusSeconds(2).toNanos());
    }

    private static String deadAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void nobodyIsThere(String scheme) throws IOException {
        assertFails(scheme, deadAddress(), UnreachableException.class);
    }

    @Test
    void thePortIsTheOtherTransports() {
        assertFails("http", server.zmq(), NotGoShareException.class);
        assertFails("zmq", server.http(), NotGoShareException.class);
    }

    @Test
    void somebodyElseAnswers() {
        String page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<h1>Hi</h1>\r\n";
        try (FakeServer web = new FakeServer(FakeServer.http(page))) {
            assertFails("http", web.address(), NotGoShareException.class);
            assertFails("zmq", web.address(), UnreachableException.class); // it waits for the rest of a request
        }
        try (FakeServer mail = new FakeServer(
                (in, out) -> out.write("220 mail ESMTP\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))) {
            assertFails("http", mail.address(), NotGoShareException.class);
            assertFails("zmq", mail.address(), NotGoShareException.class);
        }
    }

    @Test
    void theVersionIsAnother() {
        String second = "HTTP/1.1 200 OK\r\nX-GoShare-Protocol: 2\r\nContent-Length: 0\r\n\r\n";
        try (FakeServer next = new FakeServer(FakeServer.http(second))) {
            assertFails("http", next.address(), VersionException.class);
        }
        String first = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n<title>GoShare</titl";
        try (FakeServer old = new FakeServer(FakeServer.http(first))) {
            assertFails("http", old.address(), VersionException.class);
        }
        try (FakeServer next =
                new FakeServer(FakeServer.zeroMq(id -> FakeServer.message("200 id=" + id + " protocol=2")))) {
            assertFails("zmq", next.address(), VersionException.class);
        }
        try (FakeServer old =
                new FakeServer(FakeServer.zeroMq(id -> FakeServer.message("Error for request sent: get key=a")))) {
            assertFails("zmq", old.address(), VersionException.class);
        }
    }

    @Test
    void theServerStopsInTheMiddleOfACall() {
        try (FakeServer http = new FakeServer(FakeServer.http(""));
                FakeServer zmq = new FakeServer(FakeServer.zeroMq(id -> new byte[0]))) {
            assertFails("http", http.address(), ConnectionLostException.class);
            assertFails("zmq", zmq.address(), ConnectionLostException.class);
        }
    }

    @Test
    void theReplyIsCutShort() {
        String cut =
                "HTTP/1.1 200 OK\r\nX-GoShare-Result: single\r\nX-GoShare-Revision: 1\r\nContent-Length: 9\r\n\r\nabc";
        try (FakeServer http = new FakeServer(FakeServer.http(cut));
                FakeServer zmq = new FakeServer(FakeServer.zeroMq(id -> {
                    byte[] whole = FakeServer.message("200 id=" + id + " fmt=raw result=single", "abcdef");
                    return java.util.Arrays.copyOf(whole, whole.length - 3);
                }))) {
            assertFails("http", http.address(), ReplyCutException.class);
            assertFails("zmq", zmq.address(), ReplyCutException.class);
        }
    }

    @Test
    void theReplyIsOfAnotherType() {
        String garbage = "HTTP/1.1 200 OK\r\nX-GoShare-Result: rows\r\nContent-Type: application/json\r\n"
                + "Content-Length: 3\r\n\r\n{]?";
        try (FakeServer http = new FakeServer(FakeServer.http(garbage));
                FakeServer rows = new FakeServer(
                        FakeServer.zeroMq(id -> FakeServer.message("200 id=" + id + " fmt=json result=rows", "[]")));
                FakeServer noise = new FakeServer(FakeServer.zeroMq(id -> FakeServer.message("what?")))) {
            assertFails("http", http.address(), ReplyTypeException.class);
            assertIsOfAnotherType(rows.address());
            assertFails("zmq", noise.address(), ReplyTypeException.class);
        }
    }

    /** Rows where a value was asked for: read whole, and then of no use. */
    private static void assertIsOfAnotherType(String address) {
        try (GoShare db = connect("zmq", address, "")) {
            assertThat(catchThrowable(() -> db.kv().get("a"))).isInstanceOf(ReplyTypeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void aMessageIsTooLarge(String scheme) {
        try (GoShare db = connect(scheme, scheme.equals("http") ? server.http() : server.zmq(), "")) {
            assertThat(catchThrowable(() -> db.kv().put("a", new byte[17 << 20])))
                    .isInstanceOf(TooLargeException.class);
            assertThat(db.kv().get("a")).isEmpty();
        }
    }

    @Test
    void aReplyIsTooLarge() {
        String huge = "HTTP/1.1 200 OK\r\nX-GoShare-Result: single\r\nContent-Length: 99999999999\r\n\r\nabc";
        byte[] frame = {1, 0, 2, 0, 0, 0, 127, 0, 0, 0, 0};
        try (FakeServer http = new FakeServer(FakeServer.http(huge));
                FakeServer zmq = new FakeServer(FakeServer.zeroMq(id -> {
                    byte[] head = FakeServer.message("200 id=" + id, "");
                    byte[] all = java.util.Arrays.copyOf(head, head.length - 2 + 9);
                    System.arraycopy(frame, 2, all, head.length - 2, 9);
                    return all;
                }))) {
            assertFails("http", http.address(), TooLargeException.class);
            assertFails("zmq", zmq.address(), TooLargeException.class);
        }
    }

    @Test
    void theServerIsSilent() {
        try (FakeServer silent = new FakeServer((in, out) -> FakeServer.drain(in));
                FakeServer zmq = new FakeServer((in, out) -> FakeServer.zeroMq(id -> {
                            FakeServer.drain(in);
                            return new byte[0];
                        })
                        .run(in, out))) {
            assertFails("http", silent.address(), DeadlineException.class);
            assertFails("zmq", silent.address(), UnreachableException.class);
            assertFails("zmq", zmq.address(), DeadlineException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void closingEndsCallsUnderWay(String scheme) {
        try (FakeServer silent = new FakeServer((in, out) -> FakeServer.drain(in))) {
            GoShare db = connect(scheme, silent.address(), "");
            CompletableFuture<?> call = db.kv().async().get("a");
            Awaitility.await().until(() -> silent.connections() > 0);
            db.close();
            assertThat(call)
                    .failsWithin(Duration.ofSeconds(2))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(ClientClosedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void anInterruptEndsTheWaitAndTheConnectionGoesOn(String scheme) throws Exception {
        try (FakeServer silent = new FakeServer((in, out) -> FakeServer.drain(in));
                GoShare db = connect(scheme, silent.address(), "")) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                Throwable failure = catchThrowable(() -> db.kv().get("a"));
                thrown.complete(Thread.currentThread().isInterrupted() ? failure : null);
            });
            thread.start();
            Awaitility.await().until(() -> silent.connections() > 0);
            thread.interrupt();
            assertThat(thrown.get(2, TimeUnit.SECONDS)).isInstanceOf(InterruptedCallException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void anotherHostTakesOver(String scheme) throws IOException {
        String dead = deadAddress();
        String alive = scheme.equals("http") ? server.http() : server.zmq();
        try (GoShare db = GoShare.connect("goshare:" + scheme + "://" + dead + "," + alive)) {
            db.kv().put("a", 1);
            assertThat(db.kv().get("a")).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void aHostThatAcceptsAndNeverAnswersLeavesTimeForTheNext(String scheme) {
        String alive = scheme.equals("http") ? server.http() : server.zmq();
        FakeServer.Script greets = (in, out) -> FakeServer.zeroMq(id -> {
                    FakeServer.drain(in);
                    return new byte[0];
                })
                .run(in, out);
        try (FakeServer silent = new FakeServer(scheme.equals("http") ? (in, out) -> FakeServer.drain(in) : greets);
                GoShare db =
                        GoShare.connect("goshare:" + scheme + "://" + silent.address() + "," + alive + "?timeout=4s")) {
            long began = System.nanoTime();
            assertThat(db.kv().get("a")).isEmpty();
            assertThat(System.nanoTime() - began)
                    .isBetween(
                            Duration.ofMillis(1900).toNanos(),
                            Duration.ofMillis(3500).toNanos());
            db.kv().put("a", 1);
            assertThat(silent.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void aRestartIsWaitedFor(String scheme) throws Exception {
        try (ChaosProxy proxy = new ChaosProxy(port(scheme));
                GoShare db = GoShare.connect("goshare:" + scheme + "://" + proxy.address() + "?timeout=10s")) {
            db.kv().put("a", 1);
            proxy.set(ChaosProxy.Fault.BLACK_HOLE);
            proxy.cut();
            CompletableFuture<Long> later =
                    CompletableFuture.supplyAsync(() -> db.kv().increment("n", 1));
            proxy.set(ChaosProxy.Fault.NONE);
            proxy.cut();
            assertThat(later.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void aServerThatComesBackIsFoundAgain(String scheme, @TempDir Path directory) throws Exception {
        GoShareServer first =
                GoShareServer.builder().data(directory).httpPort(0).zmqPorts(0).start();
        int http = first.httpPort();
        int zmq = first.zmqPorts().get(0);
        int port = scheme.equals("http") ? http : zmq;
        try (GoShare db = GoShare.connect("goshare:" + scheme + "://127.0.0.1:" + port + "?timeout=20s&retries=1")) {
            assertThat(db.kv().increment("n", 1)).isEqualTo(1);
            first.close();
            CompletableFuture<Long> later = db.kv().async().increment("n", 1);
            CompletableFuture<Long> waiting =
                    CompletableFuture.supplyAsync(() -> db.kv().increment("m", 1));
            try (GoShareServer second = GoShareServer.builder()
                    .data(directory)
                    .httpPort(http)
                    .zmqPorts(zmq)
                    .start()) {
                assertThat(later.get(20, TimeUnit.SECONDS)).isEqualTo(2);
                assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(1);
                assertThat(second.httpPort()).isEqualTo(http);
            }
        }
    }

    private int port(String scheme) {
        String address = scheme.equals("http") ? server.http() : server.zmq();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    @Test
    void retryAfterIsHonoured() {
        String busy = "HTTP/1.1 429 Too Many\r\nX-GoShare-Error: busy\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}";
        try (FakeServer http = new FakeServer(FakeServer.http(busy))) {
            long began = System.nanoTime();
            try (GoShare db = GoShare.connect("goshare:http://" + http.address() + "?retries=1&timeout=5s")) {
                CallException failure =
                        (CallException) catchThrowable(() -> db.kv().increment("a", 1));
                assertThat(failure.attempts()).isEqualTo(2);
                assertThat(failure.retryable()).isTrue();
            }
            assertThat(System.nanoTime() - began)
                    .isGreaterThan(Duration.ofSeconds(1).toNanos());
        }
    }
}
