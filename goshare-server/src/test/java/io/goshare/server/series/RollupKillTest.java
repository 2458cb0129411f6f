package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.StoreReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a process that writes, also late, makes summaries and checkpoints: what was acknowledged is there,
 * and summaries answer as points do.
 */
@Tag("engine:leveldb")
class RollupKillTest {
    private static final int KILLS = Integer.getInteger("goshare.kills", 5);
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long START = 1_764_028_800L * SECOND;
    private static final long NOW = START + 400 * DAY;
    private static final int POINTS = 60;

    private static final List<String> QUESTIONS = List.of(
            "query sel=n:* agg=count,sum,mean,min,max,first,last,argmax,t_last",
            "query sel=n:* every=1h agg=count,sum,mean,min,max,first,last,argmin",
            "query sel=n:* every=1d tz=Europe/Berlin agg=count,sum,max",
            "query sel=s:* every=90m agg=duration:down,transitions,entries:up,uptime,unknown,longest:down",
            "states sel=s:*",
            "census sel=s:* every=1d");

    @TempDir
    Path directory;

    private static OpenStore open(Path directory) {
        OpenStore store = new OpenStore(
                DataDirectory.open(directory, new LevelDbEngineProvider()),
                OpenStore.BY_HAND.withPeriod(PeriodLength.DAY));
        store.series.rollups(
                List.of(
                        new RollupRule(1, new SelectorFilter(Selector.parse("**")), HOUR, RollupRule.FOR_EVER),
                        new RollupRule(2, new SelectorFilter(Selector.parse("n:*")), 15 * MINUTE, 500 * DAY)),
                StoreReader.summariser());
        return store;
    }

    /** The points of request {@code number}: an hour of each series, and in every third some late ones. */
    private static PointBatch batch(int number) {
        Random random = new Random(number);
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < POINTS; i++) {
            add(batch, START + number * HOUR + i * MINUTE, random);
        }
        for (int i = 0; i < 5 && number % 3 == 2; i++) {
            long before = (long) (random.nextDouble() * Math.min(number, 50) * HOUR);
            add(batch, START + number * HOUR - before / SECOND * SECOND, random);
        }
        return batch.build();
    }

    private static void add(PointBatch.Builder batch, long time, Random random) {
        batch.add(OpenStore.key("n:integer"), time, Value.of(random.nextInt(1000)));
        batch.add(OpenStore.key("n:decimal"), time, Value.decimal(random.nextInt(1000), 2));
        batch.add(OpenStore.key("s:state"), time, Value.of(random.nextInt(9) == 0 ? "down" : "up"));
    }

    /** What is killed: prints the number of each request once it is acknowledged. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            int number = Integer.parseInt(args[1]);
            try (OpenStore store = open(Path.of(args[0]))) {
                while (true) {
                    store.write(batch(number));
                    System.out.println(number);
                    number++;
                    if (number % 4 == 0) {
                        store.series.checkpoint();
                    } else if (number % 6 == 1) {
                        store.retain(List.of(), NOW);
                    }
                }
            }
        }
    }

    @Test
    void summariesAnswerAsPointsDoAfterEachKill() throws Exception {
        Random random = new Random(Long.getLong("goshare.seed", 20_260_701L));
        Answers answers = new Answers();
        int acknowledged = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int last = writeUntilKilled(acknowledged, random);
            assertThat(last).isGreaterThan(acknowledged);
            try (OpenStore store = open(directory)) {
                acknowledged = verified(store, last + 1);
                sameAnswers(answers, store, acknowledged, random);
                store.retain(List.of(), NOW);
                long before = answers.rollupsRead();
                sameAnswers(answers, store, acknowledged, random);
                assertThat(answers.rollupsRead()).isGreaterThan(before + 20);
            }
        }
    }

    /** The number of the last request that was acknowledged. */
    private int writeUntilKilled(int from, Random random) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        directory.toString(),
                        Integer.toString(from))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int last = -1;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            int enough = from + 20 + random.nextInt(20);
            while (last < enough) {
                last = number(out.readLine());
            }
            TimeUnit.MICROSECONDS.sleep(random.nextInt(40_000)); // the moment is what is tested
            // By its handle, for its output is still to be read.
            assertThat(writer.toHandle().destroyForcibly()).isTrue();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = number(line);
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
        return last;
    }

    private static int number(String line) {
        assertThat(line).as("what the writer told").matches("\\d+");
        return Integer.parseInt(line);
    }

    /** How many requests are in the store: those acknowledged, and maybe the one that was under way. */
    private static int verified(OpenStore store, int acknowledged) {
        long next = START + acknowledged * HOUR;
        int written = store.read("n:integer").containsKey(next) ? acknowledged + 1 : acknowledged;
        Map<String, NavigableMap<Long, Value>> expected = new TreeMap<>();
        for (int number = 0; number < written; number++) {
            PointBatch batch = batch(number);
            for (int row = 0; row < batch.rows(); row++) {
                expected.computeIfAbsent(batch.key(batch.series()[row]).toString(), name -> new TreeMap<>())
                        .put(batch.times()[row], batch.value(row));
            }
        }
        expected.forEach((name, points) -> assertThat(store.read(name))
                .as("%s of %d requests", name, written)
                .isEqualTo(points));
        return written;
    }

    private static void sameAnswers(Answers answers, OpenStore store, int hours, Random random) {
        for (String question : QUESTIONS) {
            long from = START + random.nextInt(hours) * HOUR + random.nextInt(60) * MINUTE;
            String part = question + " from=" + from + "ns to=" + (from + (1 + random.nextInt(40)) * HOUR) + "ns";
            for (String words : List.of(question, part)) {
                assertThat(answers.of(store.series, words, NOW))
                        .as(words)
                        .isEqualTo(answers.ofPoints(store.series, words, NOW));
            }
        }
    }
}
