package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a server holds to whose clock jumps, as machines' do when they are corrected, sleep or move (M4). */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
public abstract class ClockContract {
    private static final List<Duration> JUMPS = List.of(
            Duration.ofHours(-1),
            Duration.ofDays(1),
            Duration.ofSeconds(-1),
            Duration.ofDays(-400),
            Duration.ofDays(800),
            Duration.ZERO);

    private static final Path HOST = Path.parse("host:state");

    private final Map<String, String> acknowledged = new TreeMap<>();
    private final List<Long> revisions = new ArrayList<>();

    /** Starts the server, on what an earlier one left. */
    protected abstract void start() throws Exception;

    protected abstract void stop() throws Exception;

    /** A new connection to a door, {@code http} or {@code zmq}. */
    protected abstract Transport connect(String door) throws Exception;

    /** Moves the server's clock, whether it runs or not. */
    protected abstract void jump(Duration by) throws Exception;

    @Test
    void nothingIsLostOrRenumberedWhereverTheClockGoes() throws Exception {
        for (int start = 0; start < 2; start++) { // the second on what the first left, a jump later
            start();
            try (Transport http = connect("http");
                    Transport zmq = connect("zmq")) {
                for (Duration jump : JUMPS) {
                    jump(jump);
                    write(http, start + " http " + jump);
                    write(zmq, start + " zmq " + jump);
                }
                assertThat(new StoreReader(http).keys("")).isEqualTo(acknowledged);
                assertThat(new StoreReader(zmq).paths("jump")).hasSize(acknowledged.size());
            }
            stop();
            jump(Duration.ofDays(-30));
        }
        assertThat(revisions).isSorted().doesNotHaveDuplicates();
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
    void aDayAheadIsNoTimeOut() throws Exception {
        start();
        try (Transport store = connect("http")) {
            Command lasting = Command.of(Verb.PUT).with(Param.KEY, "lasting").with(new Body.Single(Value.of("v")));
            StoreReader.done(store, lasting);
            StoreReader.done(
                    store,
                    Command.of(Verb.PUT)
                            .with(Param.KEY, "passing")
                            .with("expire", "1h")
                            .with(new Body.Single(Value.of("v"))));

            jump(Duration.ofDays(1));

            assertThat(new StoreReader(store).keys("")).isEqualTo(Map.of("lasting", "v"));
            StoreReader.done(store, lasting);
        }
    }

    @Test
    void aClockThatWentBackHoldsUpNoStop() throws Exception {
        start();
        try (Transport store = connect("zmq")) {
            write(store, "before");
            jump(Duration.ofDays(-1));
            write(store, "after");
        }
        stop();

        start();

        try (Transport store = connect("http")) {
            assertThat(new StoreReader(store).keys("")).isEqualTo(acknowledged);
        }
    }

    /**
     * Points without a time, written by one client as fast as it can, keep apart though the clock stands or goes back.
     */
    @Test
    void pointsOfNowDoNotCoverOneAnother() throws Exception {
        int points = 0;
        start();
        try (Transport store = connect("zmq")) {
            for (Duration jump : JUMPS) {
                jump(jump);
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
