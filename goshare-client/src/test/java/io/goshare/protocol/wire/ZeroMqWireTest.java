package io.goshare.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("door:zmq")
final class ZeroMqWireTest {
    @Test
    void everyRequestPrintsAndParses() {
        Samples.commands(3).forEach(command -> {
            WireRequest request = new WireRequest(command, Optional.empty(), "7 'x'", "s3cret");

            WireRequest parsed = ZeroMqWire.parse(ZeroMqWire.print(request));

            assertThat(parsed.command()).isEqualTo(command);
            assertThat(parsed.id()).isEqualTo("7 'x'");
            assertThat(parsed.token()).isEqualTo("s3cret");
        });
    }

    @Test
    void theBodyIsAllFramesBehindTheFirst() {
        List<byte[]> frames = frames("put key=a", "4", "2.50");

        Command command = ZeroMqWire.parse(frames).command();

        assertThat(command)
                .isEqualTo(Command.of(Verb.PUT).with(Param.KEY, "a").with(new Body.Single(Value.decimal(4250, 2))));
    }

    @Test
    void repliesKeepTheirResultAndNotes() {
        Reply reply =
                Reply.of(new Result.Single(Value.of(42L))).with("revision", 7).with("cursor", "a b'c");

        ZeroMqWire.Received received =
                ZeroMqWire.parseReply(ZeroMqWire.print(WireReply.of(reply, Optional.empty(), "ns"), "id 1"));

        assertThat(received.id()).isEqualTo("id 1");
        assertThat(received.reply().read()).isEqualTo(reply);
    }

    @Test
    void errorsComeBackAsTheyWere() {
        GoShareException error =
                new GoShareException(ErrorCode.INVALID_ROWS, "row 3: \"zeit\" is no time", "time", 3, null);

        ZeroMqWire.Received received =
                ZeroMqWire.parseReply(ZeroMqWire.print(WireReply.of(error, Optional.empty(), ""), ""));

        assertThatThrownBy(() -> received.reply().read()).isInstanceOfSatisfying(GoShareException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ROWS);
            assertThat(e).hasMessage(error.getMessage());
            assertThat(e.field()).isEqualTo("time");
            assertThat(e.row()).isEqualTo(3);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "push default a 1",
                "read default a",
                "delete ns a",
                "push",
                " read\tns a",
                "\u00a0push default a b",
                "foo",
                "",
                "   ",
                "get key",
                "query sel=a from",
                "GET key=a",
                "query 'sel=a b' c"
            })
    void theFirstGoSharesWordsAreKnown(String text) {
        assertThat(ZeroMqWire.isClassic(frames(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get key=a", "health", "query 'sel=a b' from=-1h", "get 'key=open", "info\n"})
    void theNewSurfacesWordsAreKnown(String text) {
        assertThat(ZeroMqWire.isClassic(frames(text))).isFalse();
    }

    @Test
    void moreThanOneFrameIsNeverTheFirstGoShares() {
        assertThat(ZeroMqWire.isClassic(frames("push default a 1", "x"))).isFalse();
        assertThatThrownBy(() -> ZeroMqWire.parse(frames("push default a 1", "x")))
                .isInstanceOfSatisfying(
                        GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void aMalformedRequestStillTellsItsId() {
        assertThat(ZeroMqWire.idOf(frames("get nonsense=1 id=9"))).isEqualTo("9");
        assertThat(ZeroMqWire.idOf(frames("get 'key"))).isEmpty();
    }

    private static List<byte[]> frames(String... texts) {
        List<byte[]> frames = new ArrayList<>();
        for (String text : texts) {
            frames.add(Text.encode(text));
        }
        return frames;
    }
}
