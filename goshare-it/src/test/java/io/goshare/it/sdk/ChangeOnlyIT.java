package io.goshare.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.GoShare;
import io.goshare.client.statement.NamespaceValue;
import io.goshare.client.statement.Point;
import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stays of what is only said again: the ends of a series' runs, and when a path was last seen. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class ChangeOnlyIT {
    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final String STATES = "up up up up up down down down up degraded";

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("leveldb");

    private GoShare connect(String door) {
        return GoShare.connect("goshare:" + door + "://" + (door.equals("http") ? server.http() : server.zmq()));
    }

    private void overEachDoor(Consumer<GoShare> check) {
        for (String door : List.of("http", "zmq")) {
            try (GoShare db = connect(door)) {
                check.accept(db);
            }
        }
    }

    @Test
    void ofARunTheFirstAndTheLastPointStay() {
        Map<Instant, Value> written = new LinkedHashMap<>();
        for (String state : STATES.split(" ")) {
            written.put(NOON.plusSeconds(written.size()), Value.of(state));
        }
        try (GoShare db = connect("zmq")) {
            db.series("c:state").writeAll(written);
            db.series("c:all").writeAll(written);
            assertThat(db.admin().declare("c:state", Map.of("change_only", "true")))
                    .isEqualTo(1);

            // points leave memory ten seconds after the last write, if there are 64 KiB of them
            byte[] noise = new byte[100_000];
            new Random(1).nextBytes(noise);
            db.series("c:large").write(NOON, Value.of(noise));
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> count(db) < written.size());
        }

        overEachDoor(db -> {
            assertThat(db.query("c:state").points().list())
                    .extracting(Point::time)
                    .containsExactly(
                            NOON,
                            NOON.plusSeconds(4),
                            NOON.plusSeconds(5),
                            NOON.plusSeconds(7),
                            NOON.plusSeconds(8),
                            NOON.plusSeconds(9));
            assertThat(db.series("c:state").at(NOON.plusSeconds(3)))
                    .hasValueSatisfying(point -> assertThat(point.value()).isEqualTo(Value.of("up")));
            assertThat(db.series("c:state").at(NOON.plusSeconds(4)).map(Point::time))
                    .contains(NOON.plusSeconds(4));
            assertThat(db.query("c:state").states().fetch().stream()
                            .map(row -> row.get("value") + " " + row.get("from"))
                            .toList())
                    .hasSize(4)
                    .isEqualTo(db.query("c:all").states().fetch().stream()
                            .map(row -> row.get("value") + " " + row.get("from"))
                            .toList());
            assertThat(db.query("c:all").points().list()).hasSize(written.size());
        });
    }

    private static long count(GoShare db) {
        return db.query("c:state").count().fetch().get(0).integer("count");
    }

    @Test
    void aValuePutAgainIsOneOfWhichIsToldWhenItWasLastSeen() {
        try (GoShare db = connect("http")) {
            db.namespace("c").put("os", "debian 12");
            NamespaceValue first = db.namespace("c").value("os").orElseThrow();
            long again = db.namespace("c").put("os", "debian 12");

            NamespaceValue last = db.namespace("c").value("os").orElseThrow();
            assertThat(first.lastSeen()).isEqualTo(first.since());
            assertThat(last.since()).isEqualTo(first.since());
            assertThat(last.lastSeen()).isAfter(first.lastSeen());
            assertThat(last.revision()).isEqualTo(again);
            assertThat(db.namespace("c")
                            .log(Instant.EPOCH, Instant.now().plusSeconds(60))
                            .list())
                    .hasSize(1);
            overEachDoor(other -> {
                assertThat(other.namespace("c").value("os")).contains(last);
                assertThat(other.namespace("c").tree().list()).containsExactly(last);
            });
            for (String door : List.of("http", "zmq")) {
                try (Transport transport = server.connect(door)) {
                    Reply told = transport
                            .handle(Command.of(Verb.GET).with("path", "c:os").with("face", "ns"))
                            .join();
                    assertThat(told.notes())
                            .containsEntry("since", nanos(last.since()))
                            .containsEntry("last_seen", nanos(last.lastSeen()));
                }
            }
        }
    }

    private static String nanos(Instant time) {
        return Long.toString(time.getEpochSecond() * 1_000_000_000L + time.getNano());
    }
}
