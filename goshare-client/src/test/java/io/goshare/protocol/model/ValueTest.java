package io.goshare.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
    private static Value infer(String text) {
        return Value.infer(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "0,INTEGER",
        "-7,INTEGER",
        "9223372036854775807,INTEGER",
        "0.50,DECIMAL",
        "58.25,DECIMAL",
        "-0.5,DECIMAL"
    })
    void numbersRememberTheirDigits(String text, Kind kind) {
        Value value = infer(text);

        assertThat(value.kind()).isEqualTo(kind);
        assertThat(value.asText()).isEqualTo(text);
        assertThat(value.asDouble()).isEqualTo(Double.parseDouble(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "007",
                "1e5",
                "1.",
                ".5",
                "-0",
                "-0.0",
                "+1",
                " 1",
                "1 ",
                "9223372036854775808",
                "12345678901234567890",
                "0x10",
                "1.2.3",
                "true",
                "NaN",
                "0.12345678901234567891"
            })
    void allElseIsText(String text) {
        assertThat(infer(text)).isEqualTo(Value.of(text));
    }

    @Test
    void everyInferredNumberIsExact() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            String text = Long.toString(random.nextLong() >> random.nextInt(60));
            int scale = random.nextInt(6);
            if (scale > 0 && text.length() > scale + 2) {
                text = text.substring(0, text.length() - scale) + "." + text.substring(text.length() - scale);
            }
            Value value = infer(text);

            assertThat(value.asText()).isEqualTo(text);
            if (value.kind().isNumber() && value.kind() == Kind.DECIMAL) {
                assertThat(value.asDouble()).isEqualTo(Double.parseDouble(text));
            }
        }
    }

    /** Digits are tried one after another, until the double comes back. */
    private static String printedSlowly(double number) {
        BigDecimal shortest = null;
        for (int precision = 1; shortest == null; precision++) {
            BigDecimal tried = new BigDecimal(number, new MathContext(precision, RoundingMode.HALF_EVEN));
            shortest = tried.doubleValue() == number ? tried.stripTrailingZeros() : null;
        }
        if (shortest.scale() <= 0 && shortest.precision() - shortest.scale() <= 17) {
            return shortest.toBigInteger() + ".0";
        }
        return shortest.scale() > 0 && shortest.scale() <= 22 ? shortest.toPlainString() : shortest.toString();
    }

    @Test
    void doublesPrintTheFewestDigitsThatGiveThemBack() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            double number = switch (i % 4) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> random.nextInt(1_000_000) / 100.0;
                case 2 -> random.nextInt(100_000) / (1.0 + random.nextInt(5000));
                default -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            };
            if (Double.isFinite(number) && number != 0) {
                assertThat(Value.printDouble(number)).isEqualTo(printedSlowly(number));
            }
        }
        for (long bits = 1; bits < 2000; bits++) {
            double subnormal = Double.longBitsToDouble(bits * 37);
            assertThat(Value.printDouble(subnormal)).isEqualTo(printedSlowly(subnormal));
        }
    }

    @Test
    void doublesPrintTheShortestDigitsThatComeBack() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number)) {
                assertThat(Double.parseDouble(Value.printDouble(number))).isEqualTo(number);
            }
        }
        assertThat(Value.printDouble(0.1)).isEqualTo("0.1");
        assertThat(Value.printDouble(100)).isEqualTo("100.0");
        assertThat(Value.printDouble(2e-3)).isEqualTo("0.002");
        assertThat(Value.printDouble(-0.0)).isEqualTo("-0.0");
        assertThat(Value.printDouble(Double.MIN_VALUE)).isEqualTo("5E-324");
        assertThat(Value.printDouble(Double.NaN)).isEqualTo("NaN");
    }

    @Test
    void equalityIsExactPerType() {
        assertThat(infer("0.50")).isEqualTo(infer("0.5")).hasSameHashCodeAs(infer("0.5"));
        assertThat(Value.of(0.5)).isEqualTo(infer("0.5")).hasSameHashCodeAs(infer("0.5"));
        assertThat(Value.of(1L)).isNotEqualTo(Value.of(1.0));
        assertThat(Value.of(-0.0)).isNotEqualTo(Value.of(0.0));
        assertThat(Value.of(Double.NaN)).isEqualTo(Value.of(Double.NaN));
        assertThat(Value.of("1")).isNotEqualTo(Value.of(1L));
        assertThat(Value.of("a".getBytes(StandardCharsets.UTF_8))).isNotEqualTo(Value.of("a"));
    }

    @Test
    void aDecimalThatNoDoubleGivesBackIsRefused() {
        assertThatThrownBy(() -> Value.decimal(Long.MAX_VALUE, 18)).hasMessageContaining("not exact");
        assertThatThrownBy(() -> Value.decimal(1, 19)).hasMessageContaining("not exact");
    }
}
