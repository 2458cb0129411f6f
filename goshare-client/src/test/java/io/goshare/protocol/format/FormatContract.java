package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every encoding of points, tables and values keeps. */
abstract class FormatContract {
    static final long NOON = 1_404_216_000_000_000_000L;

    private final Format format;

    FormatContract(Format format) {
        this.format = format;
    }

    /** Whether text that is no UTF-8 comes back byte for byte. */
    boolean keepsBrokenText() {
        return true;
    }

    /** Whether it holds tables and single values. */
    boolean holdsTables() {
        return true;
    }

    List<Value> values() {
        List<Value> values = new ArrayList<>(List.of(
                Value.of(0L),
                Value.of(1L),
                Value.of(-1L),
                Value.of(Long.MAX_VALUE),
                Value.of(Long.MIN_VALUE),
                Value.of((1L << 53) + 1),
                Value.decimal(5825, 2),
                Value.decimal(50, 2),
                Value.decimal(-5, 1),
                Value.decimal(1, 18),
                Value.decimal(7, 0),
                Value.decimal(10, 1),
                Value.of(0.0),
                Value.of(-0.0),
                Value.of(1.0),
                Value.of(0.1),
                Value.of(Math.PI),
                Value.of(1e300),
                Value.of(Double.MIN_VALUE),
                Value.of(-Double.MAX_VALUE),
                Value.of(Double.NaN),
                Value.of(Double.longBitsToDouble(0xfff4_0000_dead_beefL)),
                Value.of(Double.POSITIVE_INFINITY),
                Value.of(Double.NEGATIVE_INFINITY),
                Value.of(true),
                Value.of(false)));
        values.addAll(List.of(
                Value.of(""),
                Value.of("up"),
                Value.of("true"),
                Value.of("007"),
                Value.of("5"),
                Value.of("0.50"),
                Value.of("1e5"),
                Value.of("NaN"),
                Value.of("null"),
                Value.of(" outer "),
                Value.of("a,b"),
                Value.of("a\"b\""),
                Value.of("line\nbreak\r\n"),
                Value.of("zero\0byte"),
                Value.of("Grüße 😀 \u2028"),
                Value.of("$x:AAAA"),
                Value.of("{\"$f\":\"NaN\"}"),
                Value.of("a\\b\ttab"),
                Value.of("\\.")));
        values.addAll(List.of(
                Value.of(new byte[0]), Value.of(new byte[] {0}), Value.of(new byte[] {-1, 10, 34, 44, 13, -64})));
        if (keepsBrokenText()) {
            values.add(
                    Value.text(new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b', (byte) 0xed, (byte) 0xa0, (byte) 0x80}));
        }
        return values;
    }

    List<SeriesKey> keys() {
        List<SeriesKey> keys = new ArrayList<>(List.of(
                SeriesKey.of(Path.parse("cpu:usage")),
                SeriesKey.of(Path.parse("cpu:usage"), Map.of("host", "a")),
                SeriesKey.of(Path.parse("node:web1:state"), Map.of("dc", "eu", "rack", "r 1", "odd", "a,b=c}{\\\"")),
                SeriesKey.of(Path.parse("a::b:"), Map.of("empty", "")),
                SeriesKey.of(Path.parse("with space:co\\:lon:Grüße:😀:\\@x:line\nbreak:q\"uote"))));
        if (keepsBrokenText()) {
            keys.add(SeriesKey.of(Path.of(List.of(new byte[] {(byte) 0xff, 'x'}, new byte[] {0, 1, 2}))));
        }
        return keys;
    }

    /** A point of every value. */
    private PointBatch few() {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (Value value : values()) {
            batch.add(keys().get(batch.rows() % keys().size()), NOON + batch.rows(), value);
        }
        return batch.build();
    }

    PointBatch everything() {
        PointBatch.Builder batch = new PointBatch.Builder();
        int row = 0;
        for (Value value : values()) {
            batch.add(keys().get(row % keys().size()), NOON + row * 10_000_000_000L, value);
            row++;
        }
        for (SeriesKey key : keys()) {
            batch.add(key, NOON, Value.of("first"));
            batch.add(key, NOON, Value.of("second"));
            batch.add(key, -1, Value.of("before 1970"));
            batch.add(key, PointBatch.NO_TIME, Value.of("now"));
            batch.add(key, Long.MAX_VALUE, Value.of("the end"));
            batch.add(key, Long.MIN_VALUE + 1, Value.of("the beginning"));
        }
        return batch.build();
    }

    @Test
    void pointsOfEveryKindComeBack() {
        PointBatch batch = everything();

        for (WriteOptions shape : List.of(WriteOptions.DEFAULT, WriteOptions.COLUMNS)) {
            assertThat(bySeries(readPoints(Formats.writePoints(batch, format, shape))))
                    .as(shape.toString())
                    .isEqualTo(bySeries(batch));
        }
    }

    @Test
    void randomPointsComeBack() {
        Random random = new Random(17);
        for (int round = 0; round < 200; round++) {
            PointBatch.Builder builder = new PointBatch.Builder();
            for (int i = random.nextInt(40); i > 0; i--) {
                long time = random.nextInt(3) == 0 ? random.nextLong() | 1 : NOON + i * 10_000_000_000L;
                Value value = random.nextInt(3) == 0
                        ? Value.of(Double.longBitsToDouble(random.nextLong()))
                        : values().get(random.nextInt(values().size()));
                builder.add(keys().get(random.nextInt(keys().size())), time, value);
            }
            PointBatch batch = builder.build();
            for (WriteOptions shape : List.of(WriteOptions.DEFAULT, WriteOptions.COLUMNS)) {
                assertThat(bySeries(readPoints(Formats.writePoints(batch, format, shape))))
                        .isEqualTo(bySeries(batch));
            }
        }
    }

    @Test
    void aBodyMayBeAPieceOfAnArray() {
        byte[] body = Formats.writePoints(everything(), format, WriteOptions.DEFAULT);
        byte[] around = new byte[body.length + 9];
        Arrays.fill(around, (byte) '7');
        System.arraycopy(body, 0, around, 4, body.length);

        assertThat(bySeries(Formats.readPoints(format, around, 4, body.length, PointOptions.DEFAULT)))
                .isEqualTo(bySeries(everything()));
    }

    @Test
    void tablesComeBack() {
        if (!holdsTables()) {
            return;
        }
        Table table = Table.of("key", "value", "time", "other column", "mean,\"x\"");
        for (Value value : values()) {
            table.add(Value.of("k"), value, Value.of(NOON + 1), value, null);
            table.add(value, null, null, null, value);
        }

        Result read = Formats.read(
                format,
                ContentKind.ROWS,
                Formats.writeTable(table, format, WriteOptions.DEFAULT),
                0,
                Formats.writeTable(table, format, WriteOptions.DEFAULT).length);

        Table back = ((Result.Rows) read).table();
        assertThat(back.columns()).isEqualTo(table.columns());
        assertThat(back.rows()).hasSameSizeAs(table.rows());
        for (int row = 0; row < table.rows().size(); row++) {
            assertThat(cells(back).get(row)).isEqualTo(cells(table).get(row));
        }
    }

    /** Blocks of a large table are written apart, and what is written again is copied. */
    @Test
    void largeTablesComeBackRowByRow() {
        if (!holdsTables()) {
            return;
        }
        Random random = new Random(11);
        List<Value> values = new ArrayList<>(values());
        values.add(null);
        Table table = Table.of("key", "time", "value");
        for (int row = 0; row < 30_000; row++) {
            Value key = values.get(random.nextInt(3));
            table.add(key, Value.of(NOON + row / 7), values.get(random.nextInt(values.size())));
        }
        byte[] body = Formats.writeTable(table, format, WriteOptions.DEFAULT);

        Table back = Formats.readTable(format, body, 0, body.length, TimeUnit.NANOSECONDS);

        assertThat(table.blocks()).hasSizeGreaterThan(4);
        assertThat(cells(back)).isEqualTo(cells(table));
    }

    @Test
    void emptyTablesComeBack() {
        if (!holdsTables()) {
            return;
        }
        byte[] body = Formats.writeTable(Table.of("path", "value"), format, WriteOptions.DEFAULT);

        Table back = Formats.readTable(format, body, 0, body.length, TimeUnit.NANOSECONDS);

        assertThat(back.rows()).isEmpty();
    }

    @Test
    void singleValuesComeBack() {
        if (!holdsTables()) {
            return;
        }
        for (Value value : values()) {
            byte[] body = Formats.writeValue(value, format);
            Value back = Formats.readValue(format, body, 0, body.length);

            assertThat(back).isEqualTo(value);
            assertThat(back.kind().letter()).isEqualTo(value.kind().letter());
        }
    }

    @Test
    void everyTruncationIsReadOrRefused() {
        int refused = 0;
        for (byte[] body : bodies()) {
            for (int length = 0; length < body.length; length += length < 400 ? 1 : 3) {
                refused += readAll(Arrays.copyOf(body, length));
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void changedBytesAreReadOrRefused() {
        Random random = new Random(23);
        int refused = 0;
        for (int round = 0; round < 1_000; round++) {
            List<byte[]> bodies = bodies();
            byte[] body = bodies.get(round % bodies.size());
            for (int i = 0; i <= random.nextInt(4); i++) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            refused += readAll(body);
        }
        assertThat(refused).isPositive();
    }

    private List<byte[]> cached = List.of();

    private List<byte[]> bodies() {
        if (cached.isEmpty()) {
            List<byte[]> bodies = new ArrayList<>();
            bodies.add(Formats.writePoints(few(), format, WriteOptions.DEFAULT));
            bodies.add(Formats.writePoints(few(), format, WriteOptions.COLUMNS));
            if (holdsTables()) {
                Table table = Table.of("key", "value", "time");
                values().forEach(value -> table.add(value, value, Value.of(NOON)));
                bodies.add(Formats.writeTable(table, format, WriteOptions.DEFAULT));
                bodies.add(Formats.writeValue(Value.of("some text"), format));
            }
            cached = bodies;
        }
        return cached.stream().map(byte[]::clone).toList();
    }

    /** Reads the bytes as everything they might be; whatever is wrong must be said by a GoShareException. */
    private int readAll(byte[] body) {
        int refused = refused(() -> readPartly(body)) + refused(() -> readPoints(body));
        if (holdsTables()) {
            refused += refused(() -> Formats.readTable(format, body, 0, body.length, TimeUnit.NANOSECONDS));
            refused += refused(() -> Formats.readValue(format, body, 0, body.length));
        }
        return refused;
    }

    private static int refused(Runnable reading) {
        try {
            reading.run();
            return 0;
        } catch (GoShareException e) {
            assertThat(e.getMessage()).isNotBlank();
            return 1;
        }
    }

    PointBatch readPoints(byte[] body) {
        return Formats.readPoints(format, body, 0, body.length, PointOptions.DEFAULT);
    }

    PointsRead readPartly(byte[] body) {
        return Formats.readGoodPoints(format, body, 0, body.length, PointOptions.DEFAULT);
    }

    PointBatch readPoints(String body) {
        return readPoints(Text.encode(body));
    }

    static Map<String, List<String>> bySeries(PointBatch batch) {
        Map<String, List<String>> series = new LinkedHashMap<>();
        for (int row = 0; row < batch.rows(); row++) {
            series.computeIfAbsent(SeriesText.print(batch.key(batch.series()[row])), key -> new ArrayList<>())
                    .add(batch.times()[row] + " " + shown(batch.value(row)));
        }
        return new java.util.TreeMap<>(series);
    }

    static List<String> rows(PointBatch batch) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            String time = batch.times()[row] == PointBatch.NO_TIME ? "-" : String.valueOf(batch.times()[row]);
            rows.add(SeriesText.print(batch.key(batch.series()[row])) + " " + time + " " + shown(batch.value(row)));
        }
        return rows;
    }

    /** Letter and content; a float's bits, so that 0.50 and the double 0.5 show alike. */
    static String shown(Value value) {
        return value.kind().letter()
                + " "
                + (value.kind().letter() == 'f'
                        ? Long.toHexString(Double.doubleToRawLongBits(value.asDouble()))
                        : value.asText());
    }

    private static List<List<String>> cells(Table table) {
        return table.rows().stream()
                .map(row -> Arrays.stream(row)
                        .map(cell -> cell == null ? "nothing" : shown(cell))
                        .toList())
                .toList();
    }
}
