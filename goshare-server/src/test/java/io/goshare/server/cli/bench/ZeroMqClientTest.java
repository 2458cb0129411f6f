package io.goshare.server.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Against a REP socket of the library. */
@Timeout(20)
final class ZeroMqClientTest {
    private final ZContext context = new ZContext();
    private ZMQ.Socket server;
    private ZeroMqClient client;

    @BeforeEach
    void connect() throws Exception {
        server = context.createSocket(SocketType.REP);
        server.setHeartbeatIvl(20);
        server.setHeartbeatTimeout(200);
        int port = server.bindToRandomPort("tcp://127.0.0.1");
        client = new ZeroMqClient("127.0.0.1", port);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        context.close();
    }

    @Test
    void oneFrameGoesAndOneComesBack() throws Exception {
        CompletableFuture<Void> served = serve("read default a"::equals, "a,1");

        assertThat(client.exchange(ZeroMqClient.message("read default a".getBytes(UTF_8))))
                .isEqualTo(200);
        assertThat(client.bodyText()).isEqualTo("a,1");
        served.get();
    }

    @Test
    void longFramesGoBothWays() throws Exception {
        String large = "x".repeat(100_000);
        CompletableFuture<Void> served = serve(large::equals, large);

        client.exchange(ZeroMqClient.message(large.getBytes(UTF_8)));

        assertThat(client.bodyText()).isEqualTo(large);
        served.get();
    }

    @Test
    void aVerbsReplyIsAStatusAndABody() throws Exception {
        CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
            assertThat(server.recvStr()).isEqualTo("write fmt=lp");
            assertThat(server.recvStr()).isEqualTo("a b=1");
            server.sendMore("400 fmt=json");
            server.send("{}");
        });

        assertThat(client.exchange(ZeroMqClient.message("write fmt=lp".getBytes(UTF_8), "a b=1".getBytes(UTF_8))))
                .isEqualTo(400);
        assertThat(client.bodyText()).isEqualTo("{}");
        served.get();
    }

    @Test
    void heartbeatsAreAnsweredWhileAReplyIsAwaited() throws Exception {
        CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
            server.recv();
            server.setReceiveTimeOut(1_000);
            server.recv();
            server.send("late");
        });

        client.exchange(ZeroMqClient.message("read default a".getBytes(UTF_8)));

        assertThat(client.bodyText()).isEqualTo("late");
        served.get();
    }

    private CompletableFuture<Void> serve(Predicate<String> wanted, String reply) {
        return CompletableFuture.runAsync(() -> {
            assertThat(server.recvStr()).matches(wanted);
            server.send(reply);
        });
    }
}
