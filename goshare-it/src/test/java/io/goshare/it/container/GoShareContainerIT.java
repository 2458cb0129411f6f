package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.GoShare;
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
    void aDoorThatOpenedIsOpen() {
        try (GoShareContainer server = new GoShareContainer(IMAGE)) {
            server.start();

            try (GoShare db = GoShare.connect(server.getConnectionUrl())) {
                db.series("door:front").write("open");

                assertThat(db.series("door:front")
                                .latest()
                                .orElseThrow()
                                .value()
                                .asText())
                        .isEqualTo("open");
            }
        }
    }
    // guide

    @Test
    void anyClientReachesBothDoorsWithTheToken() throws IOException, InterruptedException {
        try (GoShareContainer server = new GoShareContainer(IMAGE)) {
            server.start();

            HttpRequest write = HttpRequest.newBuilder(URI.create(server.getHttpUrl() + "/api/v1/write?fmt=csv"))
                    .header("Authorization", "Bearer " + server.getToken())
                    .POST(HttpRequest.BodyPublishers.ofString("door:front,open\n"))
                    .build();
            HttpResponse<String> written = HttpClient.newHttpClient().send(write, HttpResponse.BodyHandlers.ofString());
            assertThat(written.statusCode()).isEqualTo(200);

            try (ZContext context = new ZContext();
                    ZMQ.Socket socket = context.createSocket(SocketType.REQ)) {
                socket.setHandshakeIvl(500); // one in forty of JeroMQ's connections never says hello: it connects again
                socket.connect(server.getZmqUrl());
                socket.send("states sel=door:* from=-1h fmt=csv token=" + server.getToken());
                assertThat(socket.recvStr()).startsWith("200");
                assertThat(socket.recvStr()).contains("door:front").contains("open");
            }
        }
    }
}
