package io.goshare.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.it.fixture.ServerProcess;
import io.goshare.it.fixture.ServerProcess.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DaemonIT {
    @TempDir
    Path directory;

    @AfterEach
    void stop() throws IOException, InterruptedException {
        run("stop");
    }

    @Test
    void startsTellsAndStops() throws IOException, InterruptedException {
        assertThat(run("status")).isEqualTo(new Exit(3, "not running\n", ""));

        Exit started = run("start", "--http-port", "0", "--zmq-ports", "0,0");
        assertThat(started.out()).startsWith("ready http=127.0.0.1:").contains(" log=" + data() + ".log");
        String pid = Files.readString(Path.of(data() + ".pid")).strip();
        assertThat(run("status")).isEqualTo(new Exit(0, "running pid=" + pid + "\n", ""));
        assertThat(run("start").out()).isEqualTo("already running pid=" + pid + "\n");

        assertThat(run("stop")).isEqualTo(new Exit(0, "stopped pid=" + pid + "\n", ""));
        assertThat(run("status").code()).isEqualTo(3);
        assertThat(Path.of(data() + ".pid")).doesNotExist();
        assertThat(Path.of(data() + ".log")).content().contains("INFO").contains("stopped");
    }

    @Test
    void theFirstGoSharesDaemonFlagsAreUnderstood() throws IOException, InterruptedException {
        String pidFile = directory.resolve("first.pid").toString();
        String[] flags = {
            "-DBPath=" + data(), "-http-port=0", "-rep-ports=0,0", "-daemon-pid=" + pidFile, "-daemon=start"
        };

        assertThat(ServerProcess.run(flags).out()).startsWith("ready ");
        assertThat(Path.of(pidFile)).exists();
        assertThat(ServerProcess.run("-daemon-pid=" + pidFile, "-daemon").out()).startsWith("running");
        assertThat(ServerProcess.run("-daemon=stop", "-daemon-pid=" + pidFile).out())
                .startsWith("stopped");
    }

    @Test
    void aStartThatFailsSaysWhyAndLeavesNothing() throws IOException, InterruptedException {
        Exit exit = run("start", "--bind", "0.0.0.0");

        assertThat(exit.code()).isEqualTo(78);
        assertThat(exit.err()).contains("--token-file");
        assertThat(run("status").code()).isEqualTo(3);
    }

    @Test
    void aPidFileLeftByADeadServerIsNoServer() throws IOException, InterruptedException {
        Files.writeString(Path.of(data() + ".pid"), "999999999\n");

        assertThat(run("status").code()).isEqualTo(3);
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Exit run(String verb, String... flags) throws IOException, InterruptedException {
        String[] args = new String[flags.length + 3];
        args[0] = verb;
        args[1] = "--data";
        args[2] = data().toString();
        System.arraycopy(flags, 0, args, 3, flags.length);
        return ServerProcess.run(args);
    }
}
