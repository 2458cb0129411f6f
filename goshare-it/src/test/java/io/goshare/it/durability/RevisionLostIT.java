package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.GoShare;
import io.goshare.client.error.RefusedException;
import io.goshare.client.statement.Changes;
import io.goshare.it.fixture.EventClient;
import io.goshare.it.fixture.ServerProcess;
import io.goshare.protocol.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A watcher is told of changes that a loss of power takes: the server goes on with its directory as it was before them.
 */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class RevisionLostIT {
    private static final Duration WAIT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    @Test
    void whoWasToldMoreThanIsLeftIsSentToASnapshotAndNobodyElse() throws Exception {
        Path left = directory.resolve("left");
        long kept;
        long told;
        try (ServerProcess server = ServerProcess.start(directory.resolve("data"));
                GoShare db = connect("http", server);
                Changes changes = db.watch("w:**").open()) {
            db.namespace("w").put("a", 1);
            db.series("w:s").write("up");
            assertThat(changes.next(WAIT)).hasSize(2);
            kept = changes.revision();
            copy(directory.resolve("data"), left);
            db.namespace("w").put("a", 2);
            changes.next(WAIT);
            told = changes.revision();
            server.kill();
        }

        try (ServerProcess server = ServerProcess.start(left)) {
            for (String door : List.of("http", "zmq")) {
                try (GoShare db = connect(door, server)) {
                    assertThatThrownBy(() -> db.watch("w:**").after(told).open().next(WAIT))
                            .isInstanceOfSatisfying(
                                    RefusedException.class,
                                    lost -> assertThat(lost.code()).isEqualTo(ErrorCode.REVISION_LOST))
                            .hasMessageContaining("begin again without after, with a snapshot");
                    try (Changes resumed = db.watch("w:**").after(kept).open();
                            Changes fresh = db.watch("w:**").open()) {
                        assertThat(fresh.next(WAIT)).hasSize(2);
                        long put = db.namespace("w").put("a", door);
                        assertThat(put).isGreaterThan(told);
                        assertThat(resumed.next(WAIT))
                                .extracting(row -> row.text("value"))
                                .contains(Optional.of(door));
                        assertThat(fresh.next(WAIT)).hasSize(1);
                    }
                }
            }
            assertThatThrownBy(() -> new EventClient("127.0.0.1:" + server.httpPort(), "sel=w:**", Optional.of(told)))
                    .hasMessageStartingWith("410")
                    .hasMessageContaining("revision_lost");
        }
    }

    private static GoShare connect(String door, ServerProcess server) {
        return GoShare.connect(
                "goshare:" + door + "://127.0.0.1:" + (door.equals("http") ? server.httpPort() : server.zmqPort()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
