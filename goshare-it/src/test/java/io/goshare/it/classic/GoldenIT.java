package io.goshare.it.classic;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.server.GoShareServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every transcript of the first GoShare, each on an empty database, over both doors: all steps agree, none is skipped.
 */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class GoldenIT {
    private static int checked;
    private static int skipped;

    @TempDir
    Path directory;

    static Stream<Path> transcripts() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(GoldenIT.class.getResource("/golden"));
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            List<Path> sorted =
                    files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
            assertThat(sorted).hasSizeGreaterThanOrEqualTo(24);
            return sorted.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void everyStepAgrees(Path transcript) throws IOException {
        List<GoldenStep> steps = new ArrayList<>();
        for (String line : Files.readAllLines(transcript)) {
            steps.add(GoldenStep.parse(line));
        }
        List<String> differences;
        GoldenRun run;
        try (Running server = new Running(directory)) {
            run = new GoldenRun(server);

            differences = run.play(steps);
        }

        checked += run.checked();
        skipped += run.skipped();
        assertThat(differences).isEmpty();
        assertThat(run.skipped()).isZero();
    }

    @AfterAll
    static void tell() {
        System.out.println("golden transcripts: checked " + checked + " steps, skipped " + skipped);
        assertThat(checked).isPositive();
        assertThat(skipped).isZero();
    }

    /** A server in this process. */
    private static final class Running implements GoldenRun.Subject, AutoCloseable {
        private final Path data;
        private GoShareServer server;

        Running(Path data) {
            this.data = data;
            this.server = start(data);
        }

        private static GoShareServer start(Path data) {
            return GoShareServer.builder().data(data).httpPort(0).zmqPorts(0, 0).start();
        }

        @Override
        public int httpPort() {
            return server.httpPort();
        }

        @Override
        public List<Integer> zmqPorts() {
            return server.zmqPorts();
        }

        @Override
        public void restart() {
            server.close();
            server = start(data);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
