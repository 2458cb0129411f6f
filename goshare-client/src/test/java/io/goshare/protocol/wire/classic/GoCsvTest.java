package io.goshare.protocol.wire.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GoCsvTest {
    @Test
    void rowsAreGos() throws MalformedDataException {
        assertThat(GoCsv.parse("a,1\r\nb,2\n\n\r\nc,3,4\n#d,\n"))
                .isEqualTo(List.of(List.of("a", "1"), List.of("b", "2"), List.of("c", "3", "4"), List.of("#d", "")));
        assertThat(GoCsv.parse("\"a\"\"b\",\"x\r\ny\",\"\"\n, z"))
                .isEqualTo(List.of(List.of("a\"b", "x\ny", ""), List.of("", " z")));
        assertThat(GoCsv.parse("a\rb,c\r\r\nd")).isEqualTo(List.of(List.of("a\rb", "c\r"), List.of("d")));
        assertThat(GoCsv.parse("  \n ")).isEmpty();
        assertThat(GoCsv.parse("a\n \nb")).isEqualTo(List.of(List.of("a"), List.of(" "), List.of("b")));
        assertThat(GoCsv.parse(",")).isEqualTo(List.of(List.of("", "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\"b", "\"open", "\"a\"b", "\"a\" ,b", "a, \"b\"", "a,b\"", "\"\"\"", "x,1\ny\"z,2", "\"a\"\rb"
            })
    void aQuoteOutOfPlaceIsAnError(String text) {
        assertThatThrownBy(() -> GoCsv.parse(text))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageStartingWith("row ");
    }

    @Test
    void fieldsAreQuotedWhereGoDoesIt() {
        assertThat(written("a,b")).isEqualTo("\"a,b\"");
        assertThat(written("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(written("l1\r l2")).isEqualTo("\"l1\r l2\"");
        assertThat(written("\u00a0x")).isEqualTo("\"\u00a0x\"");
        assertThat(written("\\.")).isEqualTo("\"\\.\"");
        assertThat(written("x ")).isEqualTo("x ");
        assertThat(written("")).isEmpty();
        assertThat(written("a\\.\tb;#'")).isEqualTo("a\\.\tb;#'");
    }

    @Test
    void timeIsLinear() {
        String commas = "a,".repeat(2_000_000);
        String quotes = "\"" + "\"\"".repeat(2_000_000) + "\"";

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(GoCsv.parse(commas).get(0)).hasSize(2_000_001);
            assertThat(GoCsv.parse(quotes).get(0).get(0)).hasSize(2_000_000);
        });
    }

    private static String written(String field) {
        StringBuilder out = new StringBuilder();
        GoCsv.write(field, out);
        return out.toString();
    }
}
