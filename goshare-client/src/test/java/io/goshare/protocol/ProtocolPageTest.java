package io.goshare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the reference in docs/protocol.md against the tables it is made from. Run with
 * {@code -Dgoshare.docs.write=true} to write it anew.
 */
final class ProtocolPageTest {
    private static final Path PAGE = Path.of("..", "docs", "protocol.md");
    private static final String BEGIN = "<!-- made from the table; see ProtocolPageTest -->\n";
    private static final String END = "<!-- end of what is made -->\n";

    @Test
    void theReferenceIsTheTable() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(end).isGreaterThanOrEqualTo(begin);
        if (Boolean.getBoolean("goshare.docs.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + reference() + page.substring(end));
            return;
        }

        assertThat(page.substring(begin, end)).isEqualTo(reference());
    }

    private static String reference() {
        return "### Verbs\n\n"
                + table(
                        List.of("verb", "does", "kind", "body", "parameters"),
                        Arrays.stream(Verb.values()).map(ProtocolPageTest::row).toList())
                + "\nEvery verb also takes " + names(Verb.COMMON) + "; every one that writes or administers also "
                + names(Verb.WRITING) + ".\n\n### Parameters\n\n"
                + table(
                        List.of("parameter", "type", "default", "means"),
                        Param.all().stream().map(ProtocolPageTest::row).toList())
                + "\n### Errors\n\n"
                + table(
                        List.of("code", "number", "worth a retry"),
                        Arrays.stream(ErrorCode.values())
                                .map(code -> List.of(
                                        "`" + code.word() + "`",
                                        String.valueOf(code.status()),
                                        code.retryable() ? "yes" : "no"))
                                .toList())
                + "\n";
    }

    private static List<String> row(Verb verb) {
        String body = switch (verb.body()) {
            case NONE -> "-";
            case POINTS -> "points";
            case ROWS -> "rows";
            case VALUE -> "a value, or rows";
        };
        return List.of(
                "`" + verb.word() + "`",
                verb.help(),
                verb.access().name().toLowerCase(Locale.ROOT),
                body,
                names(verb.params()));
    }

    private static <T> List<String> row(Param<T> param) {
        return List.of(
                "`" + param.name() + "`",
                param.type().replace("|", ", "),
                param.fallback().map(value -> "`" + param.print(value) + "`").orElse("-"),
                param.help().replace("|", "\\|"));
    }

    private static String names(List<Param<?>> params) {
        return params.isEmpty()
                ? "-"
                : params.stream().map(param -> "`" + param.name() + "`").collect(Collectors.joining(" "));
    }

    private static String table(List<String> head, List<List<String>> rows) {
        StringBuilder out = new StringBuilder(line(head)).append(line(Collections.nCopies(head.size(), "---")));
        rows.forEach(row -> out.append(line(row)));
        return out.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
