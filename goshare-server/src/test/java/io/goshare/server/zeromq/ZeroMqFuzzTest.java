package io.goshare.server.zeromq;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.server.fixture.KeyValueHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes that are no ZMTP, or nearly: whatever comes, a well-behaved peer is served within a second. */
@Tag("door:zeromq")
final class ZeroMqFuzzTest {
    private static final int CASES = 2_000;

    private final KeyValueHandler handler = new KeyValueHandler();
    private final ZeroMqDoor door = new ZeroMqDoor(
            ZeroMqConfig.defaults()
                    .withPorts(List.of(0, 0))
                    .withTimes(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(5)),
            handler);
    private Zmtp healthy;

    @BeforeEach
    void start() throws IOException {
        door.start();
        healthy = Zmtp.connected(door.ports().get(0));
        healthy.ask("read default none");
        Awaitility.await().until(() -> ioThreads() >= 2); // the door's, and its watchdog's
    }

    @AfterEach
    void close() throws IOException {
        healthy.close();
        door.close();
        handler.close();
    }

    /** One frame of 2 GiB, announced in ten bytes to ZMTP 1.0 and in 73 to ZMTP 3.0. */
    @Test
    void aHugeFrameIsNoMemory() throws IOException {
        byte[] first = {(byte) 0xff, 0, 0, 0, 0, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0};
        byte[] third =
                join(Zmtp.greeting(), Zmtp.ready(), new byte[] {2, 0, 0, 0, 0, 0x7f, (byte) 0xff, (byte) 0xff, 0});
        for (int i = 0; i < 20; i++) {
            send(first);
            send(third);
            served();
        }
        assertThat(ioThreads()).isPositive();
    }

    @Test
    void noiseIsNoMessage() throws IOException {
        Random random = new Random(1);
        long before = handler.handled();
        for (int i = 0; i < 60; i++) {
            byte[] noise = new byte[65_536];
            random.nextBytes(noise);
            send(noise);
        }
        served();
        assertThat(handler.handled()).isEqualTo(before + 1);
    }

    @Test
    void protocolsBeforeTheThirdAreRefused() throws IOException {
        long before = handler.handled();
        byte[] message = join(new byte[] {1, 0}, Zmtp.frame("push default k v", false));
        for (int version = 0; version < 3; version++) {
            byte[] greeting = Arrays.copyOf(Zmtp.greeting(), 12);
            greeting[10] = (byte) version;
            greeting[11] = 3;
            try (Zmtp old = new Zmtp(door.ports().get(1))) {
                old.send(join(greeting, new byte[] {0, 0}, message));
                assertThat(old.isClosedByServer()).isTrue();
            }
        }
        assertThat(handler.handled()).isEqualTo(before);
    }

    @Test
    void otherMechanismsAreRefused() throws IOException {
        for (String mechanism : List.of("PLAIN", "CURVE", "GSSAPI", "XXXXXXXXXXXXXXXXXXXX", "")) {
            byte[] greeting = Zmtp.greeting();
            Arrays.fill(greeting, 12, 32, (byte) 0);
            byte[] name = mechanism.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(name, 0, greeting, 12, name.length);
            try (Zmtp peer = new Zmtp(door.ports().get(0))) {
                peer.send(join(greeting, Zmtp.ready()));
                assertThat(peer.isClosedByServer()).as(mechanism).isTrue();
            }
        }
        served();
    }

    /** Peers that stop after any byte of a good conversation are let go; the door holds none of them. */
    @Test
    void aConversationMayEndAtEveryByte() throws IOException {
        byte[] whole = join(Zmtp.greeting(), Zmtp.ready(), Zmtp.frame("", true), Zmtp.frame("read default k", false));
        List<Zmtp> silent = new ArrayList<>();
        try {
            for (int length = 0; length < whole.length; length++) {
                Zmtp peer = new Zmtp(door.ports().get(length % 2));
                peer.send(Arrays.copyOf(whole, length));
                if (length % 2 == 0) {
                    peer.close();
                } else {
                    silent.add(peer);
                }
                served();
            }
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> door.figures().get("connections") <= 2);
        } finally {
            for (Zmtp peer : silent) {
                peer.close();
            }
        }
    }

    @Test
    void framesWithoutAnEndAreLetGo() throws IOException {
        byte[] many = new byte[200_000];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = 1; // a frame of nothing, more to come
        }
        for (int i = 0; i < 5; i++) {
            send(join(Zmtp.greeting(), Zmtp.ready(), many));
            served();
        }
    }

    /**
     * 16 MiB each, announced by 200 peers: five times the heap. Whole ones are refused while it lasts, and taken after.
     */
    @Test
    void announcedFramesHoldNoMoreThanTheirBudget() throws IOException {
        int threads = ioThreads();
        byte[] announced = {2, 0, 0, 0, 0, 1, 0, 0, 0};
        List<Zmtp> waiting = new ArrayList<>();
        try (Zmtp large = Zmtp.connected(door.ports().get(1))) {
            for (int i = 0; i < 200; i++) {
                Zmtp peer = new Zmtp(door.ports().get(0));
                peer.send(join(Zmtp.greeting(), Zmtp.ready(), announced));
                waiting.add(peer);
                served();
            }
            Awaitility.await().until(() -> door.figures().get("frames_lost") > 100);
            assertThat(large.askLarge("put key=large", 1 << 20)).startsWith("429 ");
            for (Zmtp peer : waiting) {
                peer.close();
            }
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> large.askLarge("put key=large", 1 << 20).startsWith("200 "));
        }
        assertThat(ioThreads()).isEqualTo(threads);
        assertThat(handler.value("large").asText()).hasSize(1 << 20);
    }

    @Test
    void mutatedConversationsLeaveTheDoorAlone() throws IOException {
        int threads = ioThreads();
        Random random = new Random(7);
        byte[][] seeds = {
            join(Zmtp.greeting(), Zmtp.ready(), Zmtp.frame("", true), Zmtp.frame("read default k", false)),
            join(Zmtp.greeting(), Zmtp.ready(), Zmtp.frame("put key=a", true), Zmtp.frame("v", false)),
            join(Zmtp.greeting(), new byte[] {4, 26, 5}, "ERROR".getBytes(StandardCharsets.US_ASCII), new byte[20]),
            join(
                    Zmtp.greeting(),
                    Zmtp.ready(),
                    new byte[] {4, 7, 4},
                    "PING".getBytes(StandardCharsets.US_ASCII),
                    new byte[2]),
        };
        for (int i = 0; i < CASES; i++) {
            send(mutated(seeds[random.nextInt(seeds.length)], random));
            served();
        }

        assertThat(ioThreads()).isEqualTo(threads);
        assertThat(door.healthy()).isTrue();
        try (Zmtp fresh = Zmtp.connected(door.ports().get(1))) {
            assertThat(fresh.ask("read default none")).startsWith("Error");
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] out = seed.clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(4) == 0 ? random.nextInt(out.length) : 64 + random.nextInt(out.length - 64);
            switch (random.nextInt(4)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> out = Arrays.copyOf(out, Math.max(65, at));
                default -> out = join(out, Arrays.copyOfRange(out, at, out.length));
            }
        }
        return out;
    }

    /** Sends what the server may already refuse, and goes. */
    private void send(byte[] bytes) {
        try (Zmtp peer = new Zmtp(door.ports().get(0))) {
            peer.send(bytes);
        } catch (IOException closedByTheServer) {
            assertThat(closedByTheServer).hasMessageMatching(".*([Rr]eset|[Bb]roken pipe|[Cc]losed|aborted).*");
        }
    }

    private void served() throws IOException {
        long start = System.nanoTime();
        assertThat(healthy.ask("read default none")).isEqualTo("Error for request sent: read default none");
        assertThat(System.nanoTime() - start).as("nanoseconds to serve a peer").isLessThan(1_000_000_000L);
    }

    private static int ioThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("iothread"))
                .count();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
