package io.goshare.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goshare.it.fixture.ServerProcess;
import io.goshare.it.fixture.ServerProcess.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what the README says, against a server on other ports. */
@Tag("engine:leveldb")
@Tag("encoding:csv")
final class ReadmeIT {
    @TempDir
    Path directory;

    private ServerProcess server;

    @BeforeEach
    void start() throws IOException {
        server = ServerProcess.start(directory.resolve("data"));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        server.close();
    }

    @Test
    @Tag("door:http")
    void theCommandsWithCurlWork() throws IOException, InterruptedException {
        String strict = "set -e\ncurl() { command curl -sS --fail-with-body \"$@\" && echo; }\n";

        Exit exit = ServerProcess.runCommand(Map.of(), List.of("sh", "-c", strict + block("sh")));

        assertThat(exit.code()).as(exit.toString()).isZero();
        assertThat(exit.out())
                .contains("blue")
                .contains("host:web1:os")
                .contains("debian 13")
                .doesNotContain("debian 12")
                .contains("58.25")
                .contains("host:web2:state")
                .contains("down")
                .contains("Success")
                .contains("host:web1:load:2026:7:1:12:0:0:0,0.5");
    }

    @Test
    @Tag("door:zeromq")
    void theLinesOfPythonWork() throws IOException, InterruptedException {
        Exit zmq = ServerProcess.runCommand(Map.of(), List.of("sh", "-c", "python3 -c 'import zmq'"));
        assumeTrue(zmq.code() == 0, "Python has no zmq here");

        Exit exit = ServerProcess.runCommand(Map.of(), List.of("python3", "-c", block("python")));

        assertThat(exit.code()).as(exit.toString()).isZero();
        assertThat(exit.out()).contains("b'200").contains("host:web1:state,").contains("up");
    }

    /** The one block of this language, with this server's ports. */
    private String block(String language) throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        Matcher block = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertThat(block.find()).isTrue();
        return block.group(1)
                .replace("127.0.0.1:9999", "127.0.0.1:" + server.httpPort())
                .replace("127.0.0.1:9797", "127.0.0.1:" + server.zmqPort());
    }
}
