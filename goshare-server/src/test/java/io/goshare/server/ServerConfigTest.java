package io.goshare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerConfigTest {
    @ParameterizedTest
    @CsvSource({"1024, 1024", "64k, 65536", "16m, 16777216", "16M, 16777216", "2g, 1073741824"})
    void bytesTakeUnits(String text, int bytes) {
        assertThat(ServerConfig.defaults().with(Setting.MAX_BODY, text).maxBodyBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_PORT, 65536",
        "HTTP_PORT, x",
        "HTTP_PORT, -1",
        "ZMQ_PORTS, '1,,2'",
        "ZMQ_PORTS, ''",
        "ENGINE, sqlite3",
        "DURABILITY, sometimes",
        "MAX_BODY, 16mb",
        "MAX_BODY, 99999999999g",
        "CLASSIC, maybe",
        "NS_ENGINE, other",
        "LOG_LEVEL, loud"
    })
    void malformedValuesAreUsageErrorsThatNameTheSetting(Setting setting, String text) {
        assertThatThrownBy(() -> ServerConfig.defaults().with(setting, text))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(setting.flag())
                .extracting(e -> ((StartException) e).exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theFirstGoSharesOtherLevelDbIsOurs() {
        assertThat(ServerConfig.defaults().with(Setting.ENGINE, "levigo").engine())
                .isEqualTo("leveldb");
    }

    @Test
    void printsWhatDiffersFromTheDefaults() {
        assertThat(ServerConfig.defaults()).hasToString("");
        assertThat(ServerConfig.defaults().with(Setting.HTTP_PORT, "0")).hasToString("--http-port=0");
    }
}
