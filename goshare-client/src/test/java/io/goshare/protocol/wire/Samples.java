package io.goshare.protocol.wire;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random commands over the whole table of verbs and parameters. */
final class Samples {
    private static final String[] TEXTS = {
        "a",
        "node:*:cpu{dc=\"eu\",rack!~'r1.*'}",
        " ",
        "",
        "a=b&c",
        "\\",
        "100%",
        "+1",
        "x\ny\t z",
        "'",
        "\"",
        "ключ ☃ 😀",
        "\udcff\udc80",
        "a/b?c#d",
        "`$HOME`"
    };

    private Samples() {}

    /** Each verb alone, with each parameter alone, and with random sets of them. */
    static Stream<Command> commands(long seed) {
        Random random = new Random(seed);
        List<Command> out = new ArrayList<>();
        for (Verb verb : Verb.values()) {
            out.add(Command.of(verb));
            List<Param<?>> params = Param.all().stream().filter(verb::takes).toList();
            for (Param<?> param : params) {
                for (String text : values(param, random)) {
                    out.add(Command.of(verb).with(param.name(), text));
                }
            }
            for (int i = 0; i < 20; i++) {
                Command command = Command.of(verb);
                for (Param<?> param : params) {
                    if (random.nextInt(3) == 0) {
                        List<String> values = values(param, random);
                        command = command.with(param.name(), values.get(random.nextInt(values.size())));
                    }
                }
                out.add(command);
            }
        }
        return out.stream();
    }

    private static List<String> values(Param<?> param, Random random) {
        return switch (param.type()) {
            case "text" -> List.of(TEXTS);
            case "path" -> List.of("a", "a:b", "a::b", "tail:", "a\\:b:c\\*", "ключ:\udcff");
            case "selector" ->
                List.of("node:*:cpu", "node:**", "node:@host:cpu", "node:*:cpu{dc=\"eu\"}", "a'b c:ключ");
            case "time" -> List.of("-1h", "now-1d", "2014:7:1", "1404172800s", "2014-07-01T12:00:00Z");
            case "range" -> List.of("this_hour", "2014:7:1");
            case "zone" -> List.of("UTC", "Europe/Berlin");
            case "duration" -> List.of("0s", "90s", "1h30m", "1ns");
            case "integer" -> List.of("1", String.valueOf(1 + random.nextInt(1_000_000)));
            default -> List.of(param.type().split("\\|"));
        };
    }
}
