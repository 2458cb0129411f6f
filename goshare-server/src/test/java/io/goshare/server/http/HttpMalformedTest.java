package io.goshare.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.server.fixture.KeyValueHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no HTTP, or mean two things: refused, never half understood, and the door stays. */
@Tag("door:http")
final class HttpMalformedTest {
    private static final int CASES = 2_000;
    private static final String HOST = "Host: localhost\r\n";

    private final KeyValueHandler handler = new KeyValueHandler();
    private final HttpDoor door = new HttpDoor(
            HttpConfig.defaults()
                    .withPort(0)
                    .withTimes(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(5)),
            handler,
            KeyValueHandler.NO_WATCHES);

    @BeforeEach
    void start() throws IOException {
        door.start();
    }

    @AfterEach
    void close() {
        door.close();
        handler.close();
    }

    /** Of a second request hidden in the first, none must run. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST
                        + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST
                        + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Content-Length: 0, 44\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Content-Length: +0\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Content-Length: -1\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Content-Length: 0x10\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Content-Length: 99999999999999999999\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "POST /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Content-Length : 44\r\n\r\n",
                "GET /put?key=a&val=1 HTTP/1.1\r\n" + HOST + " folded: 1\r\n\r\n",
                "GET /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "Host: localhost\r\n\r\n",
                "GET /put?key=a&val=1 HTTP/1.1\r\n\r\n",
                "GET /put?key=a&val=1 HTTP/1.1\r\nHost: local\0host\r\n\r\n",
                "GET /put?key=a&val=1 HTTP/9.9\r\n" + HOST + "\r\n",
                "GET /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "no colon\r\n\r\n",
                "GET /put?key=a&val=1 HTTP/1.1\r\n" + HOST + "X\0Y: 1\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
                "\0\0\0\0\r\n\r\n"
            })
    void ambiguousAndMalformedRequestsAreRefused(String request) throws IOException {
        String smuggled = "GET /put?key=smuggled&val=1 HTTP/1.1\r\n" + HOST + "\r\n";

        String reply = Raw.exchange(door.port(), request + smuggled);

        assertThat(Raw.status(reply)).isBetween(400, 499).isNotEqualTo(404);
        assertThat(reply)
                .doesNotContain("Exception")
                .doesNotContain("jetty")
                .doesNotContain("Jetty")
                .doesNotContain("<html");
        assertThat(handler.value("smuggled")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/..;/put?key=a&val=1",
                "/%2e%2e/put?key=a&val=1",
                "/a/%2e/b",
                "/api/v1%2fput?key=a",
                "/api/v1/kv/a%2fb",
                "/a%00b",
                "http://evil.example/put?key=a&val=1"
            })
    void ambiguousPathsAreRefused(String target) throws IOException {
        String reply = Raw.request(door.port(), "GET " + target);

        assertThat(Raw.status(reply)).isIn(400, 421);
        assertThat(handler.size()).isZero();
    }

    @Test
    void chunkExtensionsAndTrailersAreReadOver() throws IOException {
        String reply = Raw.exchange(
                door.port(),
                "POST /api/v1/put?key=a HTTP/1.1\r\n" + HOST
                        + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n1\r\nd\r\n0\r\nTrailer: 1\r\n\r\n");

        assertThat(Raw.status(reply)).isEqualTo(200);
        assertThat(handler.value("a").asText()).isEqualTo("abcd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nabc\r\n0\r\n\r\n",
                "-1\r\nabc\r\n",
                "7fffffffffffffff\r\nabc",
                "100000000000000000\r\nabc",
                "3\r\nabcX0\r\n\r\n"
            })
    void brokenChunksStoreNothing(String chunks) throws IOException {
        String reply = Raw.exchange(
                door.port(),
                "POST /api/v1/put?key=a HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);

        assertThat(reply).matches("(?s)|HTTP/1.1 4.*");
        assertThat(handler.size()).isZero();
    }

    @Test
    void aBodyThatEndsEarlyStoresNothing() throws IOException {
        try (Raw raw = new Raw(door.port())) {
            raw.send("POST /api/v1/put?key=a HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\nabc");
            raw.socket.shutdownOutput();

            assertThat(raw.rest()).matches("(?s)|HTTP/1.1 4.*");
        }
        assertThat(handler.size()).isZero();
    }

    @Test
    void mutatedRequestsLeaveTheDoorAlone() throws IOException {
        Random random = new Random(11);
        String[] seeds = {
            "GET /get?key=a&type=ns HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n",
            "POST /db HTTP/1.1\r\n" + HOST
                    + "Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\nkey=k&val=v",
            "PUT /api/v1/kv/k HTTP/1.1\r\n" + HOST + "Connection: close\r\nContent-Length: 3\r\n\r\nabc",
            "POST /api/v1/put?key=a HTTP/1.1\r\n" + HOST
                    + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        };
        for (int i = 0; i < CASES; i++) {
            byte[] request = mutated(seeds[random.nextInt(seeds.length)].getBytes(StandardCharsets.ISO_8859_1), random);
            try (Raw raw = new Raw(door.port())) {
                raw.send(new String(request, StandardCharsets.ISO_8859_1));
                raw.socket.shutdownOutput();

                int status = Raw.status(raw.rest());

                // 500 is the first GoShare's word for a key that is not there.
                assertThat(status < 500 || isClassic(request))
                        .as(new String(request, StandardCharsets.ISO_8859_1))
                        .isTrue();
            }
            if (i % 50 == 0) {
                long start = System.nanoTime();
                assertThat(Raw.status(Raw.request(door.port(), "GET /db"))).isEqualTo(200);
                assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
            }
        }
    }

    private static boolean isClassic(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        return text.contains("/db") || text.contains("/get");
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] out = seed.clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(4)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> out = Arrays.copyOf(out, Math.max(1, at));
                default -> {
                    byte[] longer = Arrays.copyOf(out, out.length + (out.length - at));
                    System.arraycopy(out, at, longer, out.length, out.length - at);
                    out = longer;
                }
            }
        }
        return out;
    }
}
