package io.goshare.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void anyBytesComeBack() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(9)];
            random.nextBytes(bytes);

            assertThat(Text.encode(Text.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void utf8IsItself() {
        String text = "grün 😀 \u0000";

        assertThat(Text.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
        assertThat(Text.encode(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoUtf8ShowsAsTheReplacementCharacter() {
        assertThat(Text.shown(Text.decode(new byte[] {'a', (byte) 0xff, 'b'}))).isEqualTo("a\uFFFDb");
    }

    @Test
    void otherLoneSurrogatesAreNoText() {
        assertThatThrownBy(() -> Text.encode("\ud800")).hasMessageContaining("lone surrogate");
    }
}
