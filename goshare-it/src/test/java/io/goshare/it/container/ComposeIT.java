package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.it.fixture.ServerProcess;
import io.goshare.it.fixture.ServerProcess.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Compose file of docs/guide-deploy.md as it stands, but for the image's name, the ports of this machine, and no
 * more open files than this machine allows.
 */
@RequiresDocker
final class ComposeIT {
    private static final List<List<String>> TOOLS = List.of(List.of("docker", "compose"), List.of("docker-compose"));

    @TempDir
    Path directory;

    private final String project = "goshare-" + UUID.randomUUID();
    private List<String> tool = List.of();

    @BeforeEach
    void write() throws IOException, InterruptedException {
        String file = GuideDeployTest.block("yaml");
        String here = file.replace("goshare:1.0.0", ServerImage.name())
                .replace("127.0.0.1:9999:9999", "127.0.0.1::9999")
                .replace("127.0.0.1:9797:9797", "127.0.0.1::9797")
                .replace("nofile: 65536", "nofile: " + openFiles());
        Files.writeString(directory.resolve("compose.yaml"), here);
        for (List<String> one : TOOLS) {
            tool = one;
            if (run("version").code() == 0) {
                return;
            }
        }
        tool = List.of();
        Deployments.require(false, "the Compose file of docs/guide-deploy.md: no Compose here");
    }

    private static long openFiles() throws IOException, InterruptedException {
        String limit = ServerProcess.runCommand(Map.of(), List.of("sh", "-c", "ulimit -Hn"))
                .out()
                .strip();
        return limit.equals("unlimited") ? 65536 : Math.min(65536, Long.parseLong(limit));
    }

    @AfterEach
    void remove() throws IOException, InterruptedException {
        if (!tool.isEmpty()) {
            done("down", "--volumes");
        }
    }

    @Test
    void whatIsUpServesAndKeepsItsStoreWhenItGoesDown() throws Exception {
        up();
        goshare("put", "colour", "blue");
        done("stop");
        assertThat(done("logs")).contains("stopped").doesNotContain("ERROR");
        done("down");

        up();

        assertThat(goshare("get", "colour")).contains("blue");
    }

    private void up() throws IOException, InterruptedException {
        done("up", "--detach");
        Awaitility.await("it serves")
                .atMost(Deployment.TIMEOUT)
                .until(() -> run("exec", "-T", "goshare", "goshare", "health").code() == 0);
    }

    /** The command-line tool in the container. */
    private String goshare(String... words) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("exec", "-T", "goshare", "goshare"));
        arguments.addAll(List.of(words));
        return done(arguments.toArray(String[]::new));
    }

    /** What it printed. */
    private String done(String... arguments) throws IOException, InterruptedException {
        Exit exit = run(arguments);
        assertThat(exit.code()).as(List.of(arguments) + ": " + exit.err()).isZero();
        return exit.out();
    }

    private Exit run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\"", "sh")); // 127 where there is none
        command.addAll(tool);
        command.addAll(List.of("--file", directory.resolve("compose.yaml").toString()));
        command.addAll(List.of(arguments));
        return ServerProcess.runCommand(Map.of("COMPOSE_PROJECT_NAME", project), command);
    }
}
