package io.goshare.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SelectorTest {
    private static SeriesKey key(String path, String... tags) {
        Map<String, String> map = new java.util.TreeMap<>();
        for (int i = 0; i < tags.length; i += 2) {
            map.put(tags[i], tags[i + 1]);
        }
        return SeriesKey.of(Path.parse(path), map);
    }

    private static boolean matches(String selector, String path, String... tags) {
        return Selector.parse(selector).matches(key(path, tags));
    }

    @Test
    void literalsMatchThatPathAlone() {
        assertThat(matches("node:web1:cpu", "node:web1:cpu")).isTrue();
        assertThat(matches("node:web1:cpu", "node:web1:cpu", "dc", "eu")).isTrue();
        assertThat(matches("node:web1", "node:web1:cpu")).isFalse();
        assertThat(matches("node:web1:cpu", "node:web1")).isFalse();
        assertThat(matches("a::b", "a::b")).isTrue();
        assertThat(matches("a:\\*", "a:\\*")).isTrue();
        assertThat(matches("a:\\*", "a:b")).isFalse();
    }

    @Test
    void globsStayInsideTheirSegment() {
        assertThat(matches("node:*:cpu", "node:web1:cpu")).isTrue();
        assertThat(matches("node:*:cpu", "node:a:b:cpu")).isFalse();
        assertThat(matches("node:web*", "node:web12")).isTrue();
        assertThat(matches("node:web?", "node:web12")).isFalse();
        assertThat(matches("node:w?b*1", "node:web-x1")).isTrue();
        assertThat(matches("node:(web|db)*:disk:*", "node:db7:disk:sda")).isTrue();
        assertThat(matches("node:(web|db)*:disk:*", "node:app7:disk:sda")).isFalse();
        assertThat(matches("(a*|?)z", "abcz")).isTrue();
        assertThat(matches("node:w.b", "node:web")).isFalse();
    }

    @Test
    void twoStarsTakeAnyDepth() {
        assertThat(matches("**", "a")).isTrue();
        assertThat(matches("**", "a:b:c")).isTrue();
        assertThat(matches("node:**", "node")).isTrue();
        assertThat(matches("node:**:cpu", "node:cpu")).isTrue();
        assertThat(matches("node:**:cpu", "node:a:cpu:b:cpu")).isTrue();
        assertThat(matches("**:cpu:**:x", "a:cpu:b:cpu:x")).isTrue();
        assertThat(matches("**:cpu:*", "a:cpu")).isFalse();
    }

    @Test
    void expressionsTakeTheWholeSegment() {
        assertThat(matches("node:/web[0-9]+/:cpu", "node:web12:cpu")).isTrue();
        assertThat(matches("node:/web[0-9]/:cpu", "node:web12:cpu")).isFalse();
        assertThat(matches("/a\\/(b:c|d)/", "a/d")).isTrue();
    }

    @Test
    void tagsAreMatchedAndAMissingOneIsEmpty() {
        assertThat(matches("**{dc=\"eu\"}", "a", "dc", "eu")).isTrue();
        assertThat(matches("**{dc=eu,rack!~r1.*}", "a", "dc", "eu", "rack", "r2"))
                .isTrue();
        assertThat(matches("**{dc=eu,rack!~r1.*}", "a", "dc", "eu", "rack", "r17"))
                .isFalse();
        assertThat(matches("**{dc!=eu}", "a")).isTrue();
        assertThat(matches("**{dc=\"\"}", "a", "dc", "eu")).isFalse();
        assertThat(matches("**{dc=~\"e\\w\"}", "a", "dc", "eu")).isTrue();
        assertThat(matches("**{ dc = \"a\\\"b,}\" , x=1 }", "a", "dc", "a\"b,}", "x", "1"))
                .isTrue();
    }

    @Test
    void capturesNameSegments() {
        Selector selector = Selector.parse("node:@host:**:@metric");

        assertThat(selector.labels()).containsExactly("host", "metric");
        assertThat(selector.capture(key("node:web1:a:b:cpu"))).isEqualTo(Map.of("host", "web1", "metric", "cpu"));
        assertThat(selector.capture(key("other:web1:cpu"))).isEmpty();
    }

    @Test
    void prefixIsWhatEveryMatchBeginsWith() {
        assertThat(Selector.parse("a:b").exact()).contains(Path.parse("a:b"));
        assertThat(Selector.parse("a:*").exact()).isEmpty();
        assertThat(Selector.parse("a:b").literalPrefix())
                .isEqualTo(Path.parse("a:b").encoded());
        assertThat(Selector.parse("a:b*:c").literalPrefix()).isEqualTo("a\0b".getBytes(StandardCharsets.UTF_8));
        assertThat(Selector.parse("a:**").literalPrefix()).isEqualTo("a\0".getBytes(StandardCharsets.UTF_8));
        assertThat(Selector.parse("*:b").literalPrefix()).isEmpty();
        assertThat(Selector.subtree(Path.parse("a:b"))).isEqualTo(Selector.parse("a:b:**"));
        assertThat(Selector.at(Path.parse("a:\\*"))).isEqualTo(Selector.parse("a:\\*"));
    }

    @Test
    void errorsNamePositionAndRemedy() {
        assertWrong("", "** selects every series");
        assertWrong("a:b**", "character 5", "** stands alone");
        assertWrong("a:(b|c", "character 3", "close them with )");
        assertWrong("a:/b", "character 3", "close it with /");
        assertWrong("a:/(b/", "character 3", "no regular expression");
        assertWrong("a:@", "@ wants a name");
        assertWrong("a:@h*", "whole segment");
        assertWrong("@h:@h", "twice");
        assertWrong("a{dc}", "character 5", "=, !=, =~ or !~");
        assertWrong("a{dc=eu", "character 2", "close them with }");
        assertWrong("a{dc=eu}:b", "nothing may stand behind }");
        assertWrong("a{=eu}", "name is missing");
        assertWrong("a|b", "write \\| for a literal one");
        assertWrong("a\\", "lone backslash");
        assertWrong("a{x=~\"(\"}", "no regular expression");
        assertWrong("(a|(b))", "alternatives inside");
    }

    private static void assertWrong(String selector, String... parts) {
        assertThatThrownBy(() -> Selector.parse(selector))
                .as(selector)
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    @Test
    void expressionsMadeToExplodeDoNot() {
        Selector selector = Selector.parse("/(a*)*(a|aa)+b/:(a*|a?)*a*a*a*a*a*c");
        SeriesKey key = key("a".repeat(1500) + ":" + "a".repeat(1500));

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThat(selector.matches(key)).isFalse());
    }

    @Test
    void printedSelectorsReadBackEqual() {
        Random random = new Random(11);
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            String text = randomText(random);
            Selector selector;
            try {
                selector = Selector.parse(text);
            } catch (IllegalArgumentException e) {
                continue;
            }
            read++;
            assertThat(Selector.parse(selector.toString())).as(text).isEqualTo(selector);
        }
        assertThat(read).isGreaterThan(4_000);
    }

    private static String randomText(Random random) {
        String[] parts = {
            "a", "b", ":", "*", "?", "**", "@h", "(", "|", ")", "/", "\\", "{", "}", "=", "!=", "=~", "\"", ",", " ",
            "é"
        };
        StringBuilder text = new StringBuilder();
        if (random.nextInt(3) == 0) {
            String[] whole = {"a", ":", "(a|*b)", "/a\\/b/:", "@h:", "**:", "\\:", "\\@"};
            for (int i = random.nextInt(5); i >= 0; i--) {
                text.append(whole[random.nextInt(whole.length)]);
            }
            text.append("{");
        }
        for (int i = random.nextInt(9); i >= 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return random.nextInt(3) == 0 ? text + "}" : text.toString();
    }

    @Test
    void eachPathIsItsOwnSelector() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] segment = new byte[random.nextInt(5)];
            for (int j = 0; j < segment.length; j++) {
                segment[j] =
                        (byte) (random.nextBoolean() ? "@/{}()|*?\\:".charAt(random.nextInt(11)) : random.nextInt());
            }
            Path path = random.nextBoolean()
                    ? Path.of(List.of(segment))
                    : Path.of(List.of(segment, "x".getBytes(StandardCharsets.UTF_8), segment));
            Selector selector = Selector.at(path);

            assertThat(Selector.parse(selector.toString())).isEqualTo(selector);
            assertThat(selector.exact()).contains(path);
            assertThat(selector.matches(path)).isTrue();
            if (path.depth() > 1 || segment.length > 0) {
                assertThat(Selector.parse(path.toString())).isEqualTo(selector);
            }
        }
    }

    /** Against all ways to spread the segments, tried one after the other. */
    @Test
    void matchesAsASearchOfAllWaysWould() {
        Random random = new Random(5);
        String[] patterns = {"a", "b", "*", "**", "@h", "a*"};
        String[] segments = {"a", "b", "ab"};
        int matched = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder pattern = new StringBuilder(patterns[random.nextInt(4)]);
            boolean labelled = false;
            for (int j = random.nextInt(5); j > 0; j--) {
                String next = patterns[random.nextInt(patterns.length)];
                pattern.append(':').append(next.equals("@h") && labelled ? "*" : next);
                labelled |= next.equals("@h");
            }
            StringBuilder path = new StringBuilder(segments[random.nextInt(3)]);
            for (int j = random.nextInt(6); j > 0; j--) {
                path.append(':').append(segments[random.nextInt(3)]);
            }
            boolean expected = search(
                    List.of(pattern.toString().split(":")),
                    List.of(path.toString().split(":")));

            assertThat(matches(pattern.toString(), path.toString()))
                    .as(pattern + " " + path)
                    .isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isGreaterThan(1_500);
    }

    private static boolean search(List<String> patterns, List<String> segments) {
        if (patterns.isEmpty()) {
            return segments.isEmpty();
        }
        String first = patterns.get(0);
        List<String> rest = patterns.subList(1, patterns.size());
        if (first.equals("**")) {
            for (int i = 0; i <= segments.size(); i++) {
                if (search(rest, segments.subList(i, segments.size()))) {
                    return true;
                }
            }
            return false;
        }
        return !segments.isEmpty()
                && (first.equals("*")
                        || first.startsWith("@")
                        || first.equals(segments.get(0))
                        || first.equals("a*") && segments.get(0).startsWith("a"))
                && search(rest, segments.subList(1, segments.size()));
    }
}
