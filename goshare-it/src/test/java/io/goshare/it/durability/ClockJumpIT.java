package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.client.transport.http.HttpTransport;
import io.goshare.client.transport.zeromq.ZeroMqTransport;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.GoShareServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server's clock jumps, as machines' do when they are corrected, sleep or move (M4). In one process with a clock of
 * its own: a container has its machine's.
 */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class ClockJumpIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final List<Duration> JUMPS = List.of(
            Duration.ofHours(-1),
            Duration.ofDays(1),
            Duration.ofSeconds(-1),
            Duration.ofDays(-400),
            Duration.ofDays(800),
            Duration.ZERO);

    private static final io.goshare.protocol.model.Path HOST = io.goshare.protocol.model.Path.parse("host:state");

    @TempDir
    Path directory;

    private final JumpingClock clock = new JumpingClock();
    private final Map<String, String> acknowledged = new TreeMap<>();
    private final List<Long> revisions = new ArrayList<>();

    /** Stands still but for its jumps. */
    private static final class JumpingClock extends Clock {
        private volatile Instant now = Instant.parse("2026-07-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void nothingIsLostOrRenumberedWhereverTheClockGoes() {
        for (int start = 0; start < 2; start++) { // the second on what the first left, a jump later
            try (GoShareServer server = start()) {
                try (Transport http = new HttpTransport("127.0.0.1:" + server.httpPort(), Optional.empty(), TIMEOUT);
                        Transport zmq = new ZeroMqTransport(
                                "127.0.0.1:" + server.zmqPorts().get(0), Optional.empty(), TIMEOUT)) {
                    for (Duration jump : JUMPS) {
                        clock.now = clock.now.plus(jump);
                        write(http, start + " http " + jump);
                        write(zmq, start + " zmq " + jump);
                    }
                    assertThat(new StoreReader(http).keys("")).isEqualTo(acknowledged);
                    assertThat(new StoreReader(zmq).paths("jump")).hasSize(acknowledged.size());
                }
            }
            clock.now = clock.now.minus(Duration.ofDays(30));
        }
        assertThat(revisions).isSorted().doesNotHaveDuplicates();
    }

    private GoShareServer start() {
        return GoShareServer.builder()
                .data(directory.resolve("data"))
                .clock(clock)
                .httpPort(0)
                .zmqPorts(0)
                .start();
    }

    /** A key, and a value in the namespace, both at the clock's time. */
    private void write(Transport store, String name) {
        Reply put = StoreReader.done(
                store, Command.of(Verb.PUT).with(Param.KEY, name).with(new Body.Single(Value.of(name))));
        acknowledged.put(name, name);
        revisions.add(Long.parseLong(put.notes().get("revision")));
        Reply placed = StoreReader.done(
                store,
                Command.of(Verb.PUT)
                        .with(Param.FACE, "ns")
                        .with("path", "jump:" + acknowledged.size())
                        .with(new Body.Single(Value.of(name))));
        revisions.add(Long.parseLong(placed.notes().get("revision")));
    }

    /** Keys that expire follow the clock; what does not expire, and requests under way, do not care. */
    @Test
    void aDayAheadIsNoTimeOut() {
        try (GoShareServer server = start();
                Transport store = new HttpTransport("127.0.0.1:" + server.httpPort(), Optional.empty(), TIMEOUT)) {
            Command lasting = Command.of(Verb.PUT).with(Param.KEY, "lasting").with(new Body.Single(Value.of("v")));
            StoreReader.done(store, lasting);
            StoreReader.done(
                    store,
                    Command.of(Verb.PUT)
                            .with(Param.KEY, "passing")
                            .with("expire", "1h")
                            .with(new Body.Single(Value.of("v"))));

            clock.now = clock.now.plus(Duration.ofDays(1));

            assertThat(new StoreReader(store).keys("")).isEqualTo(Map.of("lasting", "v"));
            StoreReader.done(store, lasting);
        }
    }

    /**
     * Points without a time, written by one client as fast as it can, keep apart though the clock stands or goes back.
     */
    @Test
    void pointsOfNowDoNotCoverOneAnother() {
        int points = 0;
        try (GoShareServer server = start();
                Transport store =
                        new ZeroMqTransport("127.0.0.1:" + server.zmqPorts().get(0), Optional.empty(), TIMEOUT)) {
            for (Duration jump : JUMPS) {
                clock.now = clock.now.plus(jump);
                for (int i = 0; i < 3; i++) {
                    PointBatch.Builder batch = new PointBatch.Builder();
                    batch.add(SeriesKey.of(HOST), PointBatch.NO_TIME, Value.of("s" + points));
                    StoreReader.done(store, Command.of(Verb.WRITE).with(new Body.Points(batch.build())));
                    points++;
                }
            }
            assertThat(new StoreReader(store).points("host:state").values()).hasSize(points);
        }
    }
}
