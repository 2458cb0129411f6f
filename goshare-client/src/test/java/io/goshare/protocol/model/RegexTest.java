package io.goshare.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "((x{1000}){1000}){100}",
                "(x{100}){101}",
                "(?:(?i)[a-z]{1000}){11}",
                "([]]{1000}){11}",
                "([^]a]{1000}){11}",
                "([[:alpha:]]{1000}){11}",
                "(\\p{Greek}{1000}){11}",
                "(\\x{10FFFF}{1000}){11}",
                "(\\({1000}){11}",
                "(\\Q)\\E{1000}){11}",
                "((x{1000,}){500,1000})",
                "(((((((x{9}){9}){9}){9}){9}){9}){9})"
            })
    void whatGrowsWithoutBoundIsRefused(String text) {
        assertThatThrownBy(() -> Regex.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fewer or smaller");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$", "x{1000}", "(abc){1,1000}", "[{]{3}", "a{,5}", "\\Qx{1000}{1000}{1000}\\E", "()"})
    void whatPeopleWriteIsTaken(String text) {
        assertThat(Regex.parse(text).finds("y".repeat(100))).isIn(true, false);
    }

    /** RE2 itself counts no fewer than half of what is counted here, and no more. */
    @Test
    void theSizeIsThatOfTheProgram() {
        for (String text : new String[] {"x{1000}", "(x{30}y){40}", "(a|b){100}", "[a-z]{7,90}", "(((ab){9}){9}){9}"}) {
            int instructions = com.google.re2j.Pattern.compile(text).programSize();

            assertThat(RegexSize.of(text)).as(text).isBetween(instructions / 2L - 5, instructions * 2L);
        }
    }
}
