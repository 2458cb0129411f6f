package io.goshare.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void parametersPrintBackToWhatWasParsed() {
        Command command = Command.of(Verb.QUERY)
                .with("sel", "node:*:cpu")
                .with("every", "1m")
                .with("limit", "5");

        Command again = Command.of(Verb.QUERY);
        for (Map.Entry<String, String> arg : command.printed().entrySet()) {
            again = again.with(arg.getKey(), arg.getValue());
        }
        assertThat(again).isEqualTo(command);
    }

    @Test
    void aMisspeltParameterIsToldWithTheNearestName() {
        assertThatThrownBy(() -> Command.of(Verb.QUERY).with("evry", "1m"))
                .isInstanceOf(GoShareException.class)
                .hasMessageContaining("did you mean every?")
                .extracting("field")
                .isEqualTo("evry");
    }

    @Test
    void aParameterOfAnotherVerbIsRefused() {
        assertThatThrownBy(() -> Command.of(Verb.GET).with("every", "1m")).hasMessageContaining("get takes no every");
        assertThatThrownBy(() -> Command.of(Verb.QUERY).with("request", "x")).hasMessageContaining("takes no request");
    }

    @Test
    void aParameterGivenTwiceIsRefused() {
        assertThatThrownBy(() -> Command.of(Verb.QUERY).with("limit", "1").with("limit", "1"))
                .hasMessageContaining("given twice");
    }

    @Test
    void aMalformedValueIsToldWithWhatItShouldBe() {
        assertThatThrownBy(() -> Command.of(Verb.QUERY).with("limit", "many"))
                .hasMessage("limit=many is no integer; it is rows of a page at most, 1 to 1,000,000");
    }

    @Test
    void defaultsStandWhereNothingIsGiven() {
        assertThat(Command.of(Verb.QUERY).require(Param.LIMIT)).isEqualTo(10_000L);
        assertThat(Command.of(Verb.QUERY).has(Param.LIMIT)).isFalse();
        assertThatThrownBy(() -> Command.of(Verb.QUERY).require(Param.SEL)).hasMessageContaining("query needs sel=");
    }

    @Test
    void everyParameterOfEveryVerbIsInTheTableOnce() {
        for (Verb verb : Verb.values()) {
            assertThat(Param.all().stream().filter(verb::takes).map(Param::name))
                    .doesNotHaveDuplicates();
        }
        for (Verb verb : Verb.values()) {
            assertThat(verb.params()).doesNotHaveDuplicates();
            assertThat(Verb.named(verb.word())).hasValue(verb);
        }
    }
}
