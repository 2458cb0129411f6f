package io.goshare.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {
    private final Options options = new Options(
            "serve",
            "DIR",
            List.of(
                    new Options.Option(List.of("http-port", "port"), "PORT", "", false),
                    new Options.Option(List.of("zmq-ports", "rep-port", "req-port"), "PORTS", "", true),
                    Options.Option.of("from", "TIME", ""),
                    Options.Option.of("insecure", "", "")));

    @ParameterizedTest
    @ValueSource(strings = {"--http-port 1", "--http-port=1", "-http-port 1", "-http-port=1", "-port=1", "--port 1"})
    void everySpellingIsUnderstood(String line) {
        assertThat(parse(line).values()).isEqualTo(Map.of("http-port", "1"));
    }

    @Test
    void listsAddUpAcrossTheirNames() {
        assertThat(parse("-req-port=1 -rep-port 2,3").values()).isEqualTo(Map.of("zmq-ports", "1,2,3"));
    }

    @Test
    void aFlagTakesNoValueAndLeavesTheNextWordAlone() {
        Options.Given given = parse("--insecure one two");

        assertThat(given.values()).isEqualTo(Map.of("insecure", "true"));
        assertThat(given.words()).containsExactly("one", "two");
    }

    @Test
    void aValueMayBeginWithADash() {
        assertThat(parse("--from -1h").values()).isEqualTo(Map.of("from", "-1h"));
    }

    @ParameterizedTest
    @CsvSource({
        "--htp-port 1, did you mean --http-port?",
        "-insecur, did you mean --insecure?",
        "--nothing-near, --nothing-near",
        "--http-port, http-port",
        "--http-port 1 --port 2, once"
    })
    void whatIsWrongIsSaidInOneSentence(String line, String told) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(told)
                .hasMessageContaining("goshare help serve")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void helpShowsEachOption() {
        assertThat(options.help("Runs.")).contains("--http-port PORT").contains("--insecure");
    }

    private Options.Given parse(String line) {
        return options.parse(List.of(line.split(" ")));
    }
}
