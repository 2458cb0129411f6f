package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Format;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies that name more series than are kept, one after the other on one thread, and so by what was kept before. */
class KnownSeriesTest {
    private static final int SERIES = 50_000;
    private static final int ROWS = 9_000;

    private final Random random = new Random(1);

    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RAW"})
    void eachPointIsOfTheSeriesThatItsBodyNames(Format format) {
        for (int body = 0; body < 12; body++) {
            PointBatch sent = body(body);

            byte[] bytes = Formats.writePoints(sent, format, WriteOptions.DEFAULT);
            PointBatch read = Formats.readPoints(format, bytes, 0, bytes.length, PointOptions.DEFAULT);

            assertThat(points(read)).as("body %s", body).isEqualTo(points(sent));
        }
    }

    /** The value says of which field it is. */
    @Test
    void fieldsOfALineMayComeInAnyOrder() {
        List<Integer> fields = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
        for (int line = 0; line < 300; line++) {
            int host = random.nextInt(5);
            Collections.shuffle(fields, random);
            List<Integer> sent = fields.subList(0, 1 + random.nextInt(fields.size()));
            String text = "node,host=h" + host + " "
                    + sent.stream()
                            .map(f -> "f" + f + "=" + (host * 100 + f) + "i")
                            .collect(Collectors.joining(","))
                    + " " + FormatContract.NOON + "\n";
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

            PointBatch read = Formats.readPoints(Format.LP, bytes, 0, bytes.length, PointOptions.DEFAULT);

            assertThat(points(read))
                    .as(text)
                    .isEqualTo(sent.stream()
                            .map(f -> "node:f" + f + "{host=h" + host + "} " + FormatContract.NOON + " "
                                    + Value.of(host * 100L + f))
                            .sorted()
                            .toList());
        }
    }

    /** Series of which each is told in several bodies, and rows of two fields; the value says of which series it is. */
    private PointBatch body(int number) {
        PointBatch.Builder batch = new PointBatch.Builder();
        int from = random.nextInt(SERIES);
        for (int i = 0; i < ROWS; i++) {
            int host = (from + i) % SERIES;
            SeriesKey key =
                    SeriesKey.of(Path.parse("node:" + (i % 2 == 0 ? "load" : "heat")), Map.of("host", "h" + host));
            batch.add(key, FormatContract.NOON + number, Value.of(host * 2L + i % 2));
        }
        return batch.build();
    }

    private static List<String> points(PointBatch batch) {
        List<String> points = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            points.add(batch.key(batch.series()[row]) + " " + batch.times()[row] + " " + batch.value(row));
        }
        Collections.sort(points);
        return points;
    }
}
