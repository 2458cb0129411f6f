package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerProcess;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of 256 MiB fills up, and later has room again (D1). Needs root and mount namespaces. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class DiskFullIT {
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void writesAre507ReadsGoOnAndWritesResume() throws Exception {
        assumeTrue(canMount(), "no mount namespaces here");
        List<String> onSmallDisk = List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs -o size=256m tmpfs \"$1\" && shift && exec \"$@\"",
                "sh",
                directory.toString());
        try (ServerProcess server = ServerProcess.startIn(
                        onSmallDisk, directory.resolve("data"), "--disk-reserve", "96m", "--write-buffer", "4m");
                Transport http = server.connect("http");
                Transport zmq = server.connect("zmq")) {
            Path disk = Path.of("/proc/" + server.pid() + "/root" + directory); // as the server sees it
            Map<String, String> acknowledged = new TreeMap<>();
            for (int i = 0; i < 200; i++) {
                assertThat(put(i % 2 == 0 ? http : zmq, i, acknowledged)).isEmpty();
            }

            Path filler = disk.resolve("filler");
            fill(filler, disk, 60L * MIB);
            Awaitility.await("the reserve is noticed")
                    .atMost(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        assertThat(put(http, 200, acknowledged)).contains(ErrorCode.DISK_LOW);
                        assertThat(put(zmq, 201, acknowledged)).contains(ErrorCode.DISK_LOW);
                    });
            assertThat(new StoreReader(http).keys("k")).isEqualTo(acknowledged);
            assertThat(new StoreReader(zmq).keys("k")).isEqualTo(acknowledged);
            assertThat(server.isAlive()).isTrue();

            Files.delete(filler);
            Awaitility.await("writes resume")
                    .atMost(Duration.ofSeconds(2))
                    .until(() -> put(http, 202, acknowledged).isEmpty());
            assertThat(put(zmq, 203, acknowledged)).isEmpty();
            assertThat(new StoreReader(zmq).keys("k")).isEqualTo(acknowledged);
            assertThat(server.terminate()).isZero();
        }
    }

    private static boolean canMount() throws IOException, InterruptedException {
        return ServerProcess.runCommand(
                                Map.of(),
                                List.of("sh", "-c", "unshare -m sh -c 'mount -t tmpfs tmpfs /mnt' 2>/dev/null"))
                        .code()
                == 0;
    }

    /** Puts 100 KiB; what it was refused with, if it was. */
    private static Optional<ErrorCode> put(Transport store, int number, Map<String, String> acknowledged) {
        String key = "k" + number;
        String value = number + "x".repeat(100_000);
        try {
            StoreReader.done(store, Command.of(Verb.PUT).with(Param.KEY, key).with(new Body.Single(Value.of(value))));
            acknowledged.put(key, value);
            return Optional.empty();
        } catch (GoShareException e) {
            return Optional.of(e.code());
        }
    }

    /** Writes zeros until {@code left} bytes are free. */
    private static void fill(Path file, Path disk, long left) throws IOException {
        byte[] zeros = new byte[MIB];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (disk.toFile().getUsableSpace() > left) {
                out.write(zeros);
            }
        }
    }
}
