package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Log, differences and explanations over each door, in each encoding, are those of the handler behind it. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class TimeTravelIT {
    @RegisterExtension
    final ServerExtension server = ServerExtension.on("leveldb");

    private static Command command(Verb verb, String... words) {
        Command command = Command.of(verb);
        for (String word : words) {
            String[] pair = word.split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    @ParameterizedTest
    @CsvSource({"http,json", "http,csv", "zmq,json", "zmq,msgpack"})
    void theDoorsTellWhatTheHandlerDoes(String door, String format) {
        CommandHandler handler = server.server().handler();
        try (Transport store = server.connect(door)) {
            run(store, command(Verb.PUT, "path=site:owner", "value=ann"));
            run(store, command(Verb.PUT, "path=site:disk", "value=ok"));
            String before = since(run(store, command(Verb.GET, "path=site:disk")));
            run(store, command(Verb.PUT, "path=site:owner", "value=bob"));
            run(store, command(Verb.DEL, "path=site:disk"));

            for (Command asked : List.of(
                    command(Verb.LOG, "path=site"),
                    command(Verb.LOG, "path=site", "order=desc", "limit=2"),
                    command(Verb.DIFF, "path=site", "from=" + before + "ns"),
                    command(Verb.EXPLAIN, "path=site", "around=" + before + "ns", "radius=1h"))) {
                Reply told = run(store, asked.with("fmt", format));

                assertThat(rows(told))
                        .as(asked.verb().word())
                        .isEqualTo(rows(run(handler, asked)))
                        .isNotEmpty();
            }
            assertThat(rows(run(store, command(Verb.DIFF, "path=site", "from=" + before + "ns")))
                            .toString())
                    .contains("removed", "changed", "ann", "bob");
            assertThatThrownBy(() -> run(store, command(Verb.DIFF, "path=site", "from=2015", "to=2014")))
                    .hasMessageContaining("exchange them");
        }
    }

    private static String since(Reply reply) {
        return String.valueOf(reply.notes().get("since"));
    }

    private static Reply run(CommandHandler handler, Command command) {
        return handler.handle(command).join();
    }

    private static List<String> rows(Reply reply) {
        Table table = ((Result.Rows) reply.result()).table();
        List<String> rows = new ArrayList<>();
        for (@Nullable Value[] row : table.rows()) {
            List<String> cells = new ArrayList<>();
            for (Value cell : row) {
                cells.add(cell == null ? "" : cell.asText());
            }
            rows.add(String.join("|", cells));
        }
        return rows;
    }
}
