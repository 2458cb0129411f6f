package io.goshare.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandWordsTest {
    @Test
    void everyCommandPrintsAndParses() {
        long count = Samples.commands(1)
                .peek(command -> assertThat(CommandWords.parse(CommandWords.split(CommandWords.print(command))))
                        .isEqualTo(command))
                .count();

        assertThat(count).isGreaterThan(1_000);
    }

    @Test
    void everyWordIsQuotedSoThatItComesBack() {
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = random.nextInt(8); n > 0; n--) {
                word.append(pick(random));
            }

            assertThat(CommandWords.split(CommandWords.quote(word.toString()) + " x"))
                    .containsExactly(word.toString(), "x");
        }
    }

    private static String pick(Random random) {
        String[] pieces = {"a", " ", "\t", "\n", "'", "\"", "\\", "=", "$", "é", "😀", "\udcfe", "{", "*"};
        return pieces[random.nextInt(pieces.length)];
    }

    @Test
    void quotesAreThoseOfAShell() {
        assertThat(CommandWords.split("query 'sel=a b' \"x=\\\"q\\\" c\" y=a\\ b z='it'\\''s' w=\"\""))
                .isEqualTo(List.of("query", "sel=a b", "x=\"q\" c", "y=a b", "z=it's", "w="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"query 'sel", "query \"sel", "query sel\\", "", "  ", "query sel", "query =x"})
    void malformedCommandsAreRefused(String text) {
        assertThatThrownBy(() -> CommandWords.parse(CommandWords.split(text)))
                .isInstanceOfSatisfying(GoShareException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                    assertThat(e).hasMessageContaining("verb name=value");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "querry, not_found, did you mean query?",
        "query froms=x, bad_request, query takes no froms; did you mean from?",
        "get key=a key=b, bad_request, given twice",
        "scan limit=0, bad_request, between 1 and"
    })
    void theErrorSaysWhatToWriteInstead(String text, String code, String hint) {
        assertThatThrownBy(() -> CommandWords.parse(CommandWords.split(text)))
                .isInstanceOfSatisfying(GoShareException.class, e -> {
                    assertThat(e.code().word()).isEqualTo(code);
                    assertThat(e).hasMessageContaining(hint);
                });
    }

    @Test
    void aCommandInWordsIsBounded() {
        Command parsed = CommandWords.parse(CommandWords.split("get key=" + "k".repeat(60_000)));

        assertThat(parsed.printed().get("key")).hasSize(60_000);
        assertThatThrownBy(() -> CommandWords.split("get key=" + "k".repeat(65_536)))
                .isInstanceOfSatisfying(
                        GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }
}
