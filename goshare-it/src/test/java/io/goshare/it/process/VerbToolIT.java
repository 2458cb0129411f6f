package io.goshare.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.it.fixture.ServerProcess;
import io.goshare.it.fixture.ServerProcess.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verbs from the command line, through each door. */
@Tag("engine:memory")
@Tag("door:http")
@Tag("door:zeromq")
@Tag("encoding:csv")
final class VerbToolIT {
    @TempDir
    Path directory;

    @Test
    void verbsWorkThroughBothDoors() throws IOException, InterruptedException {
        try (ServerProcess server = start()) {
            for (String url : List.of(
                    "goshare:http://127.0.0.1:" + server.httpPort(), "goshare:zmq://127.0.0.1:" + server.zmqPort())) {
                Map<String, String> environment = Map.of("GOSHARE_URL", url);

                assertThat(run(environment, "put", "colour", "blue").out()).startsWith("revision=");
                assertThat(run(environment, "get", "colour").out()).isEqualTo("blue");
                assertThat(run(environment, "write", "--body", "host:a:cpu,1.50,1404172800s")
                                .code())
                        .isZero();
                assertThat(run(environment, "query", "host:*:cpu", "--from", "1404172800s", "--to", "1404172801s")
                                .out())
                        .contains("host:a:cpu,1.50,1404172800000000000");
                assertThat(run(environment, "query", "host:*:cpu", "-from=2014:7:1", "-to=2014:7:2", "--fmt", "json")
                                .out())
                        .contains("\"host:a:cpu\"");
                assertThat(run(environment, "health").code()).isZero();
                assertThat(run(environment, "info").out()).contains("engine,memory");
                assertThat(run(environment, "metrics").out()).contains("goshare_up 1");
                assertThat(run(environment, "get", "missing"))
                        .extracting(Exit::code)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aTokenGuardsBothDoors() throws IOException, InterruptedException {
        Path token = Files.writeString(directory.resolve("token"), "long secret\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        try (ServerProcess server = start("--token-file", token.toString())) {
            for (String url : List.of(
                    "goshare:http://127.0.0.1:" + server.httpPort(), "goshare:zmq://127.0.0.1:" + server.zmqPort())) {
                Exit refused = run(Map.of("GOSHARE_URL", url), "put", "a", "1");
                assertThat(refused.code()).isEqualTo(1);
                assertThat(refused.err()).contains("token").doesNotContain("secret");

                assertThat(run(Map.of("GOSHARE_URL", url), "put", "a", "1", "--token-file", token.toString())
                                .code())
                        .isZero();
            }
            assertThat(server.log()).doesNotContain("secret");
        }
    }

    @Test
    void aServerThatIsNotThereIsOneSentence() throws IOException, InterruptedException {
        Exit exit = run(Map.of(), "get", "a", "--url", "goshare:http://127.0.0.1:1");

        assertThat(exit).isEqualTo(new Exit(1, "", "goshare: no server answers at 127.0.0.1:1\n"));
    }

    private ServerProcess start(String... flags) throws IOException {
        List<String> all = new ArrayList<>(List.of("--engine", "memory"));
        all.addAll(List.of(flags));
        return ServerProcess.start(directory.resolve("data"), all.toArray(String[]::new));
    }

    private static Exit run(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        return ServerProcess.run(environment, args);
    }
}
