package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("encoding:columns")
class ColumnsFormatTest extends FormatContract {
    ColumnsFormatTest() {
        super(Format.COLUMNS);
    }

    @Override
    boolean holdsTables() {
        return false;
    }

    private static PointBatch row(int fields) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < fields; i++) {
            SeriesKey key = SeriesKey.of(Path.parse("cpu:f" + i), Map.of("h", "a"));
            batch.add(key, NOON, Value.of(5L)).add(key, NOON + 1_000_000_000, Value.of(6L));
        }
        return batch.build();
    }

    @Test
    void fieldsOfARowShareNameAndTimes() {
        String hex = HexFormat.of().formatHex(Formats.writePoints(row(2), Format.COLUMNS, WriteOptions.COLUMNS));

        assertThat(hex)
                .isEqualTo("47534301" + "00" + "02"
                        + "04" + "63707500" + "06" + "000068006100"
                        + "02" + "90" + "808b95bb0a" + "02"
                        + "02" + "6630" + "0102" + "00" + "18" + "0a" + "01" + "01"
                        + "02" + "6631" + "0102" + "00" + "18" + "0a" + "01" + "01");
    }

    @Test
    void seriesWithTheSameTimesDoNotRepeatThem() {
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("a")), NOON, Value.of(1L))
                .add(SeriesKey.of(Path.parse("b:c")), NOON, Value.of(2L))
                .build();

        byte[] body = Formats.writePoints(batch, Format.COLUMNS, WriteOptions.COLUMNS);

        assertThat(rows(readPoints(body))).containsExactly("a " + NOON + " i 1", "b:c " + NOON + " i 2");
        assertThat(body.length).isEqualTo(39);
    }

    @Test
    void claimsAreHeldAgainstLimits() {
        ByteSink claim = new ByteSink().put(new byte[] {'G', 'S', 'C', 1, 0, 1, 4, 'a', 0, 0, 0, 0});
        assertThatThrownBy(() -> readPoints(claim.toByteArray())).isInstanceOf(GoShareException.class);

        byte[] text = new byte[1 << 20];
        PointBatch.Builder many = new PointBatch.Builder();
        int series = many.series(SeriesKey.of(Path.parse("a")));
        many.add(series, 0, Kind.TEXT, text, 0, text.length);
        PointBatch one = many.build();
        long[] words = new long[1000];
        java.util.Arrays.fill(words, one.words()[0]);
        byte[] tags = new byte[1000];
        java.util.Arrays.fill(tags, one.tags()[0]);
        ByteSink bomb = new ByteSink().put(new byte[] {'G', 'S', 'C', 1, 0, 1, 3, 'a', 0, 0, 0});
        ColumnCodec codec = new ColumnCodec();
        codec.encodeTimes(new long[1000], 0, 1000, bomb);
        bomb.put(0);
        codec.encodeValues(tags, words, one.heap(), 0, 1000, bomb);

        assertThat(bomb.size()).isLessThan(200);
        assertThatThrownBy(() -> readPoints(bomb.toByteArray()))
                .isInstanceOfSatisfying(
                        GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    @Test
    void onlyTheOneEncodingOfANameIsTaken() {
        for (byte[] name : new byte[][] {
            {},
            {0},
            {0, 0},
            {'a'},
            {'a', 0},
            {'a', 0, 0, 'b'},
            {'a', 0, 0, 'b', 0},
            {'a', 0, 0, 'b', 0, 'c'},
            {'a', 0, 0, 'b', 0, 'c', 0, 'a', 0, 'c', 0},
            {1, 0, 0},
            {1, 4, 0, 0},
            {'a', 1, 1, 0, 0},
            {'a', 0, 0, 1}
        }) {
            assertThatThrownBy(() -> EncodedNames.check(name)).isInstanceOf(IllegalArgumentException.class);
        }
        for (SeriesKey key : keys()) {
            assertThat(EncodedNames.check(key.encoded())).isEqualTo(key);
        }
    }

    @Test
    void decimalsThatNoFloat64GivesBackAreRefused() {
        PointBatch batch = new PointBatch.Builder()
                .add(0, NOON, Kind.DECIMAL, 2, 1234567890123456789L)
                .build();
        ByteSink body = new ByteSink().put(new byte[] {'G', 'S', 'C', 1, 0, 1, 3, 'a', 0, 0, 0});
        ColumnCodec codec = new ColumnCodec();
        codec.encodeTimes(batch.times(), 0, 1, body);
        body.put(0);
        codec.encodeValues(batch.tags(), batch.words(), batch.heap(), 0, 1, body);

        assertThatThrownBy(() -> readPoints(body.toByteArray())).hasMessageContaining("row 1, value: has more digits");
    }
}
