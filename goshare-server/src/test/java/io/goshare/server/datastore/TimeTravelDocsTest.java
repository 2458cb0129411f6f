package io.goshare.server.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import io.goshare.server.keyvalue.LocalKeyValueStore;
import io.goshare.server.keyvalue.SettableClock;
import io.goshare.server.namespace.LocalNamespaceStore;
import io.goshare.server.series.LocalSeriesStore;
import io.goshare.server.series.SeriesConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The examples of docs/time-travel.md give the results they show. */
final class TimeTravelDocsTest {
    private static final java.nio.file.Path PAGE = java.nio.file.Path.of("..", "docs", "time-travel.md");
    private static final Pattern DATA = Pattern.compile("```data\n([^`]*)```");
    private static final Pattern EXAMPLE = Pattern.compile("```command\n(.*)\n```\n```result\n([^`]*)```");

    private final SettableClock clock = new SettableClock(Instant.parse("2014-07-01T00:00:00Z"));

    @Test
    void examplesGiveTheirResults() throws IOException {
        String page = Files.readString(PAGE);
        List<MatchResult> examples = EXAMPLE.matcher(page).results().toList();
        assertThat(examples).hasSizeGreaterThan(7);
        try (DataDirectory directory = DataDirectory.inMemory(new MemoryEngineProvider())) {
            StorageEngine base = directory.engine(DataDirectory.BASE, EngineOptions.DEFAULTS, true);
            GroupCommitter committer = new GroupCommitter(base, clock, false);
            try (LocalSeriesStore series = LocalSeriesStore.open(directory, base, committer, SeriesConfig.defaults());
                    committer;
                    Datastore datastore = open(base, committer, series)) {
                committer.start();
                DATA.matcher(page)
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1)
                        .lines()
                        .forEach(line -> happen(datastore, line));
                for (MatchResult example : examples) {
                    Reply reply = datastore.handle(command(example.group(1))).join();
                    assertThat(print(reply)).as(example.group(1)).isEqualTo(example.group(2));
                }
            }
        }
    }

    private Datastore open(StorageEngine base, GroupCommitter committer, LocalSeriesStore series) {
        return new Datastore(
                base,
                committer,
                new LocalKeyValueStore(base, clock),
                new LocalNamespaceStore(base),
                series,
                (command, abandoned) -> Reply.done(),
                new Facts(),
                clock);
    }

    private static final class Facts implements ServerFacts {
        @Override
        public Map<String, String> info() {
            return Map.of();
        }

        @Override
        public Optional<String> ailment() {
            return Optional.empty();
        }

        @Override
        public Map<String, Double> gauges() {
            return Map.of();
        }
    }

    private void happen(Datastore datastore, String line) {
        String[] words = line.split(" ", 2);
        clock.move(Duration.between(clock.instant(), Instant.parse(words[0])));
        String[] write = words[1].split(" ");
        Command command = write[0].equals("write")
                ? Command.of(Verb.WRITE)
                        .with(new Body.Points(new PointBatch.Builder()
                                .add(
                                        SeriesKey.of(Path.parse(write[1])),
                                        clock.nanos(),
                                        Value.infer(write[2].getBytes(StandardCharsets.UTF_8)))
                                .build()))
                : command(words[1]);
        datastore.handle(command).join();
    }

    private static Command command(String line) {
        String[] words = line.split(" ");
        Command command = Command.of(Verb.named(words[0]).orElseThrow());
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    /** CSV with times in RFC 3339, as {@code fmt=csv times=rfc3339} gives it. */
    private static String print(Reply reply) {
        if (reply.result() instanceof Result.Single single) {
            return single.value().asText() + "\n";
        }
        Table table = ((Result.Rows) reply.result()).table();
        StringBuilder out = new StringBuilder();
        out.append(String.join(
                        ",", table.columns().stream().map(Table.Column::name).toList()))
                .append('\n');
        for (@Nullable Value[] row : table.rows()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                Value cell = row[i];
                boolean time = table.columns().get(i).type() == Table.Type.TIME;
                cells.add(cell == null ? "" : time ? Instant.EPOCH.plusNanos(cell.word()) + "" : cell.asText());
            }
            out.append(String.join(",", cells)).append('\n');
        }
        return out.toString();
    }
}
