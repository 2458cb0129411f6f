package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.testcontainers.GoShareContainer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** What docs/guide-deploy.md shows of {@link GoShareContainer}; {@link GuideDeployTest} holds the two equal. */
@RequiresDocker
final class GoShareContainerIT {
    private static final String IMAGE = ServerImage.name();

    // guide
    @Test
    void aStateWrittenOverHttpIsReadOverZeroMq() throws IOException, InterruptedException {
        try (GoShareContainer goshare = new GoShareContainer(IMAGE)) {
            goshare.start();

            HttpRequest write = HttpRequest.newBuilder(URI.create(goshare.getHttpUrl() + "/api/v1/write?fmt=csv"))
                    .header("Authorization", "Bearer " + goshare.getToken())
                    .POST(HttpRequest.BodyPublishers.ofString("door:front,open\n"))
                    .build();
            HttpResponse<String> written = HttpClient.newHttpClient().send(write, HttpResponse.BodyHandlers.ofString());
            assertThat(written.statusCode()).isEqualTo(200);

            try (ZContext context = new ZContext();
                    ZMQ.Socket socket = context.createSocket(SocketType.REQ)) {
                socket.connect(goshare.getZmqUrl());
                socket.send("states sel=door:* from=-1h fmt=csv token=" + goshare.getToken());
                assertThat(socket.recvStr()).startsWith("200");
                assertThat(socket.recvStr()).contains("door:front").contains("open");
            }
        }
    }
    // guide

    @Test
    void itsConnectionUrlBearsTheToken() {
        try (GoShareContainer goshare = new GoShareContainer(IMAGE)) {
            goshare.start();

            assertThat(goshare.getConnectionUrl())
                    .isEqualTo("goshare:" + goshare.getHttpUrl() + "?token=" + goshare.getToken());
        }
    }
}
