package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.it.fixture.ServerExtension;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.Setting;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a million points take: rows of chunks, not of points. */
@Tag("engine:leveldb")
final class StorageIT {
    private static final int SERIES = 100;
    private static final int POINTS = 1_000_000;

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("leveldb").with(Setting.LOG_LIMIT, "2m");

    @Test
    void aMillionPointsInAHundredSeriesAreAFewThousandRows() {
        CommandHandler store = server.server().handler();
        for (int first = 0; first < POINTS / SERIES; first += 100) {
            StoreReader.done(store, Command.of(Verb.WRITE).with(new Body.Points(batch(first))));
        }

        requireFewRows(rows(store));

        server.restart();
        requireFewRows(rows(server.server().handler()));
    }

    private static void requireFewRows(Map<String, Long> rows) {
        long chunks = rows.getOrDefault("chunk", 0L) + rows.getOrDefault("page", 0L);
        assertThat(chunks).as("rows by table %s", rows).isBetween(1L, 2_500L);
        assertThat(rows.getOrDefault("log", 0L)).as("rows by table %s", rows).isLessThan(1_000);
    }

    /** A hundred points of each series. */
    private static PointBatch batch(int first) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int series = 0; series < SERIES; series++) {
            int index = batch.series(SeriesKey.of(Path.parse("host:h" + series + ":cpu")));
            for (int i = first; i < first + 100; i++) {
                batch.add(index, 1_750_000_000_000_000_000L + i * 10_000_000_000L, Value.of((i * 31L + series) % 100));
            }
        }
        return batch.build();
    }

    private static Map<String, Long> rows(CommandHandler store) {
        Table table = ((Result.Rows)
                        StoreReader.done(store, Command.of(Verb.INFO).with("storage", "true"))
                                .result())
                .table();
        Map<String, Long> rows = new TreeMap<>();
        for (Value[] row : table.rows()) {
            rows.put(row[table.column("table")].asText(), row[table.column("rows")].word());
        }
        return rows;
    }
}
