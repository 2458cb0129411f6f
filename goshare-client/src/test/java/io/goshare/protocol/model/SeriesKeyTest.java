package io.goshare.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesKeyTest {
    @Test
    void aNameComesBackFromItsBytes() {
        for (SeriesKey key : new SeriesKey[] {
            SeriesKey.of(Path.parse("node:web1:cpu")),
            SeriesKey.of(Path.parse("a::x")),
            SeriesKey.of(Path.parse("a"), Map.of("x", "")),
            SeriesKey.of(Path.parse("cpu:usage"), Map.of("dc", "eu", "host", "a\u0000b\u0001c"))
        }) {
            assertThat(SeriesKey.decode(key.encoded())).isEqualTo(key);
        }
    }

    @Test
    void anEmptySegmentIsNoTag() {
        assertThat(SeriesKey.of(Path.parse("a::x")).encoded())
                .isNotEqualTo(SeriesKey.of(Path.parse("a"), Map.of("x", "")).encoded());
    }

    @Test
    void tagsAreSortedSoTheirOrderDoesNotMatter() {
        assertThat(SeriesKey.of(Path.parse("p"), Map.of("b", "2", "a", "1")).toString())
                .isEqualTo("p{a=1,b=2}");
    }

    @Test
    void aTagNeedsAName() {
        assertThatThrownBy(() -> SeriesKey.of(Path.parse("p"), Map.of("", "1"))).hasMessageContaining("has no name");
    }
}
