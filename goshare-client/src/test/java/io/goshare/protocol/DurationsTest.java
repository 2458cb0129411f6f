package io.goshare.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @Test
    void sumsOfUnitsAreRead() {
        assertThat(Durations.parse("1h30m")).isEqualTo(5_400_000_000_000L);
        assertThat(Durations.parse("500ms")).isEqualTo(500_000_000L);
        assertThat(Durations.parse("7ns")).isEqualTo(7);
    }

    @Test
    void printedDurationsComeBack() {
        Random random = new Random(9);
        for (int i = 0; i < 10_000; i++) {
            long nanos = random.nextLong() >>> (1 + random.nextInt(60));
            assertThat(Durations.parse(Durations.print(nanos))).isEqualTo(nanos);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "5x", "-5m", "1.5h", "99999999999w", "1h 2m"})
    void allElseIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
