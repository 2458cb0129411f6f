package io.goshare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.wire.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdmissionTest {
    @TempDir
    Path directory;

    private final ServerConfig loopback = ServerConfig.defaults();
    private final ServerConfig everywhere = loopback.with(Setting.BIND, "0.0.0.0");

    @Test
    void loopbackNeedsNoToken() {
        assertThatCode(() -> Admission.check(loopback, Optional.empty())).doesNotThrowAnyException();
        assertThatCode(() -> Admission.check(loopback.with(Setting.BIND, "::1"), Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void otherAddressesNeedATokenOrInsecure() throws IOException {
        ServerConfig withToken = everywhere.with(Setting.TOKEN_FILE, token("rw-------", "secret\n"));

        assertThat(refusal(everywhere)).contains("--token-file").contains("--insecure");
        assertThatCode(() -> Admission.check(withToken, Admission.token(withToken)))
                .doesNotThrowAnyException();
        assertThatCode(() -> Admission.check(everywhere.with(Setting.INSECURE, ""), Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void aTokenFileThatOthersMayReadIsRefused() throws IOException {
        ServerConfig config = loopback.with(Setting.TOKEN_FILE, token("rw-r--r--", "secret"));

        assertThatThrownBy(() -> Admission.token(config))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("chmod 600")
                .hasMessageNotContaining("secret")
                .extracting(e -> ((StartException) e).exitCode())
                .isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void aBlankTokenIsRefused() throws IOException {
        ServerConfig config = loopback.with(Setting.TOKEN_FILE, token("rw-------", " \n"));

        assertThatThrownBy(() -> Admission.token(config)).hasMessageContaining("holds no token");
    }

    @Test
    void theTokenIsTheFilesTextWithoutItsLineBreak() throws IOException {
        ServerConfig config = loopback.with(Setting.TOKEN_FILE, token("rw-------", "secret\n"));

        assertThat(Admission.token(config).orElseThrow().matches("secret")).isTrue();
    }

    @Test
    void aMissingTokenIsMadeOnceForItsOwnerAlone() throws IOException {
        Path file = directory.resolve("new/token");
        ServerConfig config =
                everywhere.with(Setting.TOKEN_FILE, file.toString()).with(Setting.MAKE_TOKEN, "");

        Token token = Admission.token(config).orElseThrow();

        String text = Files.readString(file);
        assertThat(text).matches("[A-Za-z0-9_-]{43}\n");
        assertThat(token.matches(text.strip())).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Admission.token(config).orElseThrow().matches(text.strip())).isTrue();
    }

    @Test
    void aTokenThatWasGivenIsKept() throws IOException {
        ServerConfig config =
                loopback.with(Setting.TOKEN_FILE, token("rw-------", "secret")).with(Setting.MAKE_TOKEN, "");

        assertThat(Admission.token(config).orElseThrow().matches("secret")).isTrue();
    }

    @Test
    void aTokenIsNotMadeNowhere() {
        assertThatThrownBy(() -> Admission.token(loopback.with(Setting.MAKE_TOKEN, "")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("--token-file");
        Path impossible = Path.of("/proc/self/token");
        assertThatThrownBy(() -> Admission.token(
                        loopback.with(Setting.TOKEN_FILE, impossible.toString()).with(Setting.MAKE_TOKEN, "")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(impossible.toString())
                .extracting(e -> ((StartException) e).exitCode())
                .isEqualTo(ExitCode.PERMISSION);
    }

    private static String refusal(ServerConfig config) {
        try {
            Admission.check(config, Optional.empty());
            return "";
        } catch (StartException e) {
            return e.getMessage();
        }
    }

    private String token(String permissions, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file.toString();
    }
}
