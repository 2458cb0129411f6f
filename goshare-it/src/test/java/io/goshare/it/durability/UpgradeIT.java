package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.it.fixture.ServerProcess;
import io.goshare.server.GoShareServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each build opens the data directories of every release, left cleanly or killed, and reads the same from them. */
@Tag("engine:leveldb")
final class UpgradeIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "1.0.0-killed"})
    void opensAndReadsTheSame(String release) throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        UpgradeFixture.unzip(release, data);

        try (GoShareServer server = GoShareServer.builder().data(data).open()) {
            assertThat(UpgradeFixture.dump(server.handler())).isEqualTo(UpgradeFixture.expected(release));
        }
        try (GoShareServer server = GoShareServer.builder().data(data).open()) {
            assertThat(UpgradeFixture.dump(server.handler())).isEqualTo(UpgradeFixture.expected(release));
        }
        assertThat(ServerProcess.run("verify", data.toString()).code()).isZero();
    }
}
