package io.goshare.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Command;
import io.goshare.protocol.Durations;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SegmentPattern.Literal;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeText;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.commit.WriteRequest;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import io.goshare.server.series.LocalSeriesStore;
import io.goshare.server.series.RollupRule;
import io.goshare.server.series.SeriesConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The examples of docs/queries.md give the results they show. */
class QueryDocsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "queries.md");
    private static final Pattern EXAMPLE = Pattern.compile("```query\n(.*)\n```\n```result\n([^`]*)```");
    private static final Pattern POINTS = Pattern.compile("```points\n([^`]*)```");
    private static final Pattern ROLLUP = Pattern.compile("```rollup\n(.*)\n```");
    private static final long NOW = time("2014-07-01T12:05:00Z");

    @TestFactory
    Stream<DynamicTest> examplesGiveTheirResults() throws IOException {
        String document = Files.readString(DOCUMENT);
        QueryService service = new QueryService(series(document), () -> NOW, Budget.Limits.DEFAULT);
        if (Boolean.getBoolean("goshare.docs.write")) {
            Files.writeString(
                    DOCUMENT,
                    EXAMPLE.matcher(document)
                            .replaceAll(example -> Matcher.quoteReplacement("```query\n" + example.group(1)
                                    + "\n```\n```result\n" + print(service.run(command(example.group(1)))) + "```")));
            return Stream.of();
        }
        List<MatchResult> examples = EXAMPLE.matcher(document).results().toList();
        assertThat(examples).hasSizeGreaterThan(25);
        return examples.stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.group(1),
                        () -> assertThat(print(service.run(command(example.group(1)))))
                                .isEqualTo(example.group(2))));
    }

    /** With the rule that the page shows, its summaries made, and the rest of the points in memory. */
    @Test
    void examplesGiveTheSameFromSummaries() throws IOException {
        String document = Files.readString(DOCUMENT);
        Command rule = command(
                ROLLUP.matcher(document).results().findFirst().orElseThrow().group(1));
        MemorySeries points = series(document);
        try (DataDirectory directory = DataDirectory.inMemory(new MemoryEngineProvider());
                StorageEngine base = directory.engine(DataDirectory.BASE, EngineOptions.DEFAULTS, true)) {
            GroupCommitter committer = new GroupCommitter(base, Clock.systemUTC(), false);
            try (LocalSeriesStore store = LocalSeriesStore.open(directory, base, committer, SeriesConfig.defaults());
                    committer) {
                committer.start();
                PointBatch.Builder batch = new PointBatch.Builder();
                points.points.forEach((key, of) -> of.forEach((time, value) -> batch.add(key, time, value)));
                committer.commit(WriteRequest.of(store.points(batch.build()))).join();
                store.checkpoint();
                long every = Durations.parse(rule.require(Param.SUMMARY_EVERY));
                store.rollups(
                        List.of(new RollupRule(
                                1, new SelectorFilter(rule.require(Param.SEL)), every, RollupRule.FOR_EVER)),
                        StoreReader.summariser());
                store.retain(List.of(), NOW, () -> false);
                QueryService service = new QueryService(new StoreReader(store), () -> NOW, Budget.Limits.DEFAULT);
                EXAMPLE.matcher(document)
                        .results()
                        .forEach(example -> assertThat(print(service.run(command(example.group(1)))))
                                .as(example.group(1))
                                .isEqualTo(example.group(2)));
                assertThat(service.run(command("query sel=node:web1:cpu agg=mean explain=1"))
                                .notes()
                                .get("explain"))
                        .contains(" points=5 headers=0 rollups=3 ");
            }
        }
    }

    private static long time(String text) {
        return TimeText.parse(text).resolve(0, ZoneOffset.UTC);
    }

    private static MemorySeries series(String document) {
        MemorySeries series = new MemorySeries();
        String points =
                POINTS.matcher(document).results().findFirst().orElseThrow().group(1);
        points.lines().forEach(line -> {
            String[] parts = line.split(" ", 3);
            series.put(key(parts[1]), time(parts[0]), Value.infer(parts[2].getBytes(StandardCharsets.UTF_8)));
        });
        return series;
    }

    /** {@code node:web1:cpu{dc=eu}}, read as the one selector that names it. */
    private static SeriesKey key(String text) {
        Selector selector = Selector.parse(text);
        TreeMap<String, String> tags = new TreeMap<>();
        selector.matchers().forEach(matcher -> tags.put(matcher.tag(), matcher.value()));
        assertThat(selector.segments()).allMatch(Literal.class::isInstance);
        return SeriesKey.of(selector.exact().orElseThrow(), tags);
    }

    /** Words with blanks between; a backslash keeps a blank. */
    private static Command command(String words) {
        String[] parts = words.split("(?<!\\\\) ");
        Command command = Command.of(Verb.named(parts[0]).orElseThrow());
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].replace("\\ ", " ").split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    private static String print(Reply reply) {
        StringBuilder out = new StringBuilder();
        if (reply.result() instanceof Result.Points points) {
            out.append("series,time,value\n");
            PointBatch batch = points.batch();
            for (int i = 0; i < batch.rows(); i++) {
                String series = batch.key(batch.series()[i]).toString();
                out.append(series)
                        .append(',')
                        .append(instant(batch.times()[i]))
                        .append(',')
                        .append(batch.value(i))
                        .append('\n');
            }
        } else {
            print(((Result.Rows) reply.result()).table(), out);
        }
        reply.notes()
                .forEach((name, value) -> out.append("# ")
                        .append(name)
                        .append(name.equals("cursor") ? "" : " " + value)
                        .append('\n'));
        return out.toString();
    }

    private static void print(Table table, StringBuilder out) {
        out.append(String.join(
                        ",", table.columns().stream().map(Table.Column::name).toList()))
                .append('\n');
        for (@Nullable Value[] row : table.rows()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                Value cell = row[i];
                boolean isTime = table.columns().get(i).type() == Table.Type.TIME;
                cells.add(cell == null ? "" : isTime ? instant(cell.word()) : cell.toString());
            }
            out.append(String.join(",", cells)).append('\n');
        }
    }

    private static String instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos).toString();
    }
}
