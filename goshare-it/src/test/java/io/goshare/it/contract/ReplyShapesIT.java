package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every verb's reply, of every shape, says in every encoding and through every door what it says in JSON. */
final class ReplyShapesIT {
    private static final long NOON = 1_404_216_000_000_000_000L;
    private static final List<Format> FORMATS =
            List.of(Format.CSV, Format.NDJSON, Format.MSGPACK, Format.PROTOBUF, Format.CAPNP);

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("memory");

    static Stream<Arguments> ways() {
        return Stream.of("http", "zmq").flatMap(door -> FORMATS.stream().map(format -> Arguments.of(door, format)));
    }

    private static Command of(Verb verb, String... words) {
        Command command = Command.of(verb);
        for (int i = 0; i < words.length; i += 2) {
            command = command.with(words[i], words[i + 1]);
        }
        return command;
    }

    private static Command many(Verb verb, String face, Table rows) {
        return of(verb, "face", face).with(new Body.Rows(rows));
    }

    private static PointBatch points() {
        PointBatch.Builder points = new PointBatch.Builder();
        for (int i = 0; i < 5; i++) {
            points.add(
                    SeriesKey.of(Path.parse("host:a:load"), Map.of("dc", "eu")), NOON + i, Value.of((double) i + 0.5));
            points.add(SeriesKey.of(Path.parse("host:a:state")), NOON + i, Value.of(i < 3 ? "up" : "down"));
        }
        return points.build();
    }

    private static List<Command> writes() {
        Table pairs = Table.of("key", "value")
                .add(Value.of("many:a"), Value.of(1L))
                .add(Value.of("many:b"), Value.of("two"))
                .add(Value.of("many:c"), Value.of(true));
        Table paths = Table.of("path", "value")
                .add(Value.of("tree:x:y"), Value.of(1L))
                .add(Value.of("tree:x:z"), Value.of("leaf"));
        return List.of(
                of(Verb.WRITE).with(new Body.Points(points())),
                of(Verb.PUT, "key", "one").with(new Body.Single(Value.of("text"))),
                of(Verb.PUT, "key", "number").with(new Body.Single(Value.of(0.25))),
                many(Verb.PUT, "kv", pairs),
                many(Verb.PUT, "ns", paths),
                of(Verb.INCR, "key", "count", "delta", "5"),
                of(Verb.CAS, "key", "count", "expect", "5").with(new Body.Single(Value.of(6L))),
                of(Verb.SETTINGS, "sel", "host:a:state", "kind", "state"),
                of(Verb.PUSH, "type", "default")
                        .with(new Body.Rows(Table.of("key", "value").add(Value.of("old:k"), Value.of("old")))),
                of(Verb.PUT, "key", "gone").with(new Body.Single(Value.of(true))));
    }

    private static List<Command> reads() {
        String[] range = {"sel", "host:*:*", "from", NOON + "ns", "to", (NOON + 10) + "ns"};
        Table keys = Table.of("key").add(Value.of("one")).add(Value.of("missing"));
        return List.of(
                of(Verb.GET, "key", "one"),
                of(Verb.GET, "key", "number"),
                of(Verb.GET, "key", "count"),
                of(Verb.GET, "key", "missing"),
                many(Verb.GET, "kv", keys),
                of(Verb.GET, "face", "ns", "path", "tree:x:y"),
                of(Verb.GET, "face", "ns", "path", "tree", "recursive", "true"),
                of(Verb.GET, "face", "ns", "path", "nowhere", "recursive", "true"),
                of(Verb.SCAN, "prefix", "many"),
                of(Verb.SCAN, "prefix", "many", "limit", "1"),
                of(Verb.SCAN, "prefix", "none"),
                of(Verb.SCAN, "face", "ns", "path", "tree"),
                of(Verb.CHILDREN, "path", "tree:x"),
                of(Verb.CHILDREN, "path", "nowhere"),
                of(Verb.SERIES, "sel", "host:*:*"),
                of(Verb.SERIES, "sel", "host:*:*", "limit", "1"),
                of(Verb.SERIES, "sel", "nothing"),
                of(Verb.QUERY, range),
                of(Verb.QUERY, range).with("limit", "3"),
                of(Verb.QUERY, range).with("shape", "columns"),
                of(Verb.QUERY, "sel", "nothing", "from", NOON + "ns", "to", (NOON + 1) + "ns"),
                of(Verb.QUERY, "sel", "host:a:load{dc=eu}", "from", NOON + "ns", "to", (NOON + 10) + "ns")
                        .with("every", "1s")
                        .with("agg", "count,mean"),
                of(Verb.AT, "sel", "host:*:*", "at", (NOON + 2) + "ns"),
                of(Verb.AT, "sel", "nothing", "at", (NOON + 2) + "ns"),
                of(Verb.STATES, "sel", "host:a:state", "from", NOON + "ns", "to", (NOON + 10) + "ns"),
                of(Verb.STATES, "sel", "nothing", "from", NOON + "ns", "to", (NOON + 10) + "ns"),
                of(Verb.READ, "type", "default", "key", "old:k"),
                of(Verb.CENSUS, "sel", "host:a:state", "from", NOON + "ns", "to", (NOON + 10) + "ns"),
                of(Verb.LOG, "path", "tree"),
                of(Verb.DIFF, "path", "tree", "from", "2000-01-01T00:00:00Z", "to", "2100-01-01T00:00:00Z"),
                of(Verb.EXPLAIN, "sel", "host:*:*", "around", NOON + "ns", "radius", "1s"),
                of(Verb.WATCH, "sel", "tree:**"),
                of(Verb.RETENTION),
                of(Verb.ROLLUP),
                of(Verb.INFO),
                of(Verb.INFO, "storage", "true"),
                of(Verb.HEALTH),
                of(Verb.METRICS),
                of(Verb.CAS, "key", "one", "expect", "other", "value", "new"),
                of(Verb.INCR, "key", "one"));
    }

    private static List<Command> removals() {
        return List.of(
                of(Verb.DELETE, "type", "default", "key", "old:k"),
                of(Verb.DEL, "key", "gone"),
                many(Verb.DEL, "kv", Table.of("key").add(Value.of("many:a"))),
                of(Verb.ERASE, "sel", "host:a:load", "from", NOON + "ns", "to", (NOON + 1) + "ns"),
                of(Verb.DROP, "sel", "host:a:state"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyReplySaysWhatItSaysInJson(String door, Format format) {
        try (Transport store = server.connect(door)) {
            Set<Verb> asked = EnumSet.noneOf(Verb.class);
            List<String> written = new ArrayList<>();
            for (Command command : writes()) {
                asked.add(command.verb());
                written.add(answer(store, command, format));
            }
            assertThat(written).noneMatch(answer -> answer.startsWith("error"));
            SoftAssertions all = new SoftAssertions();
            for (Command command : reads()) {
                asked.add(command.verb());
                all.assertThat(answer(store, command, format))
                        .as(command.toString())
                        .isEqualTo(answer(store, command, Format.JSON));
            }
            all.assertAll();
            for (Command command : removals()) {
                asked.add(command.verb());
                assertThat(answer(store, command, format))
                        .as(command.toString())
                        .doesNotStartWith("error");
            }
            assertThat(asked).containsExactlyInAnyOrder(Verb.values());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void pagesFollowOneAnother(String door, Format format) {
        try (Transport store = server.connect(door)) {
            writes().forEach(command -> StoreReader.done(store, command));
            StoreReader reader = new StoreReader(store, format.word());

            assertThat(reader.keys("many")).containsOnlyKeys("many:a", "many:b", "many:c");
            assertThat(reader.paths("tree")).containsOnlyKeys("tree:x:y", "tree:x:z");
            assertThat(reader.points("host:*:*")).hasSize(10);

            Command page = of(Verb.SCAN, "prefix", "many", "limit", "1", "fmt", format.word());
            List<String> keys = new ArrayList<>();
            String cursor = "";
            while (cursor != null) {
                Reply reply = StoreReader.done(store, cursor.isEmpty() ? page : page.with("cursor", cursor));
                keys.add(shown(reply.result()));
                cursor = reply.notes().get("cursor");
            }
            assertThat(keys.toString()).contains("many:a", "many:b", "many:c");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bytesThatAreNoBodyAreRefused(String door, Format format) {
        try (Transport store = server.connect(door)) {
            Command put = of(Verb.PUT, "key", "k", "fmt", format.word())
                    .with(new Body.Rows(Table.of("key").add(Value.of("value is missing"))));

            assertThatThrownBy(() -> StoreReader.done(store, put))
                    .isInstanceOfSatisfying(
                            GoShareException.class, e -> assertThat(e.code()).isNotEqualTo(ErrorCode.INTERNAL))
                    .hasMessageMatching("(?s).+");
        }
    }

    /** The result as text, or the error with its sentence; what the server failed at (INTERNAL) fails the test. */
    private static String answer(Transport store, Command command, Format format) {
        try {
            Result result = StoreReader.done(store, command.with(Param.FMT, format.word()))
                    .result();
            boolean changes = command.verb() == Verb.INFO || command.verb() == Verb.HEALTH;
            return changes ? columns(result) : shown(result);
        } catch (GoShareException e) {
            assertThat(e.code()).as(command + ": " + e.getMessage()).isNotEqualTo(ErrorCode.INTERNAL);
            return "error " + e.code() + " " + e.field() + " " + e.getMessage();
        }
    }

    private static String columns(Result result) {
        return result instanceof Result.Rows rows ? names(rows.table()) : shown(result);
    }

    private static String names(Table table) {
        return table.columns().stream().map(Table.Column::name).toList().toString();
    }

    private static String shown(Result result) {
        if (result instanceof Result.Rows rows) {
            Table table = rows.table();
            String names = table.rows().isEmpty() ? "" : names(table);
            return names + table.rows().stream().map(ReplyShapesIT::cells).toList();
        }
        if (result instanceof Result.Points points) {
            PointBatch batch = points.batch();
            List<String> all = new ArrayList<>();
            for (int row = 0; row < batch.rows(); row++) {
                all.add(batch.key(batch.series()[row]) + "@" + batch.times()[row] + "=" + batch.value(row));
            }
            return all.stream().sorted().toList().toString();
        }
        if (result instanceof Result.Single single) {
            return single.value().kind().letter() + " " + single.value();
        }
        return result instanceof Result.Document ? "a document" : "nothing";
    }

    private static List<String> cells(Value[] row) {
        return Arrays.stream(row).map(cell -> cell == null ? "" : cell.asText()).toList();
    }
}
