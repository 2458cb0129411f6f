package io.goshare.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("door:http")
final class HttpWireTest {
    @Test
    void everyRequestPrintsAndParses() {
        Samples.commands(4).forEach(command -> {
            WireRequest request = new WireRequest(command, Optional.of(Format.CSV), "", "s3cret");

            WireRequest parsed = HttpWire.parse(HttpWire.print(request));

            assertThat(parsed.command()).isEqualTo(command);
            assertThat(parsed.token()).isEqualTo("s3cret");
        });
    }

    @Test
    void whatOnlyReadsIsAGetAndWhatWritesAPost() {
        for (Verb verb : Verb.values()) {
            HttpMessage message = HttpWire.print(new WireRequest(Command.of(verb), Optional.empty(), "", null));

            assertThat(message.method()).isEqualTo(verb.access() == Verb.Access.READ ? "GET" : "POST");
        }
    }

    @Test
    void longParametersTravelAsABody() {
        Command command = Command.of(Verb.QUERY).with("sel", "é".repeat(2_500)).with(Param.LIMIT, 3L);

        HttpMessage message = HttpWire.print(new WireRequest(command, Optional.empty(), "", null));

        assertThat(message.query()).isNull();
        assertThat(HttpWire.parse(message).command()).isEqualTo(command);
    }

    @Test
    void oneKeyIsAResource() {
        assertThat(parse("GET", "/api/v1/kv/a%20b/c", null, ""))
                .isEqualTo(Command.of(Verb.GET).with(Param.FACE, "kv").with(Param.KEY, "a b/c"));
        assertThat(parse("PUT", "/api/v1/kv/k", "expire=1h", "0.50"))
                .isEqualTo(Command.of(Verb.PUT)
                        .with(Param.FACE, "kv")
                        .with(Param.KEY, "k")
                        .with("expire", "1h")
                        .with(new Body.Single(Value.decimal(50, 2))));
        assertThat(parse("DELETE", "/api/v1/kv/k", null, ""))
                .isEqualTo(Command.of(Verb.DEL).with(Param.FACE, "kv").with(Param.KEY, "k"));
    }

    @Test
    void onePathIsAResource() {
        Path path = Path.of(List.of(Text.encode("a"), Text.encode("b:c"), Text.encode("")));

        assertThat(parse("GET", "/api/v1/ns/a/b%3Ac/", "recursive&at=-1h", ""))
                .isEqualTo(Command.of(Verb.GET)
                        .with(Param.FACE, "ns")
                        .with(Param.PATH, path)
                        .with(Param.RECURSIVE, true)
                        .with("at", "-1h"));
        assertThat(parse("GET", "/api/v1/ns/a", "children", ""))
                .isEqualTo(Command.of(Verb.CHILDREN).with(Param.PATH, Path.parse("a")));
        assertThat(parse("DELETE", "/api/v1/ns/a", "recursive=true", ""))
                .isEqualTo(Command.of(Verb.DEL)
                        .with(Param.FACE, "ns")
                        .with(Param.PATH, Path.parse("a"))
                        .with(Param.RECURSIVE, true));
    }

    @Test
    void conditionsAreRevisions() {
        Map<String, String> match = new TreeMap<>(Map.of("if-match", "\"12\""));
        Map<String, String> none = new TreeMap<>(Map.of("if-none-match", "*"));

        Command over = HttpWire.parse(new HttpMessage("PUT", "/api/v1/kv/k", null, match, bytes("v")))
                .command();
        Command fresh = HttpWire.parse(new HttpMessage("PUT", "/api/v1/kv/k", null, none, bytes("v")))
                .command();

        assertThat(over.get(Param.REV)).contains(12L);
        assertThat(fresh.get(Param.REV)).contains(0L);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/put, method_not_allowed",
        "GET, /api/v1/write, method_not_allowed",
        "PUT, /api/v1/get, method_not_allowed",
        "POST, /api/v1/kv/a, method_not_allowed",
        "GET, /write, method_not_allowed",
        "GET, /api/v1/nosuch, not_found",
        "GET, /api/v1/, not_found",
        "GET, /api/v2/query, not_found",
        "GET, /api, not_found",
        "GET, /api/v1/get?key=%zz, bad_request",
        "GET, /api/v1/get?key=a&key=b, bad_request",
        "GET, /api/v1/get?kez=a, bad_request",
        "GET, /api/v1/scan?limit=x, bad_request"
    })
    void whatIsWrongIsSaid(String method, String target, String code) {
        String[] parts = target.split("\\?", 2);

        assertThatThrownBy(() -> parse(method, parts[0], parts.length > 1 ? parts[1] : null, ""))
                .isInstanceOfSatisfying(
                        GoShareException.class, e -> assertThat(e.code().word()).isEqualTo(code));
    }

    @Test
    void aQueryHasAtMost64Parameters() {
        String query = "key=a" + "&x=1".repeat(1);
        StringBuilder many = new StringBuilder(query);
        for (int i = 0; i < 70; i++) {
            many.append("&p").append(i).append("=1");
        }

        assertThatThrownBy(() -> parse("GET", "/api/v1/get", many.toString(), ""))
                .hasMessageContaining("at most 64");
    }

    @Test
    void everyCommandReadsTheSameFromAJsonObject() {
        Samples.commands(5)
                .filter(command -> command.verb().body() == Verb.BodyKind.NONE)
                .forEach(command -> {
                    HttpMessage message = new HttpMessage(
                            "POST", "/api/v1/" + command.verb().word(), null, Map.of(), Bodies.json(command.printed()));

                    assertThat(HttpWire.parse(message).command()).isEqualTo(command);
                });
    }

    @Test
    void parametersMayComeAsAJsonObject() {
        assertThat(parse("POST", "/api/v1/query", null, "{\"sel\":\"a\",\"limit\":5}"))
                .isEqualTo(Command.of(Verb.QUERY).with("sel", "a").with(Param.LIMIT, 5L));
        assertThatThrownBy(() -> parse("POST", "/api/v1/query", null, "{\"sel\":[1]}"))
                .hasMessageContaining("sel");
        assertThatThrownBy(() -> parse("POST", "/api/v1/query", null, "{\"sel\":"))
                .hasMessageContaining("no JSON");
        assertThatThrownBy(() -> parse("POST", "/api/v1/query", null, "[]")).hasMessageContaining("no JSON object");
    }

    @Test
    void wordsTravelAsHeaders() {
        TreeMap<String, String> words = new TreeMap<>(Map.of("revision", "7", "skipped_rows", "a b%ü\n"));

        Map<String, String> headers = HttpWords.headers(words);

        assertThat(headers).containsKey("X-GoShare-Skipped-Rows");
        assertThat(HttpWords.words(headers)).isEqualTo(words);
    }

    private static Command parse(String method, String path, String query, String body) {
        return HttpWire.parse(new HttpMessage(method, path, query, Map.of(), bytes(body)))
                .command();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
