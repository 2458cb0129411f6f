package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Format;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.Map;
import java.util.TreeMap;

/** Points written in an encoding and read back in it. */
public final class RoundTrip {
    private static final long TIME = 1_750_000_000_123_456_789L;

    private RoundTrip() {}

    /** A point of each type comes back as it was, with its type. */
    public static void everyTypeComesBack(CommandHandler store, Format format) {
        Map<String, Value> points = points(format.word());
        PointBatch.Builder batch = new PointBatch.Builder();
        points.forEach((series, value) -> batch.add(SeriesKey.of(Path.parse(series)), TIME, value));

        StoreReader.done(
                store, Command.of(Verb.WRITE).with("fmt", format.word()).with(new Body.Points(batch.build())));
        Command query = Command.of(Verb.QUERY)
                .with("sel", format.word() + ":*")
                .with("from", (TIME - 1) + "ns")
                .with("to", (TIME + 1) + "ns")
                .with("fmt", format.word());

        assertThat(values(StoreReader.done(store, query).result())).isEqualTo(points);
    }

    private static Map<String, Value> points(String root) {
        Map<String, Value> points = new TreeMap<>();
        points.put(root + ":float", Value.of(0.1 + 0.2));
        points.put(root + ":integer", Value.of(Long.MAX_VALUE));
        points.put(root + ":decimal", Value.decimal(50, 2));
        points.put(root + ":boolean", Value.of(true));
        points.put(root + ":text", Value.of("a \"quoted\", long\nstate: ключ"));
        points.put(root + ":bytes", Value.of(new byte[] {0, (byte) 0xff, '\n'}));
        return points;
    }

    private static Map<String, Value> values(Result result) {
        PointBatch batch = ((Result.Points) result).batch();
        Map<String, Value> values = new TreeMap<>();
        for (int row = 0; row < batch.rows(); row++) {
            assertThat(batch.times()[row]).isEqualTo(TIME);
            values.put(batch.key(batch.series()[row]).toString(), batch.value(row));
        }
        return values;
    }
}
