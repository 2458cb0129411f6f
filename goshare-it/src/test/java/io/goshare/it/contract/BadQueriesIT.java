package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions that make no sense, or too much of it, over both doors: one clear error, or an empty result. */
@Tag("engine:leveldb")
@Tag("door:http")
@Tag("door:zeromq")
final class BadQueriesIT {
    private static final long SECOND = 1_000_000_000L;
    private static final String REFUSED = "bad_request";

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("leveldb");

    private static Command command(String words) {
        String[] parts = words.split(" ");
        Command command = Command.of(Verb.named(parts[0]).orElseThrow());
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    private static Reply ask(CommandHandler door, String words) {
        return door.handle(command(words)).join();
    }

    private static int rows(Reply reply) {
        return reply.result() instanceof Result.Points points
                ? points.batch().rows()
                : ((Result.Rows) reply.result()).table().rows().size();
    }

    private void write() {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < 100; i++) {
            batch.add(key("a:cpu"), i * SECOND, Value.of((long) i));
            batch.add(key("a:state"), i * SECOND, Value.of(i % 2 == 0 ? "up" : "a".repeat(5_000) + "!"));
        }
        server.server()
                .handler()
                .handle(Command.of(Verb.WRITE).with(new Body.Points(batch.build())))
                .join();
    }

    private static SeriesKey key(String path) {
        return SeriesKey.of(Path.parse(path));
    }

    private static void isRefused(CommandHandler door, String words, String code, String message) {
        ThrowingCallable asked = () -> ask(door, words);
        assertThatThrownBy(asked)
                .as(words)
                .hasMessageContaining(message)
                .satisfies(failure -> assertThat(failure.toString().toLowerCase(Locale.ROOT))
                        .as("one line")
                        .doesNotContain("incident"))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(code));
    }

    private static String code(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof io.goshare.protocol.GoShareException)) {
            cause = cause.getCause();
        }
        return cause == null
                ? "none"
                : ((io.goshare.protocol.GoShareException) cause).code().word();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void whatMakesNoSenseIsRefused(String doorName) {
        write();
        try (Transport door = server.connect(doorName)) {
            isRefused(door, "query sel=a:cpu from=-1h to=-2h", REFUSED, "to=-2h is before from=-1h");
            isRefused(door, "query sel=a:cpu range=2014-07-08/2014-07-01", REFUSED, "range");
            isRefused(door, "query sel=a:cpu range=2014:7:3..2014:7:1", REFUSED, "range");
            isRefused(door, "states sel=a:state tz=Mars/Olympus", REFUSED, "is no time zone");
            isRefused(door, "query sel=a:cpu every=0s agg=mean", REFUSED, "longer than nothing");
            isRefused(door, "query sel=a:cpu every=1m window=0s agg=mean", REFUSED, "longer than nothing");
            isRefused(door, "query sel=a:cpu window=session:0s agg=count", REFUSED, "longer than nothing");
            isRefused(door, "query sel=a:cpu every=-5m agg=mean", REFUSED, "every");
            isRefused(door, "query sel=a:state where=re:((((( agg=count", REFUSED, "regular expression");
            isRefused(door, "query sel=a:/((x{1000}){1000}){1000}/", REFUSED, "fewer or smaller");
            isRefused(door, "query sel=a:state where=re:(x{1000}){1000}", REFUSED, "fewer or smaller");
            isRefused(door, "query sel=a:*{dc=~\"(x{1000}){1000}\"}", REFUSED, "fewer or smaller");
            isRefused(door, "query sel=a:/(?=x)/", REFUSED, "regular expression");
            isRefused(door, "query sel=a:cpu nonsense=1", REFUSED, "nonsense");
            isRefused(door, "query sel=a:cpu agg=meann", REFUSED, "did you mean mean?");
            isRefused(door, "query sel=a:cpu top=3 bottom=3 agg=mean", REFUSED, "exclude each other");
            isRefused(door, "query sel=a:@h with=b:@g join=asof", REFUSED, "capture");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void whatIsTooMuchNamesTheLimit(String doorName) {
        write();
        try (Transport door = server.connect(doorName)) {
            isRefused(
                    door,
                    "query sel=a:cpu every=1ms fill=null agg=count from=0s to=10000s",
                    "budget",
                    "windows or rows; widen every or narrow the range");
            isRefused(door, "query sel=a:state every=1us agg=transitions from=0s to=10s", "budget", "windows or rows");
            assertThatThrownBy(() -> ask(server.server().handler(), "query sel=a:cpu timeout=1ns"))
                    .hasMessageContaining("longer than timeout=1ns");
            many();
            isRefused(door, "query sel=many:** agg=last", "budget", "more than the limit of 100000; narrow sel");
            isRefused(door, "at sel=many:*:x", "budget", "more than the limit of 100000; narrow sel");
            isRefused(door, "census sel=many:**", "budget", "more than the limit of 100000; narrow sel");
            assertThat(rows(ask(door, "query sel=a:cpu agg=count"))).isOne();
        }
    }

    /** More series than one query may find. */
    private void many() {
        for (int part = 0; part < 2; part++) {
            PointBatch.Builder batch = new PointBatch.Builder();
            for (int i = 0; i <= 50_000; i++) {
                batch.add(key("many:" + part + "x" + i + ":x"), SECOND, Value.of((long) i));
            }
            server.server()
                    .handler()
                    .handle(Command.of(Verb.WRITE).with(new Body.Points(batch.build())))
                    .join();
        }
    }

    /** 50 texts of 5,000 letters, for expressions that take another engine 2^5000 steps. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void expressionsMadeToExplodeTakeTheirTime(String doorName) {
        write();
        try (Transport door = server.connect(doorName)) {
            long began = System.nanoTime();

            assertThat(rows(ask(door, "query sel=a:state where=re:^(a+)+$"))).isZero();
            assertThat(rows(ask(door, "query sel=a:state where=re:^(a|aa)+$"))).isZero();
            assertThat(rows(ask(door, "query sel=a:state where=re:^(.*a){12}$")))
                    .isZero();
            assertThat(rows(ask(door, "query sel=a:/(s+t*)*(s|st|sta)*e?q/"))).isZero();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void whatIsNotThereIsEmpty(String doorName) {
        write();
        try (Transport door = server.connect(doorName)) {
            assertThat(rows(ask(door, "query sel=none:**"))).isZero();
            assertThat(rows(ask(door, "query sel=a:cpu from=50s to=50s"))).isZero();
            assertThat(rows(ask(door, "query sel=a:cpu from=50s to=50s every=1m agg=mean")))
                    .isZero();
            assertThat(rows(ask(door, "states sel=a:state from=50s to=50s"))).isZero();
            assertThat(rows(ask(door, "query sel=a:cpu from=1000s to=2000s agg=mean")))
                    .isZero();

            Reply joined = ask(door, "query sel=a:cpu join=asof with=none:* limit=5");
            Reply mean = ask(door, "query sel=a:state agg=mean,sum,max,p50,stddev,count");
            Reply duration = ask(door, "query sel=a:cpu agg=duration:up,share:up,uptime,mtbf");

            assertThat(rows(joined)).isEqualTo(5);
            assertThat(row(joined)).endsWith(", null, null, null]");
            assertThat(row(mean)).endsWith("null, null, null, null, null, 100]");
            assertThat(mean.notes()).containsEntry("skipped", "100");
            assertThat(row(duration)).contains("0.0");
        }
    }

    private static String row(Reply reply) {
        return java.util.Arrays.toString(
                ((Result.Rows) reply.result()).table().rows().get(0));
    }
}
