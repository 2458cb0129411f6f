package io.goshare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingSourcesTest {
    @TempDir
    Path directory;

    private final SettingSources sources = new SettingSources();

    @Test
    void withoutSourcesThereAreTheFirstGoSharesPortsOnLoopback() {
        ServerConfig config = sources.read(Map.of(), Map.of());

        assertThat(config.httpPort()).isEqualTo(9999);
        assertThat(config.zmqPorts()).containsExactly(9797, 9898);
        assertThat(config.bind().isLoopbackAddress()).isTrue();
    }

    @Test
    void flagBeatsVariableBeatsFile() throws IOException {
        Path file = write("{\"http-port\": 1, \"engine\": \"memory\", \"zmq-ports\": [3, 4]}");
        Map<String, String> environment =
                Map.of("GOSHARE_SETTINGS", file.toString(), "GOSHARE_HTTP_PORT", "2", "GOSHARE_ZMQ_PORTS", "5,6");

        ServerConfig config = sources.read(Map.of(Setting.ZMQ_PORTS, "7"), environment);

        assertThat(config.engine()).isEqualTo("memory");
        assertThat(config.httpPort()).isEqualTo(2);
        assertThat(config.zmqPorts()).containsExactly(7);
    }

    @Test
    void theFirstGoSharesFileBeatsFlags() throws IOException {
        Path file = write("{\"http-port\": \"8080\", \"DBPath\": \"/srv/db\", \"rep-ports\": \"1,2\"}");

        ServerConfig config = sources.read(Map.of(Setting.CONFIG, file.toString(), Setting.HTTP_PORT, "1"), Map.of());

        assertThat(config.httpPort()).isEqualTo(8080);
        assertThat(config.data()).isEqualTo(Path.of("/srv/db"));
        assertThat(config.zmqPorts()).containsExactly(1, 2);
        assertThat(sources.warnings()).isEmpty();
    }

    @Test
    void theFirstGoSharesFileMayHoldWhatItNeverRead() throws IOException {
        Path file = write("{\"http-port\": 8080, \"TableName\": \"x\", \"http-prt\": \"1\"}");

        ServerConfig config = sources.read(Map.of(Setting.CONFIG, file.toString()), Map.of());

        assertThat(config.httpPort()).isEqualTo(9999);
        assertThat(sources.warnings()).hasSize(3).anyMatch(warning -> warning.contains("did you mean http-port?"));
    }

    @Test
    void anEmptyValueInTheFirstGoSharesFileIsNone() throws IOException {
        Path file = write("{\"http-port\": \"\", \"DBPath\": \"\", \"DBEngine\": \"\"}");

        ServerConfig config = sources.read(Map.of(Setting.CONFIG, file.toString(), Setting.HTTP_PORT, "1"), Map.of());

        assertThat(config.httpPort()).isEqualTo(1);
        assertThat(config.engine()).isEqualTo("leveldb");
    }

    @Test
    void aFileThatIsMissingIsCalledThat() {
        assertThatThrownBy(() -> sources.read(Map.of(Setting.SETTINGS, "/nowhere/settings.json"), Map.of()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("/nowhere/settings.json")
                .hasMessageContaining("there is no such file");
    }

    @Test
    void unknownNamesAreErrorsWithTheNearestName() throws IOException {
        Path file = write("{\"htp-port\": 1}");

        assertThatThrownBy(() -> sources.read(Map.of(Setting.SETTINGS, file.toString()), Map.of()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("htp-port")
                .hasMessageContaining("did you mean http-port?");
        assertThatThrownBy(() -> sources.read(Map.of(), Map.of("GOSHARE_HTTP_PROT", "1")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("did you mean GOSHARE_HTTP_PORT?");
    }

    @Test
    void variablesOfLauncherClientAndKubernetesAreNoSettings() {
        Map<String, String> environment = Map.of(
                "GOSHARE_HOME", "/opt", "GOSHARE_CLIENT_TOKEN", "x", "GOSHARE_PORT_9999_TCP", "tcp://10.0.0.1:9999");

        assertThat(sources.read(Map.of(), environment).httpPort()).isEqualTo(9999);
    }

    @Test
    void aFileThatIsNoObjectIsAnError() throws IOException {
        for (String text :
                List.of("", "[]", "{", "{\"engine\": null}", "{\"engine\": {}}", "{\"port\":1,\"port\":2}")) {
            Path file = write(text);

            assertThatThrownBy(() -> new SettingSources().read(Map.of(Setting.SETTINGS, file.toString()), Map.of()))
                    .as(text)
                    .isInstanceOf(StartException.class)
                    .extracting(e -> ((StartException) e).exitCode())
                    .isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void aSettingMayNotBeSetByTwoOfItsNames() throws IOException {
        Path file = write("{\"DBPath\": \"a\", \"data\": \"b\"}");

        assertThatThrownBy(() -> sources.read(Map.of(Setting.SETTINGS, file.toString()), Map.of()))
                .hasMessageContaining("set twice");
    }

    private Path write(String json) throws IOException {
        return Files.writeString(directory.resolve("settings.json"), json);
    }
}
