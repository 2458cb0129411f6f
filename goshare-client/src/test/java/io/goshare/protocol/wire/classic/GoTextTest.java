package io.goshare.protocol.wire.classic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GoTextTest {
    @ParameterizedTest
    @CsvSource({
        "007, 7",
        "+5, 5",
        "-5, -5",
        "-0, 0",
        "'', 0",
        "-, 0",
        "+, 0",
        "Feb, 0",
        "0x10, 0",
        "2014.5, 0",
        "'2014 ', 0",
        "1_000, 0",
        "--1, 0",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "-99999999999999999999, -9223372036854775808",
        "99999999999999999999, 9223372036854775807",
        "9999999999999999999x, 0",
        "99999999999999999999x, 9223372036854775807",
        "18446744073709551615, 9223372036854775807",
        "18446744073709551615x, 0",
        "٣, 0"
    })
    void integersAreGosWithTheErrorIgnored(String text, long number) {
        assertThat(GoText.atoi(text)).isEqualTo(number);
    }

    @Test
    void wordsArePartedByAnyUnicodeBlankAndByNothingElse() {
        assertThat(GoText.fields("\u00a0a\u2003b\u3000c\u0085d\u1680e\u2028f\u200bg\ufeffh\udc85i "))
                .isEqualTo(List.of("a", "b", "c", "d", "e", "f\u200bg\ufeffh\udc85i"));
        assertThat(GoText.fields(" \t\n")).isEmpty();
        assertThat(GoText.trim("\u3000 a b\u00a0\n")).isEqualTo("a b");
    }

    @Test
    void quotingIsGos() {
        assertThat(quoted("a\"b\\c\td\ne\rf\u0007\b\f\u000b")).isEqualTo("\"a\\\"b\\\\c\\td\\ne\\rf\\a\\b\\f\\v\"");
        assertThat(quoted("\u0001\u007f\udcff\u00a0\u200b\ufeff\ue000😀é☃ "))
                .isEqualTo("\"\\x01\\x7f\\xff\\u00a0\\u200b\\ufeff\\ue000😀é☃ \"");
        assertThat(quoted(new String(Character.toChars(0xE0001)))).isEqualTo("\"\\U000e0001\"");
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        GoText.quote(text, out);
        return out.toString();
    }
}
