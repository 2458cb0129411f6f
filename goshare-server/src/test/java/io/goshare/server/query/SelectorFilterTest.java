package io.goshare.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Selector;
import io.goshare.server.series.NamePart;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectorFilterTest {
    private static List<NamePart> parts(String selector) {
        return new SelectorFilter(Selector.parse(selector)).parts();
    }

    private static boolean prefixSuffices(String selector) {
        return new SelectorFilter(Selector.parse(selector)).prefixSuffices();
    }

    @Test
    void segmentsAndTagsThatAreToldAreParts() {
        assertThat(parts("node:*:cpu{dc=\"eu\",rack=~\"1|2\"}"))
                .containsExactly(
                        NamePart.segment(0, false, List.of("node")),
                        NamePart.segment(2, false, List.of("cpu")),
                        NamePart.tag("dc", List.of("eu")),
                        NamePart.tag("rack", List.of("1", "2")));
    }

    @Test
    void behindAnyNumberOfSegmentsAPlaceIsTheLeast() {
        assertThat(parts("a:**:*:(web|db)x"))
                .containsExactly(
                        NamePart.segment(0, false, List.of("a")), NamePart.segment(2, true, List.of("webx", "dbx")));
    }

    @Test
    void whatThePrefixSaysOrNobodyKnowsIsNoPart() {
        for (String selector : List.of(
                "a:b",
                "a:b:**",
                "a:*",
                "**",
                "*:w?b:/x.*/",
                "*:web*",
                "**{dc!=\"eu\"}",
                "**{dc=\"\"}",
                "**{dc=~\"eu|\"}",
                "**{dc=~\"e.\"}",
                "**{dc!~\"eu\"}")) {
            assertThat(parts(selector)).as(selector).isEmpty();
        }
        String many = "(0|1|2|3|4|5|6|7|8|9)";
        assertThat(parts("*:" + many)).hasSize(1);
        assertThat(parts("*:" + many + many)).isEmpty();
    }

    @Test
    void aSubtreeNeedsNoNameToBeJudged() {
        assertThat(prefixSuffices("**")).isTrue();
        assertThat(prefixSuffices("a:b:**")).isTrue();
        assertThat(prefixSuffices("a:b")).isFalse();
        assertThat(prefixSuffices("a:*:**")).isFalse();
        assertThat(prefixSuffices("a:**{dc=\"eu\"}")).isFalse();
    }
}
