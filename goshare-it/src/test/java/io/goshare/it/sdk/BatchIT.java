package io.goshare.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.GoShare;
import io.goshare.client.batch.BatchFullException;
import io.goshare.client.batch.BatchReport;
import io.goshare.client.batch.BatchWriter;
import io.goshare.client.batch.Overflow;
import io.goshare.client.batch.Rejection;
import io.goshare.client.batch.UnwrittenException;
import io.goshare.client.error.ConfigurationException;
import io.goshare.client.statement.Point;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.protocol.model.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The batch writer in good times and bad. */
final class BatchIT {
    private static final Instant START = Instant.parse("2026-07-01T12:00:00Z");

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("memory");

    @TempDir
    Path directory;

    private GoShare db() {
        return GoShare.connect("goshare:zmq://" + server.zmq());
    }

    private static GoShare nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return GoShare.connect("goshare:zmq://127.0.0.1:" + socket.getLocalPort() + "?retries=0&timeout=1s");
        }
    }

    private static Point point(int i) {
        return Point.of("b:" + i % 2, (long) i).at(START.plusSeconds(i));
    }

    private static long stored(GoShare db) {
        return db.query("b:*").from(START).points().stream().count();
    }

    @Test
    void timeAloneSendsABatch() {
        try (GoShare db = db();
                BatchWriter writer =
                        db.batchWriter().every(Duration.ofMillis(50)).open()) {
            writer.add(point(0));
            Awaitility.await().until(() -> stored(db) == 1);
            assertThat(writer.report().written()).isEqualTo(1);
        }
    }

    @Test
    void whatTheServerRefusesIsToldAndTheRestIsWritten() {
        List<Rejection> told = Collections.synchronizedList(new ArrayList<>());
        try (GoShare db = db();
                BatchWriter writer = db.batchWriter().onRejected(told::add).open()) {
            db.series("b:0").write(START.minusSeconds(9), 1L);
            db.admin().declare("b:0", java.util.Map.of("strict", "true"));
            Point wrong = Point.of("b:0", "text").at(START.plusSeconds(100));
            for (int i = 0; i < 20; i++) {
                writer.add(i == 7 ? wrong : point(i));
            }
            writer.flush();

            assertThat(told).hasSize(1);
            assertThat(told.get(0).point()).isEqualTo(wrong);
            assertThat(told.get(0).reason()).isNotEmpty();
            assertThat(stored(db)).isEqualTo(19);
            BatchReport report = writer.report();
            assertThat(report.written()).isEqualTo(19);
            assertThat(report.rejected()).isEqualTo(1);
        }
    }

    @Test
    void ofVeryManyRefusedRowsEachIsToldOnce() {
        List<Rejection> told = Collections.synchronizedList(new ArrayList<>());
        List<Point> wrong = new ArrayList<>();
        try (GoShare db = db();
                BatchWriter writer =
                        db.batchWriter().maxRows(5000).onRejected(told::add).open()) {
            db.series("b:0").write(START.minusSeconds(9), 1L);
            db.admin().declare("b:0", java.util.Map.of("strict", "true"));
            for (int i = 0; i < 4_500; i++) {
                Point point = i % 2 == 0 ? Point.of("b:0", "text").at(START.plusSeconds(i)) : point(i);
                wrong.addAll(i % 2 == 0 ? List.of(point) : List.of());
                writer.add(point);
            }
            writer.flush();

            assertThat(told).extracting(Rejection::point).isEqualTo(wrong);
            assertThat(stored(db)).isEqualTo(2_250);
            assertThat(writer.report().written()).isEqualTo(2_250);
            assertThat(writer.report().rejected()).isEqualTo(2_250);
        }
    }

    @Test
    void aFullWriterDoesWhatItWasTold() throws IOException {
        List<Rejection> let = Collections.synchronizedList(new ArrayList<>());
        try (GoShare db = nobody()) {
            for (Overflow overflow : Overflow.values()) {
                let.clear();
                BatchWriter writer = db.batchWriter()
                        .maxRows(10)
                        .maxWaitingRows(30)
                        .deadline(Duration.ofMillis(300))
                        .whenFull(overflow)
                        .onRejected(let::add)
                        .open();
                for (int i = 0; i < 30; i++) {
                    writer.add(point(i));
                }
                boolean throwing = overflow == Overflow.BLOCK || overflow == Overflow.FAIL;
                if (throwing) {
                    assertThatThrownBy(() -> writer.add(point(30))).isInstanceOf(BatchFullException.class);
                } else {
                    writer.add(point(30));
                }
                BatchReport report = writer.close(Duration.ZERO);
                int expected = throwing ? 0 : overflow == Overflow.DROP_OLDEST ? 10 : 1;
                assertThat(let).as(overflow.toString()).hasSize(expected);
                assertThat(report.dropped()).isEqualTo(expected);
                assertThat(report.left()).isEqualTo(overflow == Overflow.DROP_OLDEST ? 21 : 30);
                assertThat(report.unsent()).hasSize((int) report.left());
                assertThat(report.added()).isEqualTo(report.left() + (overflow == Overflow.DROP_OLDEST ? 10 : 0));
            }
        }
    }

    @Test
    void closingTellsWhatIsLeft() throws IOException {
        try (GoShare db = nobody()) {
            BatchWriter writer =
                    db.batchWriter().deadline(Duration.ofMillis(200)).open();
            writer.add(point(1));
            assertThatThrownBy(writer::flush)
                    .isInstanceOfSatisfying(
                            UnwrittenException.class,
                            left -> assertThat(left.rows()).isEqualTo(1));
            assertThatThrownBy(writer::close).isInstanceOf(UnwrittenException.class);
            writer.close();
            assertThat(writer.report().unsent()).containsExactly(point(1));
            assertThatThrownBy(() -> writer.add(point(2))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aSpoolSurvivesARestartOfTheApplication() throws IOException {
        try (GoShare nobody = nobody()) {
            BatchWriter writer = nobody.batchWriter()
                    .maxRows(10)
                    .maxWaitingRows(1000)
                    .deadline(Duration.ofMillis(200))
                    .spool(directory)
                    .open();
            for (int i = 0; i < 95; i++) {
                writer.add(point(i));
            }
            assertThatThrownBy(() -> nobody.batchWriter().spool(directory).open())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("in use");
            BatchReport report = writer.close(Duration.ZERO);
            assertThat(report.spooled()).isEqualTo(95);
            assertThat(report.unsent()).isEmpty();
        }
        damageOne();
        try (GoShare db = db();
                BatchWriter writer = db.batchWriter().spool(directory).open()) {
            writer.add(Point.of("b:0", Value.of("new")).at(START.plusSeconds(500)));
            writer.flush();
            assertThat(stored(db)).isEqualTo(95 - 10 + 1);
            assertThat(writer.report().added()).isEqualTo(86);
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.contains("batch")))
                    .allMatch(name -> name.endsWith(".damaged"))
                    .hasSize(1);
        }
    }

    private void damageOne() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            Path first = files.filter(file -> file.toString().endsWith(".batch"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(first);
            bytes[bytes.length - 1] ^= 1;
            Files.write(first, bytes);
        }
    }
}
