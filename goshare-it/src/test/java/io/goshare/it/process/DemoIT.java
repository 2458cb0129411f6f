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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The main job on this machine's own figures. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
@Tag("encoding:csv")
final class DemoIT {
    @Test
    void showsWhatThePlugInPushed() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/stat")) && Files.isExecutable(Path.of("/usr/bin/curl")));

        Exit exit = ServerProcess.run("demo", "--seconds", "4");

        assertThat(exit.code()).as(exit.toString()).isZero();
        assertThat(exit.out())
                .containsPattern("host:[^:\\n]+:cpu:busy_percent,\\d")
                .containsPattern("host:[^:\\n]+:process:java,up")
                .containsPattern("host:[^:\\n]+:kernel,")
                .contains(kernel());
    }

    @Test
    void keepLeavesTheServerRunningAndSaysHowToStopIt() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/stat")) && Files.isExecutable(Path.of("/usr/bin/curl")));

        Exit exit = ServerProcess.run("demo", "--seconds", "2", "--keep");

        Matcher stop = Pattern.compile("kill (\\d+)").matcher(exit.out());
        assertThat(stop.find()).as(exit.toString()).isTrue();
        ProcessHandle server = ProcessHandle.of(Long.parseLong(stop.group(1))).orElseThrow();
        assertThat(server.isAlive()).isTrue();
        server.destroy();
        server.onExit().join();
    }

    private static String kernel() throws IOException, InterruptedException {
        return ServerProcess.runCommand(Map.of(), List.of("uname", "-r")).out().strip();
    }
}
