package io.goshare.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PathTest {
    @Test
    void printsWhatItParses() {
        for (String text :
                List.of("a:b:c", "a", "a::b", "tail:", ":lead", "", "x\\:y:z", "w\\*b", "\\@host", "a\\\\b")) {
            assertThat(Path.parse(text).toString()).isEqualTo(text);
        }
    }

    @Test
    void emptySegmentsAreSegments() {
        assertThat(Path.parse("a::b").segments()).hasSize(3);
        assertThat(Path.parse("tail:").segments()).hasSize(2);
        assertThat(Path.parse("").depth()).isEqualTo(1);
    }

    @Test
    void bytesOfAnyKindComeBackAndKeepTheirOrderApart() {
        Random random = new Random(7);
        Map<List<String>, Path> seen = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            List<byte[]> segments = randomSegments(random);
            Path path = Path.of(segments);

            assertThat(path.segments())
                    .usingElementComparator(java.util.Arrays::compareUnsigned)
                    .isEqualTo(segments);
            assertThat(path.depth()).isEqualTo(segments.size());
            List<String> hex =
                    segments.stream().map(java.util.HexFormat.of()::formatHex).toList();
            Path before = seen.put(hex, path);
            assertThat(before == null || before.equals(path)).isTrue();
        }
        assertThat(seen.values().stream().distinct().count()).isEqualTo(seen.size());
    }

    private static List<byte[]> randomSegments(Random random) {
        List<byte[]> segments = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            byte[] segment = new byte[random.nextInt(4)];
            for (int j = 0; j < segment.length; j++) {
                segment[j] = (byte) (random.nextBoolean() ? random.nextInt(4) : random.nextInt(256));
            }
            segments.add(segment);
        }
        return segments;
    }

    @Test
    void aSubtreeIsOneRange() {
        Random random = new Random(8);
        for (int i = 0; i < 10_000; i++) {
            Path top = Path.of(randomSegments(random));
            Path other = Path.of(randomSegments(random));
            byte[] prefix = top.subtreePrefix();

            boolean begins = other.encoded().length >= prefix.length
                    && java.util.Arrays.equals(other.encoded(), 0, prefix.length, prefix, 0, prefix.length);

            List<byte[]> below = other.segments();
            boolean inside = below.size() >= top.depth()
                    && Path.of(below.subList(0, top.depth())).equals(top);
            assertThat(begins).as("%s below %s", other, top).isEqualTo(inside);
            assertThat(top.contains(other)).isEqualTo(inside);
        }
    }

    @Test
    void theFirstGoSharesKeysAreTakenAsTheyAre() {
        byte[] key = "a\\:b::c:".getBytes(StandardCharsets.UTF_8);

        assertThat(Path.classic(key).segments()).hasSize(5);
        assertThat(Path.classic(key).classicKey()).isEqualTo(key);
    }

    @Test
    void longPathsAreRefusedOnTheNewSurfaceOnly() {
        String deep = "a:".repeat(64) + "a";

        assertThatThrownBy(() -> Path.parse(deep)).hasMessageContaining("64 segments");
        assertThat(Path.classic(deep.getBytes(StandardCharsets.UTF_8)).depth()).isEqualTo(65);
    }

    @Test
    void resolvedPathsAreTheConcatenation() {
        assertThat(Path.parse("a:b").resolve(Path.parse("c:"))).isEqualTo(Path.parse("a:b:c:"));
    }
}
