package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.it.fixture.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide-deploy.md quotes is what is in the sources. */
final class GuideDeployTest {
    private static final Path TOP = Path.of("..");

    @Test
    void theExampleInJavaIsTheTest() throws IOException {
        String source = Files.readString(Path.of("src/test/java", "io/goshare/it/container/GoShareContainerIT.java"));
        String example = source.split("    // guide\n", -1)[1].replaceAll("(?m)^ {4}", "");

        assertThat(block("java")).isEqualTo(example.replace("(IMAGE)", "(\"goshare:1.0.0\")"));
    }

    @Test
    void thePageNamesTheImagesPortsAndSettings() throws IOException {
        String page = Files.readString(TOP.resolve("docs/guide-deploy.md"));
        String dockerfile = Files.readString(TOP.resolve("goshare-server/Dockerfile"));

        List<String> variables = Pattern.compile("(GOSHARE_[A-Z_]+)=(\\S+)")
                .matcher(dockerfile)
                .results()
                .map(MatchResult::group)
                .filter(setting -> !setting.startsWith("GOSHARE_JAVA_OPTS"))
                .toList();
        assertThat(variables).hasSize(4).allSatisfy(setting -> assertThat(page).contains("`" + setting + "`"));
        assertThat(page).contains("9999").contains("9797").contains("10001").contains("MaxRAMPercentage=50");
    }

    /** The page's files are complete: each can be cut out and used. */
    @Test
    void theComposeFileAndTheUnitHoldWhatTheTextSaysOfThem() throws IOException {
        assertThat(block("yaml")).contains("read_only: true").contains("stop_grace_period: 40s");
        assertThat(block("ini"))
                .contains("ExecStart=/opt/goshare/goshare serve")
                .contains("LimitNOFILE=")
                .contains("TimeoutStopSec=40");
    }

    /** systemd itself finds nothing to say of the unit, where it is installed. */
    @Test
    void systemdTakesTheUnit(@TempDir Path directory) throws IOException, InterruptedException {
        Deployments.require(
                ServerProcess.runCommand(Map.of(), List.of("sh", "-c", "command -v systemd-analyze"))
                                .code()
                        == 0,
                "the unit of docs/guide-deploy.md: no systemd-analyze here");
        Path unit = directory.resolve("goshare.service");
        Path launcher = TOP.resolve("goshare").toRealPath();
        Files.writeString(unit, block("ini").replace("/opt/goshare/goshare", launcher.toString()));

        ServerProcess.Exit verified = verified(unit);
        assertThat(verified.err()).isEmpty();
        assertThat(verified.code()).isZero();

        Files.writeString(unit, Files.readString(unit).replace("KillMode=", "KillMoode="));
        assertThat(verified(unit).err()).contains("KillMoode");
    }

    private static ServerProcess.Exit verified(Path unit) throws IOException, InterruptedException {
        return ServerProcess.runCommand(Map.of(), List.of("systemd-analyze", "verify", "--man=no", unit.toString()));
    }

    /** The first block of the page in {@code language}. */
    static String block(String language) throws IOException {
        String page = Files.readString(TOP.resolve("docs/guide-deploy.md"));
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }
}
