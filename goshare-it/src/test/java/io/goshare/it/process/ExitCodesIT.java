package io.goshare.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goshare.it.fixture.ServerProcess;
import io.goshare.it.fixture.ServerProcess.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that cannot be ends with a code of its own and one sentence (S7). */
final class ExitCodesIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve --htp-port 1",
                "serve --http-port x",
                "serve --bind no.such.host.invalid",
                "serve --engine sqlite3",
                "serve --settings missing.json",
                "-NSEngine other",
                "srve",
                "put --face xy",
                "verify",
                "repair missing --to x"
            })
    void usage(String line) throws IOException, InterruptedException {
        assertFails(ServerProcess.run(line.split(" ")), 2, "");
    }

    @Test
    void usageNamesTheNearestName() throws IOException, InterruptedException {
        assertFails(ServerProcess.run("serve", "--htp-port", "1"), 2, "did you mean --http-port?");
        assertFails(ServerProcess.run(Map.of("GOSHARE_ENGIN", "x"), "serve"), 2, "did you mean GOSHARE_ENGINE?");
        assertFails(ServerProcess.run("qery"), 2, "did you mean query?");
    }

    @Test
    void portInUse() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            assertFails(serve("--http-port", port, "--zmq-ports", "0"), 69, "HTTP port " + port);
            assertFails(serve("--http-port", "0", "--zmq-ports", "0," + port), 69, port);
        }
    }

    @Test
    void lockedDirectory() throws IOException, InterruptedException {
        try (ServerProcess owner = ServerProcess.start(data())) {
            assertFails(serve("--http-port", "0", "--zmq-ports", "0"), 73, data().toString());
            assertThat(owner.terminate()).isZero();
        }
    }

    @Test
    void damage() throws IOException, InterruptedException {
        try (ServerProcess server = ServerProcess.start(data())) {
            server.terminate();
        }
        Files.delete(data().resolve("base/leveldb/CURRENT"));

        assertFails(serve("--http-port", "0", "--zmq-ports", "0"), 74, "CURRENT");
        assertThat(ServerProcess.run("verify", data().toString()).code()).isEqualTo(74);
    }

    @Test
    void permission() throws IOException, InterruptedException {
        Path readOnly = Files.createDirectory(directory.resolve("read-only"));
        List<String> command = ServerProcess.program();
        command.addAll(List.of("serve", "--data", readOnly.resolve("data").toString(), "--http-port", "0"));
        command.addAll(List.of("--zmq-ports", "0"));
        if (!"root".equals(System.getProperty("user.name"))) {
            Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-x------"));
            assertFails(ServerProcess.runCommand(Map.of(), command), 77, readOnly.toString());
            return;
        }
        // Nothing is forbidden to root but a read-only file system.
        List<String> mounted = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
        mounted.add("d=$1; shift; mount --bind $d $d && mount -o remount,ro,bind $d && exec \"$@\" || exit 99");
        mounted.addAll(List.of("sh", readOnly.toString()));
        mounted.addAll(command);
        Exit exit = ServerProcess.runCommand(Map.of(), mounted);

        assumeTrue(exit.code() != 99 && !exit.err().contains("unshare:"), "no mount namespaces here");
        assertFails(exit, 77, readOnly.toString());
    }

    @Test
    void otherHostsWithoutToken() throws IOException, InterruptedException {
        assertFails(serve("--bind", "0.0.0.0"), 78, "--token-file");
        assertFails(ServerProcess.run("-server-uri", "0.0.0.0", "-DBPath", data().toString()), 78, "--insecure");
    }

    @Test
    void insecureWarnsAtEachStart() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            String port = String.valueOf(taken.getLocalPort()); // so that nothing is served to other hosts

            for (int start = 0; start < 2; start++) {
                Exit exit = serve("--bind", "0.0.0.0", "--insecure", "--http-port", port);

                assertThat(exit.code()).isEqualTo(69);
                assertThat(exit.err()).contains("WARN").contains("without a token");
            }
        }
    }

    @Test
    void whatOthersMayReadOrWriteIsRefused() throws IOException, InterruptedException {
        Path token = Files.writeString(directory.resolve("token"), "secret");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertFails(serve("--token-file", token.toString()), 78, "chmod 600");

        try (ServerProcess server = ServerProcess.start(data())) {
            server.terminate();
        }
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertFails(serve("--http-port", "0", "--zmq-ports", "0"), 78, "chmod o-w");
    }

    @Test
    void aDirectoryThatIsNotOursIsLeftAlone() throws IOException, InterruptedException {
        Files.createDirectory(data());
        Path letter = Files.writeString(data().resolve("letter.txt"), "dear");

        assertFails(serve("--http-port", "0", "--zmq-ports", "0"), 78, "letter.txt");
        assertThat(data()).isDirectoryContaining(file -> file.equals(letter));
        try (var files = Files.list(data())) {
            assertThat(files).hasSize(1);
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Exit serve(String... flags) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(List.of("serve", "--data", data().toString()));
        args.addAll(List.of(flags));
        return ServerProcess.run(args.toArray(String[]::new));
    }

    private static void assertFails(Exit exit, int code, String told) {
        assertThat(exit.code()).as(exit.toString()).isEqualTo(code);
        assertThat(exit.out()).isEmpty();
        assertThat(exit.err().lines().filter(line -> line.startsWith("goshare: ")))
                .as(exit.err())
                .hasSize(1)
                .allMatch(line -> line.contains(told));
        assertThat(exit.err()).doesNotContain("\tat ");
    }
}
