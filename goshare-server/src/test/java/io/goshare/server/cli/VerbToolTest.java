package io.goshare.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.wire.HttpMessage;
import io.goshare.protocol.wire.HttpWire;
import io.goshare.protocol.wire.WireRequest;
import io.goshare.protocol.wire.ZeroMqWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VerbToolTest {
    private static final int ROUNDS = 50;
    private static final Pattern EXAMPLE = Pattern.compile("```query\n(.*)\n```");

    @Test
    void everyCommandReadsTheSameFromACommandLine() throws IOException {
        Random random = new Random(6);
        int read = 0;
        List<Verb> verbs = Arrays.stream(Verb.values())
                .filter(verb -> verb.body() == Verb.BodyKind.NONE) // others read standard input
                .toList();
        for (Verb verb : verbs) {
            List<Param<?>> params = Param.all().stream()
                    .filter(param -> verb.takes(param) && param != Param.FMT)
                    .toList();
            for (int i = 0; i < ROUNDS; i++) {
                Command command = Command.of(verb);
                for (Param<?> param : params) {
                    List<String> values = values(param);
                    if (random.nextInt(3) == 0) {
                        command = command.with(param.name(), values.get(random.nextInt(values.size())));
                    }
                }

                assertThat(VerbTool.of(verb, line(command)).command()).isEqualTo(command);
                read++;
            }
        }
        assertThat(read).isEqualTo(verbs.size() * ROUNDS);
    }

    /** As HTTP parameters, as a JSON object, as ZeroMQ's words and on a command line. */
    @Test
    void theExamplesOfTheQueriesPageReadTheSameInEverySpelling() throws IOException {
        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("..", "docs", "queries.md")))
                .results()
                .map(example -> example.group(1))
                .toList();
        assertThat(examples).hasSizeGreaterThan(45);
        for (String example : examples) {
            Command command = command(example);
            WireRequest request = new WireRequest(command, Optional.empty(), "", null);
            HttpMessage object = new HttpMessage(
                    "POST",
                    "/api/v1/" + command.verb().word(),
                    null,
                    Map.of(),
                    new ObjectMapper().writeValueAsBytes(command.printed()));

            assertThat(HttpWire.parse(HttpWire.print(request)).command()).isEqualTo(command);
            assertThat(HttpWire.parse(object).command()).isEqualTo(command);
            assertThat(ZeroMqWire.parse(ZeroMqWire.print(request)).command()).isEqualTo(command);
            assertThat(ZeroMqWire.parse(List.of(Text.encode(example))).command())
                    .isEqualTo(command);
            assertThat(VerbTool.of(command.verb(), line(command)).command()).isEqualTo(command);
        }
    }

    /** The words of an example; a backslash keeps a blank. */
    private static Command command(String words) {
        String[] parts = words.split("(?<!\\\\) ");
        Command command = Command.of(Verb.named(parts[0]).orElseThrow());
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            String[] pair = part.replace("\\ ", " ").split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    /** Flags stand alone, all else has its value behind it; what a verb is about may stand without its name. */
    private static List<String> line(Command command) {
        List<String> words = new ArrayList<>();
        command.printed().forEach((name, value) -> {
            boolean isFlag = value.equals("true")
                    && command.verb().param(name).orElseThrow().type().equals("true|false");
            words.add("--" + name.replace('_', '-'));
            if (!isFlag) {
                words.add(value);
            }
        });
        return words;
    }

    private static List<String> values(Param<?> param) {
        return switch (param.type()) {
            case "text" -> List.of("a", "a b", "", "x=y", "it's \"q\" $HOME", "node:web1:state=down and not b>90");
            case "path" -> List.of("a", "a:b", "a\\:b:c");
            case "selector" -> List.of("node:*:cpu", "node:@host:**", "node:*:cpu{dc=\"eu\"}");
            case "time" -> List.of("-1h", "2014:7:1", "2014-07-01T12:00:00Z");
            case "range" -> List.of("this_hour", "2014:7:1");
            case "zone" -> List.of("UTC", "Europe/Berlin");
            case "duration" -> List.of("90s", "1h30m");
            case "integer" -> List.of("1", "7");
            case "true|false" -> List.of("true");
            default -> List.of(param.type().split("\\|"));
        };
    }
}
