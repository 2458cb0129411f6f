package io.goshare.server.datastore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.keyvalue.LocalKeyValueStore;
import io.goshare.server.keyvalue.SettableClock;
import io.goshare.server.namespace.LocalNamespaceStore;
import io.goshare.server.series.LocalSeriesStore;
import io.goshare.server.series.SeriesConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the stores promise to whoever sends commands; run on each engine. */
abstract class StoreContract {
    @TempDir
    java.nio.file.Path temp;

    private final EngineProvider provider;
    private final SettableClock clock = new SettableClock(Instant.parse("2014-07-01T12:00:00Z"));
    private DataDirectory directory;
    private StorageEngine base;
    private GroupCommitter committer;
    private LocalSeriesStore series;
    private Datastore datastore;
    private Optional<String> ailment = Optional.empty();
    private volatile boolean endlessRuns;
    private final AtomicInteger endlessEnded = new AtomicInteger();
    private SeriesConfig config = SeriesConfig.defaults();

    StoreContract(EngineProvider provider) {
        this.provider = provider;
    }

    @BeforeEach
    void openDirectory() {
        directory = provider.persistent()
                ? DataDirectory.open(temp.resolve("data"), provider)
                : DataDirectory.inMemory(provider);
        open();
    }

    private void open() {
        boolean create = !directory.hasStore(DataDirectory.BASE);
        base = directory.engine(DataDirectory.BASE, EngineOptions.DEFAULTS, create);
        committer = new GroupCommitter(base, clock, false);
        series = LocalSeriesStore.open(directory, base, committer, config);
        committer.replay(series.replayer());
        committer.start();
        series.start();
        datastore = new Datastore(
                base,
                committer,
                new LocalKeyValueStore(base, clock),
                new LocalNamespaceStore(base),
                series,
                this::answer,
                new Facts(),
                clock);
        datastore.start();
    }

    /** Instead of queries: tells what was asked; one for {@code endless} goes on until nobody waits. */
    private Reply answer(Command command, BooleanSupplier abandoned) {
        boolean endless = command.get(Param.SEL)
                .filter(selector -> selector.toString().equals("endless"))
                .isPresent();
        while (endless && !abandoned.getAsBoolean()) {
            endlessRuns = true;
            Thread.onSpinWait();
        }
        endlessEnded.addAndGet(endless ? 1 : 0);
        return Reply.done().with("asked", command.verb().word());
    }

    @AfterEach
    void closeDirectory() {
        close();
        directory.close();
    }

    private void close() {
        datastore.close();
        committer.close();
        series.close();
        base.close();
    }

    private void reopen() {
        close();
        open();
    }

    private final class Facts implements ServerFacts {
        @Override
        public Map<String, String> info() {
            return Map.of("version", "test");
        }

        @Override
        public Optional<String> ailment() {
            return ailment;
        }

        @Override
        public Map<String, Double> gauges() {
            return Map.of("goshare_test", 1.0);
        }
    }

    // How tests speak: a verb, and name=value words

    private static Command command(Verb verb, String... words) {
        Command command = Command.of(verb);
        for (String word : words) {
            int sign = word.indexOf('=');
            command = command.with(word.substring(0, sign), word.substring(sign + 1));
        }
        return command;
    }

    private Reply run(Command command) {
        try {
            return datastore.handle(command).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof GoShareException refused) {
                throw refused;
            }
            throw e;
        }
    }

    private Reply run(Verb verb, String... words) {
        return run(command(verb, words));
    }

    private void refused(ErrorCode code, Command command, String... told) {
        assertThatThrownBy(() -> run(command)).isInstanceOfSatisfying(GoShareException.class, refusal -> {
            assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
            for (String part : told) {
                assertThat(refusal).hasMessageContaining(part);
            }
        });
    }

    private static @Nullable String single(Reply reply) {
        return reply.result() instanceof Result.Single single ? single.value().asText() : null;
    }

    private static Table table(Reply reply) {
        return ((Result.Rows) reply.result()).table();
    }

    /** Rows as text, cells between bars; a missing cell is empty. */
    private static List<String> rows(Reply reply, String... columns) {
        Table table = table(reply);
        List<String> rows = new ArrayList<>();
        for (@Nullable Value[] row : table.rows()) {
            List<String> cells = new ArrayList<>();
            for (String column : columns) {
                Value cell = row[table.column(column)];
                cells.add(cell == null ? "" : cell.asText());
            }
            rows.add(String.join("|", cells));
        }
        return rows;
    }

    private static Body.Rows body(String columns, String... rows) {
        Table table = Table.of(columns.split(","));
        for (String row : rows) {
            String[] cells = row.split("=", -1);
            Value[] values = new Value[cells.length];
            for (int i = 0; i < cells.length; i++) {
                values[i] = Value.text(cells[i].getBytes(ISO_8859_1));
            }
            table.add(values);
        }
        return new Body.Rows(table);
    }

    private void push(String type, String... pairs) {
        run(command(Verb.PUSH, "type=" + type).with(body("key,value", pairs)));
    }

    private List<String> read(String type, String... keys) {
        return rows(run(command(Verb.READ, "type=" + type).with(body("key", keys))), "key", "value");
    }

    private void write(String path, long time, Value value) {
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse(path)), time, value)
                .build();
        run(Command.of(Verb.WRITE).with(new Body.Points(batch)));
    }

    // Key-value

    @Test
    void aKeyIsPutReadAndDeleted() {
        Reply put = run(Verb.PUT, "key=a", "value=0.50");
        Reply got = run(Verb.GET, "key=a");

        assertThat(single(got)).isEqualTo("0.50");
        assertThat(got.notes().get("revision")).isEqualTo(put.notes().get("revision"));
        assertThat(run(Verb.DEL, "key=a").notes()).containsEntry("deleted", "1");
        assertThat(run(Verb.DEL, "key=a").notes()).containsEntry("deleted", "0");
        refused(ErrorCode.NOT_FOUND, command(Verb.GET, "key=a"), "a");
    }

    @Test
    void manyKeysAreOneRequest() {
        run(Command.of(Verb.PUT).with(body("key,value", "a=1", "b=2", "b=3")));

        assertThat(rows(run(Command.of(Verb.GET).with(body("key", "b", "zz", "a"))), "key", "value"))
                .containsExactly("b|3", "zz|", "a|1");
        assertThat(run(Command.of(Verb.DEL).with(body("key", "a", "zz", "b"))).notes())
                .containsEntry("deleted", "2");
    }

    @Test
    void aReplyHoldsOnlySoManyBytesOfValues() {
        byte[] large = new byte[1 << 20];
        run(command(Verb.PUT, "key=k").with(new Body.Single(Value.of(large))));
        run(command(Verb.PUT, "path=p").with(new Body.Single(Value.of(large))));
        String[] keys = new String[32];
        Arrays.fill(keys, "k");
        String[] paths = new String[33];
        Arrays.fill(paths, "p");

        assertThat(rows(run(Command.of(Verb.GET).with(body("key", keys))), "key"))
                .hasSize(32);
        refused(ErrorCode.BUDGET, command(Verb.GET, "face=ns").with(body("path", paths)), "32 MiB", "fewer");
        keys = Arrays.copyOf(keys, 33);
        keys[32] = "k";
        refused(ErrorCode.BUDGET, Command.of(Verb.GET).with(body("key", keys)), "32 MiB", "fewer");
    }

    @Test
    void oneBadRowRefusesAll() {
        refused(ErrorCode.BAD_REQUEST, Command.of(Verb.PUT).with(body("key,value", "a=1", "=2")), "empty");
        refused(ErrorCode.BAD_REQUEST, Command.of(Verb.PUT).with(body("name,value", "a=1")), "no column key");
        Table holey = Table.of("key", "value").add(Value.of("a"), Value.of(1L)).add(Value.of("b"), null);
        refused(ErrorCode.INVALID_ROWS, Command.of(Verb.PUT).with(new Body.Rows(holey)), "row 2");

        refused(ErrorCode.NOT_FOUND, command(Verb.GET, "key=a"));
    }

    @Test
    void limitsAreTold() {
        refused(ErrorCode.TOO_LARGE, command(Verb.PUT, "key=" + "k".repeat(4097), "value=1"), "4096");
        refused(ErrorCode.TOO_LARGE, command(Verb.PUT, "key=a", "value=" + "v".repeat(1 << 20) + "v"), "1048576");
        refused(ErrorCode.BAD_REQUEST, command(Verb.PUT, "key=a"), "value=");
        refused(
                ErrorCode.BAD_REQUEST,
                command(Verb.PUT, "key=a", "value=1").with(new Body.Single(Value.of(2L))),
                "twice");
        refused(ErrorCode.BAD_REQUEST, command(Verb.PUT, "value=1"), "key");
        run(Verb.PUT, "key=" + "k".repeat(4096), "value=" + "v".repeat(1 << 20));
    }

    @Test
    void whatExpiresIsGone() {
        run(Verb.PUT, "key=a", "value=1", "expire=10s");
        assertThat(run(Verb.GET, "key=a").notes())
                .containsEntry("expires", Long.toString(clock.nanos() + 10_000_000_000L));

        clock.move(Duration.ofSeconds(10));

        refused(ErrorCode.NOT_FOUND, command(Verb.GET, "key=a"));
    }

    @Test
    void compareAndSetTellsWhatItFound() {
        String first = run(Verb.CAS, "key=a", "rev=0", "value=up").notes().get("revision");

        refused(ErrorCode.CONFLICT, command(Verb.CAS, "key=a", "rev=0", "value=x"), "revision " + first);
        String second =
                run(Verb.CAS, "key=a", "expect=up", "value=down").notes().get("revision");
        refused(ErrorCode.CONFLICT, command(Verb.CAS, "key=a", "expect=up", "value=x"), "revision " + second);
        run(Verb.CAS, "key=a", "rev=" + second, "value=end");
        refused(ErrorCode.CONFLICT, command(Verb.DEL, "key=a", "rev=" + second));
        refused(ErrorCode.BAD_REQUEST, command(Verb.CAS, "key=a", "value=x"), "condition");

        assertThat(single(run(Verb.GET, "key=a"))).isEqualTo("end");
    }

    @Test
    void incrementsCountOnAlsoAfterARestart() {
        run(Verb.INCR, "key=n", "delta=41");
        reopen();

        assertThat(single(run(Verb.INCR, "key=n"))).isEqualTo("42");
        run(Verb.PUT, "key=n", "value=x");
        refused(ErrorCode.BAD_REQUEST, command(Verb.INCR, "key=n"), "no integer");
    }

    @Test
    void aRequestIsAppliedOnce() {
        Reply first = run(Verb.INCR, "key=n", "request=r1");
        Reply again = run(Verb.INCR, "key=n", "request=r1", "timeout=5s");
        reopen();
        Reply later = run(Verb.INCR, "key=n", "request=r1");

        assertThat(List.of(single(first), single(again), single(later))).containsOnly("1");
        assertThat(first.notes()).doesNotContainKey("repeated");
        assertThat(again.notes()).containsEntry("repeated", "true");
        refused(ErrorCode.REQUEST_MISMATCH, command(Verb.INCR, "key=n", "delta=2", "request=r1"), "r1");
        refused(ErrorCode.BAD_REQUEST, command(Verb.INCR, "key=n", "request=" + "r".repeat(65)), "64");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100, 10_000})
    void scansGoOnWhereThePageBeforeEnded(int limit) {
        for (int i = 0; i < 7; i++) {
            run(Verb.PUT, "key=k" + i, "value=" + i);
            run(Verb.PUT, "path=t:k" + i, "value=" + i);
        }

        assertThat(all(command(Verb.SCAN, "prefix=k", "limit=" + limit), "key"))
                .containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6");
        assertThat(all(command(Verb.SCAN, "face=ns", "path=t", "limit=" + limit), "path"))
                .containsExactly("t:k0", "t:k1", "t:k2", "t:k3", "t:k4", "t:k5", "t:k6");
        assertThat(all(command(Verb.CHILDREN, "path=t", "limit=" + limit), "name"))
                .containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6");
    }

    private List<String> all(Command command, String column) {
        List<String> all = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Reply reply = run(cursor.isPresent() ? command.with("cursor", cursor.get()) : command);
            all.addAll(rows(reply, column));
            cursor = Optional.ofNullable(reply.notes().get("cursor"));
        } while (cursor.isPresent());
        return all;
    }

    @Test
    void aCursorOfAnotherVerbIsRefused() {
        run(Verb.PUT, "key=a", "value=1");
        run(Verb.PUT, "key=b", "value=1");
        String cursor = run(Verb.SCAN, "limit=1").notes().get("cursor");

        refused(ErrorCode.BAD_REQUEST, command(Verb.CHILDREN, "cursor=" + cursor), "cursor");
        refused(ErrorCode.BAD_REQUEST, command(Verb.SCAN, "cursor=%%"), "cursor");
    }

    // Namespace

    @Test
    void theNamespaceTravelsInTime() {
        run(Verb.PUT, "path=node:web1:kernel", "value=5.10");
        clock.move(Duration.ofHours(1));
        run(Verb.PUT, "path=node:web1:kernel", "value=6.1");
        clock.move(Duration.ofHours(1));
        run(Verb.DEL, "path=node:web1:kernel");

        assertThat(single(run(Verb.GET, "path=node:web1:kernel", "at=2014:7:1:12:30")))
                .isEqualTo("5.10");
        assertThat(single(run(Verb.GET, "path=node:web1:kernel", "at=-30m"))).isEqualTo("6.1");
        refused(ErrorCode.NOT_FOUND, command(Verb.GET, "path=node:web1:kernel"), "node:web1:kernel");
        refused(ErrorCode.NOT_FOUND, command(Verb.GET, "path=node:web1:kernel", "at=2014-07-01T11:59:59Z"));
        assertThat(rows(run(Verb.SCAN, "face=ns", "path=node", "at=2014-07-01T13:30:00Z"), "path", "value"))
                .containsExactly("node:web1:kernel|6.1");
        assertThat(rows(run(Verb.CHILDREN, "path=node", "at=-30m"), "name", "value", "children"))
                .containsExactly("web1|false|true");
    }

    @Test
    void anEqualValueMovesOnlyWhenItWasSeen() {
        Reply first = run(Verb.PUT, "path=a", "value=up");
        clock.move(Duration.ofSeconds(5));
        Reply second = run(Verb.PUT, "path=a", "value=up");

        Reply got = run(Verb.GET, "path=a");

        assertThat(got.notes())
                .containsEntry("since", Long.toString(clock.nanos() - 5_000_000_000L))
                .containsEntry("last_seen", Long.toString(clock.nanos()))
                .containsEntry("revision", second.notes().get("revision"));
        run(Verb.CAS, "path=a", "rev=" + first.notes().get("revision"), "value=down");
        refused(
                ErrorCode.CONFLICT,
                command(Verb.CAS, "path=a", "rev=" + second.notes().get("revision"), "value=x"));
    }

    @Test
    void aSubtreeIsDeletedWhole() {
        run(Command.of(Verb.PUT).with("face", "ns").with(body("path,value", "a=1", "a:b=2", "a:b:c=3", "ab=4", "b=5")));

        assertThat(run(Verb.DEL, "path=a", "recursive=true").notes()).containsEntry("deleted", "3");

        assertThat(rows(run(Verb.SCAN, "face=ns"), "path")).containsExactly("ab", "b");
    }

    @Test
    void deletingManyWantsToBeConfirmed() {
        String[] pairs = new String[1001];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = "big:k" + i + "=" + i;
        }
        run(Command.of(Verb.PUT).with("face", "ns").with(body("path,value", pairs)));

        refused(ErrorCode.BAD_REQUEST, command(Verb.DEL, "path=big", "recursive=true"), "confirm=1001", "confirm=big");
        refused(ErrorCode.BAD_REQUEST, command(Verb.DEL, "path=big", "recursive=true", "confirm=1000"), "1001");
        assertThat(run(Verb.DEL, "path=big", "recursive=true", "confirm=1001").notes())
                .containsEntry("deleted", "1001");
    }

    @Test
    void moreThanTenThousandAreCutOffAtOnceAndReadAsOfBefore() {
        for (int part = 0; part < 11; part++) {
            String[] pairs = new String[1000];
            for (int i = 0; i < pairs.length; i++) {
                pairs[i] = "big:k" + part + ":" + i + "=" + i;
            }
            run(Command.of(Verb.PUT).with("face", "ns").with(body("path,value", pairs)));
        }
        clock.move(Duration.ofSeconds(1));

        assertThat(run(Verb.DEL, "path=big", "recursive=true", "confirm=big").notes())
                .containsEntry("deleted", "11000");
        assertThat(rows(run(Verb.SCAN, "face=ns"), "path")).isEmpty();
        run(Verb.PUT, "path=big:k5:7", "value=new");
        reopen();

        assertThat(rows(run(Verb.SCAN, "face=ns"), "path", "value")).containsExactly("big:k5:7|new");
        assertThat(single(run(Verb.GET, "path=big:k5:7", "at=2014-07-01T12:00:00.5Z")))
                .isEqualTo("7");
        assertThat(all(command(Verb.SCAN, "face=ns", "at=2014-07-01T12:00:00.5Z"), "path"))
                .hasSize(11_000);
    }

    @Test
    void dropForgetsThePastToo() {
        run(Verb.PUT, "path=a:b", "value=1");
        clock.move(Duration.ofSeconds(1));
        run(Verb.PUT, "path=a:b", "value=2");
        run(Verb.PUT, "path=ab", "value=3");

        run(Verb.DROP, "path=a");

        refused(ErrorCode.NOT_FOUND, command(Verb.GET, "path=a:b"));
        refused(ErrorCode.NOT_FOUND, command(Verb.GET, "path=a:b", "at=2014-07-01T12:00:00.5Z"));
        assertThat(rows(run(Verb.SCAN, "face=ns"), "path")).containsExactly("ab");
        assertThat(rows(run(Verb.INFO, "storage=true"), "table", "rows")).doesNotContain("ns_history|2");
        refused(ErrorCode.BAD_REQUEST, command(Verb.DROP), "sel", "path");
    }

    @Test
    void facesDoNotMix() {
        refused(ErrorCode.BAD_REQUEST, command(Verb.GET, "face=kv", "path=a"), "face=ns");
        refused(ErrorCode.BAD_REQUEST, command(Verb.GET, "face=ns", "key=a"), "path");
        refused(ErrorCode.BAD_REQUEST, command(Verb.PUT, "path=a", "value=1", "expire=1s"), "expire");
        run(Verb.PUT, "key=a", "value=kv");
        run(Verb.PUT, "path=a", "value=ns");
        assertThat(single(run(Verb.GET, "key=a"))).isEqualTo("kv");
        assertThat(single(run(Verb.GET, "path=a"))).isEqualTo("ns");
    }

    @Test
    void childrenAreOfValuesAndSeriesTogether() {
        run(Verb.PUT, "path=node:web1", "value=ok");
        run(Verb.PUT, "path=node:web1:kernel", "value=6");
        run(Verb.PUT, "path=site", "value=x");
        write("node:web2:cpu", 1, Value.of(1L));
        write("other:x", 1, Value.of(1L));

        assertThat(rows(run(Verb.CHILDREN, "path=node"), "name", "value", "children", "series"))
                .containsExactly("web1|true|true|false", "web2|false|false|true");
        assertThat(all(command(Verb.CHILDREN, "limit=1"), "name")).containsExactly("node", "other", "site");
        assertThat(rows(run(Verb.CHILDREN), "name", "value", "series"))
                .containsExactly("node|false|true", "other|false|true", "site|true|false");
    }

    @Test
    void childrenGoFromSeriesToSeriesAlsoAtTheRootAndInThePast() {
        String before = clock.instant().toString();
        clock.move(Duration.ofHours(1));
        for (int i = 0; i < 40; i++) {
            write("node:" + (char) ('a' + i % 4) + ":" + i, clock.nanos(), Value.of(1L));
        }
        write("alone", clock.nanos(), Value.of(1L));
        series.checkpoint();
        write("zone:b:1", clock.nanos(), Value.of(1L));
        write("node:0:1", clock.nanos() - Duration.ofHours(2).toNanos(), Value.of(1L));
        run(Verb.PUT, "path=node:value", "value=1");
        run(Verb.DROP, "sel=node:b:**");

        assertThat(all(command(Verb.CHILDREN, "limit=1"), "name")).containsExactly("alone", "node", "zone");
        assertThat(all(command(Verb.CHILDREN, "path=node", "limit=2"), "name"))
                .containsExactly("0", "a", "c", "d", "value");
        assertThat(all(command(Verb.CHILDREN, "path=alone"), "name")).isEmpty();
        assertThat(all(command(Verb.CHILDREN, "limit=1", "at=" + before), "name"))
                .containsExactly("node");
        assertThat(all(command(Verb.CHILDREN, "path=node", "limit=1", "at=" + before), "name"))
                .containsExactly("0");
        assertThat(rows(run(Verb.SERIES, "sel=node:**", "at=" + before), "path"))
                .containsExactly("node:0:1");
    }

    // Time travel

    /** Three moments of site:**: t0 before all, t1 with owner and disks, t2 with a new owner and one disk less. */
    private String[] moments() {
        String[] moments = new String[3];
        moments[0] = clock.instant().toString();
        clock.move(Duration.ofHours(1));
        run(Verb.PUT, "path=site:owner", "value=ann");
        run(Verb.PUT, "path=site:disk:1", "value=ok");
        run(Verb.PUT, "path=site:disk:2", "value=ok");
        run(Verb.PUT, "path=other", "value=1");
        moments[1] = clock.instant().toString();
        clock.move(Duration.ofHours(1));
        run(Verb.PUT, "path=site:owner", "value=bob");
        run(Verb.PUT, "path=site:owner", "value=bob");
        run(Verb.DEL, "path=site:disk:1");
        run(Verb.PUT, "path=site:disk:3", "value=new");
        moments[2] = clock.instant().toString();
        clock.move(Duration.ofHours(1));
        return moments;
    }

    @Test
    void theLogTellsEveryChangeInTheOrderOfTime() {
        String[] moments = moments();

        Reply log = run(Verb.LOG, "path=site");

        assertThat(rows(log, "path", "old", "value"))
                .containsExactly(
                        "site:disk:1||ok",
                        "site:disk:2||ok",
                        "site:owner||ann",
                        "site:disk:1|ok|",
                        "site:disk:3||new",
                        "site:owner|ann|bob");
        assertThat(rows(log, "revision")).doesNotContain("").doesNotHaveDuplicates();
        assertThat(rows(run(Verb.LOG, "path=site", "from=" + moments[2]), "path"))
                .hasSize(3);
        assertThat(rows(run(Verb.LOG, "path=site", "to=" + moments[1]), "path")).isEmpty();
        assertThat(rows(run(Verb.LOG, "around=" + moments[1], "radius=1m", "order=desc", "limit=2"), "path"))
                .containsExactly("other", "site:disk:1");
        refused(ErrorCode.BAD_REQUEST, command(Verb.LOG, "path=site", "sel=site:**"), "leave one out");
        refused(ErrorCode.BAD_REQUEST, command(Verb.LOG, "from=2015", "to=2014"), "exchange");
    }

    @ParameterizedTest
    @ValueSource(strings = {"asc", "desc"})
    void theLogGoesOnWhereThePageBeforeEnded(String order) {
        moments();
        List<String> whole = rows(run(Verb.LOG, "order=" + order), "path");

        assertThat(all(command(Verb.LOG, "limit=1", "order=" + order), "path")).isEqualTo(whole);
        assertThat(all(command(Verb.LOG, "limit=3", "order=" + order), "path")).isEqualTo(whole);
        assertThat(whole).hasSize(7);
    }

    @Test
    void theLogOfSeriesTellsWhatChangedAndKnowsWhatHeldBefore() {
        long hour = Duration.ofHours(1).toNanos();
        long noon = clock.nanos();
        write("node:a:state", noon - 3 * hour, Value.of("up"));
        write("node:a:state", noon - hour, Value.of("up"));
        write("node:a:state", noon - hour + 1, Value.of("down"));
        write("node:b:state", noon - hour + 2, Value.of("up"));
        write("node:a:state", noon - hour + 3, Value.of("up"));

        assertThat(rows(run(Verb.LOG, "sel=node:*:state", "from=-2h"), "path", "old", "value"))
                .containsExactly("node:a:state|up|down", "node:b:state||up", "node:a:state|down|up");
        assertThat(all(command(Verb.LOG, "sel=node:*:state", "limit=1"), "value"))
                .containsExactly("up", "down", "up", "up");
    }

    @Test
    void diffTellsWhatWasAddedChangedAndRemoved() {
        String[] moments = moments();
        String between = "from=" + moments[1];

        assertThat(rows(run(Verb.DIFF, "path=site", between), "path", "change", "old", "value"))
                .containsExactly("site:disk:1|removed|ok|", "site:disk:3|added||new", "site:owner|changed|ann|bob");
        assertThat(all(command(Verb.DIFF, between, "limit=1"), "path"))
                .containsExactly("site:disk:1", "site:disk:3", "site:owner");
        assertThat(rows(run(Verb.DIFF, "from=" + moments[0], "to=" + moments[1]), "path", "change"))
                .containsExactly("other|added", "site:disk:1|added", "site:disk:2|added", "site:owner|added");
        assertThat(rows(run(Verb.DIFF, "path=none", between), "path")).isEmpty();
        refused(ErrorCode.BAD_REQUEST, command(Verb.DIFF, "path=site"), "from");
        refused(ErrorCode.BAD_REQUEST, command(Verb.DIFF, "from=2015"), "exchange");
    }

    @Test
    void diffOfSeriesIsOfWhatHeldAtBothInstants() {
        long hour = Duration.ofHours(1).toNanos();
        long noon = clock.nanos();
        write("node:a:state", noon - 9 * hour, Value.of("up"));
        write("node:a:state", noon - hour, Value.of("down"));
        write("node:b:state", noon - 9 * hour, Value.of("up"));
        write("node:c:state", noon - hour, Value.of("up"));
        write("node:d:state", noon - 3 * hour, Value.of("up"));
        run(Verb.SETTINGS, "sel=node:d:state", "stale_after=2h");

        assertThat(rows(run(Verb.DIFF, "sel=node:*:state", "from=-2h"), "path", "change", "old", "value"))
                .containsExactly("node:a:state|changed|up|down", "node:c:state|added||up", "node:d:state|removed|up|");
        assertThat(all(command(Verb.DIFF, "sel=node:*:state", "from=-2h", "limit=1"), "path"))
                .hasSize(3);
    }

    @Test
    void explainPutsTheRarestFirst() {
        long minute = Duration.ofMinutes(1).toNanos();
        long noon = clock.nanos();
        for (int i = 60; i > 0; i--) {
            write("node:a:flapping", noon - i * minute, Value.of(i % 2 == 0 ? "up" : "down"));
            write("node:a:cpu", noon - i * minute, Value.of((long) i));
        }
        write("node:a:flapping", noon + 1, Value.of("failed"));
        write("node:b:calm", noon - 60 * minute, Value.of("up"));
        run(Verb.PUT, "path=node:a:owner", "value=bob");

        Reply told = run(Verb.EXPLAIN, "path=node", "around=" + clock.instant(), "radius=2m", "baseline=1h");

        assertThat(rows(told, "face", "path", "value", "seen"))
                .containsExactly(
                        "ns|node:a:owner|bob|1",
                        "series|node:a:flapping|failed|1",
                        "series|node:a:flapping|down|30",
                        "series|node:a:flapping|up|30",
                        "series|node:a:cpu|1|60",
                        "series|node:a:cpu|2|60");
        assertThat(told.notes()).containsEntry("found", "6");
        assertThat(rows(run(Verb.EXPLAIN, "sel=node:*:owner", "around=" + clock.instant()), "path", "old", "revision"))
                .hasSize(1);
        assertThat(rows(run(Verb.EXPLAIN, "around=" + clock.instant(), "limit=1"), "path"))
                .containsExactly("node:a:owner");
        refused(ErrorCode.BAD_REQUEST, command(Verb.EXPLAIN, "path=node"), "around");
    }

    @Test
    void manyPathsAreReadAsOfOneInstant() {
        String[] moments = moments();

        assertThat(rows(
                        run(command(Verb.GET, "face=ns", "at=" + moments[1])
                                .with(body("path", "site:owner", "site:disk:3"))),
                        "path",
                        "value"))
                .containsExactly("site:owner|ann", "site:disk:3|");
        assertThat(rows(run(Verb.GET, "path=site:disk", "recursive=true", "at=" + moments[1]), "path"))
                .containsExactly("site:disk:1", "site:disk:2");
    }

    // The first GoShare's words

    @Test
    void plainKeysAreAnyBytesAndEmptyOnesMissing() {
        push("default", "a b=1", "=empty key", "\u00ff\0=bytes", "hollow=");

        assertThat(read("default", "a b", "", "\u00ff\0", "hollow", "missing"))
                .containsExactly("a b|1", "|empty key", "\udcff\0|bytes");
        assertThat(read("ns", "a b")).isEmpty();
        run(command(Verb.DELETE, "type=default").with(body("key", "a b", "missing")));
        assertThat(read("default", "a b")).isEmpty();
    }

    @Test
    void namespaceKeysAreReadWithAllBelow() {
        push("ns", "a::b=1", "tail:=2", ":lead=3", "a=4", "ab=5", "a:h=", "a:*{}\\=6");

        assertThat(read("ns", "a")).containsExactly("a|4", "a::b|1", "a:*{}\\|6");
        assertThat(read("tsds", "tail")).containsExactly("tail:|2");
        assertThat(read("ns", "")).containsExactly(":lead|3");
        assertThat(read("ns", "ab", "zz", "a::b")).containsExactly("ab|5", "a::b|1");
        run(command(Verb.DELETE, "type=ns").with(body("key", "a")));
        assertThat(read("ns", "a", "ab")).containsExactly("ab|5");
    }

    @Test
    void aKeyThatEndsInATimedotIsAPointAndReadByAnyPartOfIt() {
        push("ns", "cpu:2014:7:1:12:0:0:0=50", "cpu:2014:7:2:12:0:0:0=60", "cpu:2014:13:1:0:0:0:0=odd");
        push("tsds", "cpu:2014:7:1:12:0:0:0=51");

        assertThat(read("ns", "cpu"))
                .containsExactlyInAnyOrder(
                        "cpu:2014:7:1:12:0:0:0|51", "cpu:2014:7:2:12:0:0:0|60", "cpu:2014:13:1:0:0:0:0|odd");
        assertThat(read("tsds", "cpu:2014:7")).hasSize(2);
        assertThat(read("tsds", "cpu:2014:7:1")).containsExactly("cpu:2014:7:1:12:0:0:0|51");
        assertThat(read("ns", "cpu:2014:7:1:12:0:0:0")).containsExactly("cpu:2014:7:1:12:0:0:0|51");
        assertThat(read("ns", "cpu:2014:07")).isEmpty();
        assertThat(read("ns", "cpu:2014:13")).containsExactly("cpu:2014:13:1:0:0:0:0|odd");
        run(command(Verb.DELETE, "type=tsds").with(body("key", "cpu:2014:7:1")));
        assertThat(read("ns", "cpu:2014:7")).containsExactly("cpu:2014:7:2:12:0:0:0|60");
        run(command(Verb.DELETE, "type=ns").with(body("key", "cpu")));
        assertThat(read("ns", "cpu")).isEmpty();
    }

    @Test
    void taggedSeriesAreNotSeenThere() {
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("cpu"), Map.of("dc", "eu")), clock.nanos(), Value.of(1L))
                .build();
        run(Command.of(Verb.WRITE).with(new Body.Points(batch)));

        assertThat(read("ns", "cpu")).isEmpty();
        run(command(Verb.DELETE, "type=ns").with(body("key", "cpu")));
        assertThat(rows(run(Verb.SERIES, "sel=cpu"), "path", "tags")).containsExactly("cpu|{dc=eu}");
    }

    @Test
    void nowIsTheServersSecond() {
        clock.move(Duration.ofMillis(1500));

        push("now", "load=7");

        assertThat(read("ns", "load")).containsExactly("load:2014:7:1:12:0:1:0|7");
    }

    @Test
    void numbersKeepTheirDigitsAndTextIsText() {
        push("default", "a=0.50", "b=007", "c=-0");
        assertThat(read("default", "a", "b", "c")).containsExactly("a|0.50", "b|007", "c|-0");
        push("ns", "n=0.50");
        push("ns", "n=0.5");
        assertThat(read("ns", "n")).containsExactly("n|0.5");
        push("default", "i=41");
        assertThat(single(run(Verb.INCR, "key=i"))).isEqualTo("42");
    }

    // Series, and the server itself

    @Test
    void seriesAreListedDeclaredErasedAndDropped() {
        write("node:a:cpu", clock.nanos(), Value.of(1.5));
        write("node:b:cpu", clock.nanos(), Value.of("up"));

        assertThat(rows(run(Verb.SERIES, "sel=node:*:cpu"), "path", "kind"))
                .containsExactly("node:a:cpu|gauge", "node:b:cpu|state");
        assertThat(all(command(Verb.SERIES, "limit=1"), "path")).containsExactly("node:a:cpu", "node:b:cpu");
        run(Verb.SETTINGS, "sel=node:a:cpu", "unit=%", "kind=counter", "stale_after=90s");
        assertThat(rows(run(Verb.SERIES, "sel=node:a:cpu"), "kind", "unit", "stale_after"))
                .containsExactly("counter|%|1m30s");
        refused(ErrorCode.BAD_REQUEST, command(Verb.ERASE, "sel=node:**"), "range");
        run(Verb.ERASE, "sel=node:a:cpu", "from=-1h");
        assertThat(read("ns", "node")).hasSize(1);
        run(Verb.DROP, "sel=node:**");
        assertThat(rows(run(Verb.SERIES), "path")).isEmpty();
        refused(ErrorCode.NOT_FOUND, command(Verb.SETTINGS, "sel=none", "unit=s"), "none");
    }

    @Test
    void pointsWithoutTimeGetTheOneAskedFor() {
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("a")), PointBatch.NO_TIME, Value.of(1L))
                .add(SeriesKey.of(Path.parse("b")), 1_404_129_600_000_000_000L, Value.of(2L))
                .build();

        run(command(Verb.WRITE, "time=2014-06-01T00:00:00Z").with(new Body.Points(batch)));

        assertThat(read("ns", "a", "b")).containsExactly("a:2014:6:1:0:0:0:0|1", "b:2014:6:30:12:0:0:0|2");
        refused(ErrorCode.BAD_REQUEST, Command.of(Verb.WRITE), "points");
        refused(ErrorCode.BAD_REQUEST, command(Verb.WRITE, "time=noon").with(new Body.Points(batch)), "time=noon");
    }

    @Test
    void partialWritesKeepTheGoodRowsAndTellTheOthers() {
        write("a", 1, Value.of(1L));
        run(Verb.SETTINGS, "sel=a", "strict=true");
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("a")), 2, Value.of(2L))
                .add(SeriesKey.of(Path.parse("a")), 3, Value.of("three"))
                .add(SeriesKey.of(Path.parse("b")), Long.MAX_VALUE, Value.of(4L))
                .add(SeriesKey.of(Path.parse("b")), 5, Value.of("five"))
                .build();
        RejectedRow inBody = new RejectedRow(2, "time", "row 2, time: is none");
        Body.Points body = new Body.Points(batch, List.of(inBody), 1);

        refused(ErrorCode.INVALID_ROWS, Command.of(Verb.WRITE).with(new Body.Points(batch)), "past 2262");
        Reply reply = run(command(Verb.WRITE, "partial=allow").with(body));

        assertThat(reply.notes()).containsEntry("points", "2").containsEntry("rejected", "3");
        assertThat(rows(reply, "row", "field")).containsExactly("2|time", "3|value", "4|time");
        assertThat(rows(reply, "reason").get(1)).contains("a takes INTEGER only, not TEXT");
        assertThat(read("ns", "a", "b")).hasSize(3);
        Reply allGood = run(command(Verb.WRITE, "partial=allow").with(new Body.Points(onePoint("b", 6))));
        assertThat(allGood.notes()).containsEntry("points", "1").containsEntry("rejected", "0");
        assertThat(allGood.result()).isEqualTo(Result.EMPTY);
    }

    private static PointBatch onePoint(String path, long time) {
        return new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse(path)), time, Value.of(1L))
                .build();
    }

    @Test
    void newSeriesBeyondTheLimitAreRefusedWhileKnownOnesStillWrite() {
        close();
        config = config.withMaxSeries(5, 3);
        open();
        for (String path : List.of("a:1", "a:2", "a:3", "b:1")) {
            write(path, 1, Value.of(1L));
        }

        PointBatch oneTooMany = onePoint("a:4", 2);
        refused(ErrorCode.SERIES_LIMIT, Command.of(Verb.WRITE).with(new Body.Points(oneTooMany)), "namespace a has 3");
        write("a:3", 2, Value.of(2L));
        PointBatch mixed = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("b:2")), 1, Value.of(1L))
                .add(SeriesKey.of(Path.parse("a:1")), 2, Value.of(1L))
                .add(SeriesKey.of(Path.parse("b:3")), 1, Value.of(1L))
                .build();
        refused(ErrorCode.SERIES_LIMIT, Command.of(Verb.WRITE).with(new Body.Points(mixed)), "there are 5 series");
        Reply partly = run(command(Verb.WRITE, "partial=allow").with(new Body.Points(mixed)));
        assertThat(rows(partly, "row", "field")).containsExactly("3|path");

        reopen();
        refused(ErrorCode.SERIES_LIMIT, Command.of(Verb.WRITE).with(new Body.Points(onePoint("c", 1))), "5 series");
        run(Verb.DROP, "sel=a:1");
        write("c", 1, Value.of(1L));
        assertThat(rows(run(Verb.SERIES), "path")).containsExactly("a:2", "a:3", "b:1", "b:2", "c");
    }

    @Test
    void retentionHasARuleForASelectorAndRefusesWhatIsOlder() {
        run(Verb.RETENTION, "sel=**", "keep=30d");
        run(Verb.RETENTION, "sel=audit:**", "keep=52w,last");
        run(Verb.RETENTION, "sel=audit:web:*", "keep=1d");
        reopen();

        assertThat(rows(run(Verb.RETENTION), "sel", "keep"))
                .containsExactly("audit:web:*|1d", "audit:**|52w,last", "**|4w2d");
        long twoDays = clock.nanos() - 2 * 86_400_000_000_000L;
        Body.Points old = new Body.Points(onePoint("audit:web:a", twoDays));
        refused(ErrorCode.INVALID_ROWS, Command.of(Verb.WRITE).with(old), "row 1, time", "1d", "audit:web:*");
        write("audit:db", twoDays, Value.of(1L));
        write("other", twoDays, Value.of(1L));
        Reply reply = run(command(Verb.WRITE, "partial=allow").with(old));
        assertThat(rows(reply, "row", "field")).containsExactly("1|time");

        run(Verb.RETENTION, "sel=audit:web:*", "keep=forever");
        assertThat(rows(run(Verb.RETENTION), "sel")).containsExactly("audit:**", "**");
        refused(ErrorCode.BAD_REQUEST, command(Verb.RETENTION, "sel=a"), "keep=30d");
        refused(ErrorCode.BAD_REQUEST, command(Verb.RETENTION, "keep=1d"), "sel");
        refused(ErrorCode.BAD_REQUEST, command(Verb.RETENTION, "sel=a", "keep=soon"), "keep=soon");
        refused(ErrorCode.BAD_REQUEST, command(Verb.RETENTION, "sel=a", "keep=0s"), "keeps nothing");
    }

    @Test
    void rollupsHaveARuleForASelectorAndALength() {
        run(Verb.ROLLUP, "sel=node:**", "every=1h", "keep=2y");
        run(Verb.ROLLUP, "sel=node:**", "every=15m", "keep=30d");
        run(Verb.ROLLUP, "sel=a", "every=1d", "keep=forever");
        run(Verb.ROLLUP, "sel=node:**", "every=60m", "keep=1y");
        reopen();

        assertThat(rows(run(Verb.ROLLUP), "sel", "every", "keep"))
                .containsExactly("a|1d|forever", "node:**|15m|4w2d", "node:**|1h|52w1d");

        run(Verb.ROLLUP, "sel=node:**", "every=15m", "keep=none");
        assertThat(rows(run(Verb.ROLLUP), "sel", "every")).containsExactly("a|1d", "node:**|1h");
        refused(ErrorCode.BAD_REQUEST, command(Verb.ROLLUP, "sel=b", "every=1h", "keep=none"), "no rule of b");
        refused(
                ErrorCode.BAD_REQUEST,
                command(Verb.ROLLUP, "sel=b", "every=7h", "keep=1d"),
                "every=7h",
                "divide a day");
        refused(ErrorCode.BAD_REQUEST, command(Verb.ROLLUP, "sel=b", "every=1w", "keep=1d"), "every=1w", "folded");
        refused(ErrorCode.BAD_REQUEST, command(Verb.ROLLUP, "sel=b", "keep=1d"), "every=1h");
        refused(ErrorCode.BAD_REQUEST, command(Verb.ROLLUP, "sel=b", "every=1h"), "keep=2y");
        refused(ErrorCode.BAD_REQUEST, command(Verb.ROLLUP, "sel=b", "every=1h", "keep=0s"), "keeps nothing");
        refused(ErrorCode.BAD_REQUEST, command(Verb.ROLLUP, "every=1h"), "sel");
    }

    @Test
    void whatIsOlderThanARuleIsHiddenAtOnce() {
        write("a", clock.nanos() - 2 * 86_400_000_000_000L, Value.of(1L));
        write("a", clock.nanos(), Value.of(2L));

        run(Verb.RETENTION, "sel=a", "keep=1d");
        assertThat(rows(run(Verb.READ, "type=tsds", "key=a"), "value")).containsExactly("2");
        reopen();
        assertThat(rows(run(Verb.READ, "type=tsds", "key=a"), "value")).containsExactly("2");

        run(Verb.RETENTION, "sel=a", "keep=forever");
        assertThat(rows(run(Verb.READ, "type=tsds", "key=a"), "value")).containsExactly("1", "2");
    }

    @Test
    void queriesGoToTheirService() {
        for (Verb verb : List.of(Verb.QUERY, Verb.STATES, Verb.CENSUS, Verb.AT)) {
            assertThat(run(command(verb, "sel=a")).notes()).containsEntry("asked", verb.word());
        }
        for (Verb verb : List.of(Verb.QUERY, Verb.STATES, Verb.CENSUS)) {
            assertThat(run(command(verb, "when=a=1", "from=0s", "to=1s")).notes())
                    .containsEntry("asked", verb.word());
        }
    }

    @Test
    void aQueryThatNobodyWaitsForEnds() {
        CompletableFuture<Reply> reply = datastore.handle(command(Verb.STATES, "sel=endless"));
        Awaitility.await().until(() -> endlessRuns);

        reply.cancel(false);

        Awaitility.await().until(() -> endlessEnded.get() == 1);
        datastore.handle(command(Verb.STATES, "sel=endless", "timeout=50ms"));
        Awaitility.await().until(() -> endlessEnded.get() == 2);
    }

    @Test
    void theServerTellsOfItself() {
        run(Verb.PUT, "key=a", "value=1");

        assertThat(rows(run(Verb.INFO), "name", "value")).contains("version|test");
        assertThat(rows(run(Verb.INFO, "storage=true"), "table", "rows")).contains("kv|1");
        assertThat(rows(run(Verb.HEALTH), "state")).containsExactly("ok");
        ailment = Optional.of("the disk is low");
        refused(ErrorCode.UNAVAILABLE, command(Verb.HEALTH), "the disk is low");
        Result.Document metrics = (Result.Document) run(Verb.METRICS).result();
        assertThat(new String(metrics.bytes(), ISO_8859_1))
                .contains("goshare_requests_total{verb=\"put\",code=\"ok\"} 1\n")
                .contains("goshare_requests_total{verb=\"health\",code=\"unavailable\"} 1\n")
                .contains("goshare_test 1.0\n");
    }

    @Test
    void afterTheCloseThereIsAnError() {
        datastore.close();

        refused(ErrorCode.CLOSED, command(Verb.SCAN), "closing");
    }
}
