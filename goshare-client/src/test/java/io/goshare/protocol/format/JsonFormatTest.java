package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("encoding:json")
class JsonFormatTest extends FormatContract {
    JsonFormatTest() {
        super(Format.JSON);
    }

    @Override
    boolean keepsBrokenText() {
        return false;
    }

    private static PointBatch some() {
        SeriesKey cpu = SeriesKey.of(Path.parse("cpu:load"), Map.of("dc", "eu", "rack", "1"));
        SeriesKey state = SeriesKey.of(Path.parse("web:state"));
        return new PointBatch.Builder()
                .add(cpu, NOON, Value.decimal(50, 2))
                .add(state, PointBatch.NO_TIME, Value.of("up\n\"well\"\u0001"))
                .add(cpu, NOON + 1, Value.of(1L))
                .add(cpu, 5_000_000_000L, Value.of(1.0))
                .add(cpu, 1_404_216_000L, Value.of(Double.NEGATIVE_INFINITY))
                .add(state, -1, Value.of(new byte[] {1, 2}))
                .add(state, 0, Value.of(true))
                .build();
    }

    @Test
    void rowsAreAnArrayOfObjects() {
        assertThat(Text.decode(Formats.writePoints(some(), Format.JSON, WriteOptions.DEFAULT)))
                .isEqualTo("""
                        [{"path":"cpu:load","tags":{"dc":"eu","rack":"1"},"time":1404216000000000000,"value":0.50},
                        {"path":"web:state","value":"up\\n\\"well\\"\\u0001"},
                        {"path":"cpu:load","tags":{"dc":"eu","rack":"1"},"time":1404216000000000001,"value":1},
                        {"path":"cpu:load","tags":{"dc":"eu","rack":"1"},"time":5000000000,"value":1.0},
                        {"path":"cpu:load","tags":{"dc":"eu","rack":"1"},"time":"1404216000ns","value":{"$f":"-Infinity"}},
                        {"path":"web:state","time":-1,"value":{"$x":"AQI="}},
                        {"path":"web:state","time":0,"value":true}]
                        """);
    }

    @Test
    void columnsAreGroupedBySeries() {
        assertThat(Text.decode(Formats.writePoints(some(), Format.JSON, WriteOptions.COLUMNS)))
                .isEqualTo("""
                        {"series":[{"path":"cpu:load","tags":{"dc":"eu","rack":"1"},"times":[1404216000000000000,1404216000000000001,5000000000,"1404216000ns"],"values":[0.50,1,1.0,{"$f":"-Infinity"}]},
                        {"path":"web:state","times":[null,-1,0],"values":["up\\n\\"well\\"\\u0001",{"$x":"AQI="},true]}]}
                        """);
    }

    @Test
    void fieldsComeInAnyOrderAndMayBeLeftOut() {
        assertThat(rows(readPoints("""
                [{"value":1.50,"tags":{"b":"2","a":1},"path":"x"}, {"path":"y","value":"5","time":null},
                 {"tags":null,"time":"2014-07-01T12:00:00Z","value":false,"path":"z{k=v}"},
                 {"values":[1,null,3],"path":"w","times":[1,2,3]}]""")))
                .containsExactly(
                        "x{a=1,b=2} - f 3ff8000000000000",
                        "y - t 5",
                        "z{k=v} " + NOON + " b false",
                        "w 1 i 1",
                        "w 3 i 3");
        assertThat(rows(readPoints("{\"path\":\"x\",\"value\":-0}"))).containsExactly("x - i 0");
        assertThat(rows(readPoints("[]"))).isEmpty();
        assertThat(rows(readPoints("{\"path\":\"x\",\"values\":[1,2]}"))).containsExactly("x - i 1", "x - i 2");
    }

    @Test
    void numbersAreExact() {
        assertThat(rows(readPoints("""
                {"path":"x","values":[9007199254740993,-9223372036854775808,9007199254740993.0,1e2,1E400e]}
                """.replace(",1E400e", ""))))
                .containsExactly(
                        "x - i 9007199254740993",
                        "x - i -9223372036854775808",
                        "x - f " + Long.toHexString(Double.doubleToRawLongBits(9007199254740992.0)),
                        "x - f 4059000000000000");
    }

    @Test
    void escapesAndWideTextAreRead() {
        assertThat(rows(readPoints("{\"path\":\"a\\u003ab\",\"value\":\"\\ud83d\\ude00 ü \\u0000\"}")))
                .containsExactly("a:b - t 😀 ü \0");
        byte[] broken = Formats.writeValue(Value.text(new byte[] {'a', (byte) 0xff}), Format.JSON);
        assertThat(Text.decode(broken)).isEqualTo("\"a\uFFFD\"\n");
    }

    @Test
    void aWrongRowNamesItsNumberAndField() {
        refused("[{\"path\":\"a\",\"value\":1},{\"path\":\"a\",\"value\":null}]", 2, "value", "is missing");
        refused("[{\"value\":1}]", 1, "path", "is missing");
        refused("[{\"path\":7,\"value\":1}]", 1, "path", "is no text");
        refused("[{\"path\":\"a\",\"value\":[1]}]", 1, "value", "is an array");
        refused("[{\"path\":\"a\",\"value\":{\"b\":{\"c\":1}}}]", 1, "value", "is an object");
        refused("[{\"path\":\"a\",\"value\":{\"$f\":\"x\"}}]", 1, "value", "is no float64");
        refused("[{\"path\":\"a\",\"value\":99999999999999999999}]", 1, "value", "beyond int64");
        refused("[{\"path\":\"a\",\"value\":1,\"time\":1404172800}]", 1, "time", "write 1404172800s");
        refused("[{\"path\":\"a\",\"value\":1,\"time\":1.5}]", 1, "time", "neither an integer nor text");
        refused("[{\"path\":\"a\",\"valu\":1}]", 1, "valu", "did you mean value?");
        refused("[{\"path\":\"a\",\"value\":1,\"tags\":{\"x\":[1]}}]", 1, "tags", "\"x\" is no text");
        refused("[{\"path\":\"a\",\"value\":1,\"tags\":{\"x\":\"1\",\"x\":\"2\"}}]", 1, "tags", "\"x\" twice");
        refused(
                "{\"series\":[{\"path\":\"a\",\"times\":[1,2],\"values\":[1,2]},{\"path\":\"b\",\"times\":[1],\"values\":[]}]}",
                3,
                "values",
                "are 0 where there are 1 times");
        refused("{\"series\":[{\"path\":\"a\",\"times\":[1,\"x\"],\"values\":[1,2]}]}", 2, "time", "is no time");
        refused("{\"path\":\"a\",\"value\":\"\\ud83d\"}", 1, "value", "lone surrogate");
    }

    @Test
    void partialKeepsTheGoodRowsAndTellsTheOthers() {
        PointsRead read = readPartly(Text.encode("""
                {"series":[{"path":"a","times":[1,2,"x"],"values":[1,[2],3]},{"path":"","values":[1]},
                {"path":"b","times":[1],"values":[99999999999999999999]},{"path":"c","value":4}]}"""));

        assertThat(rows(read.batch())).containsExactly("a 1 i 1", "c - i 4");
        assertThat(read.rejected()).extracting(RejectedRow::row).containsExactly(3L, 2L, 4L, 5L);
    }

    @Test
    void whatIsNoJsonIsRefusedWithItsPlace() {
        for (String body : new String[] {
            "[{\"path\"",
            "hello",
            "[1]",
            "3",
            "{\"path\":\"a\",\"value\":NaN}",
            "[{]",
            "[".repeat(100_000),
            "{\"series\":".repeat(1000),
            "{\"path\":\"a\",\"value\":" + "1".repeat(500) + "}",
            "{\"path\":\"a\",\"value\":1}}"
        }) {
            assertThatThrownBy(() -> readPoints(body))
                    .isInstanceOfSatisfying(
                            GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        }
        assertThatThrownBy(() -> readPoints("[{\"path\":\"a\",\n \"value\":tru}]"))
                .hasMessageContaining("line 2, column");
        assertThatThrownBy(() -> readPoints(new byte[] {'[', '{', '"', (byte) 0xff, '"', ':', '1', '}', ']'}))
                .isInstanceOf(GoShareException.class);
    }

    @Test
    void tablesAreArraysOfObjects() {
        Table table = Table.of("key", "value", "time")
                .add(Value.of("a"), Value.of(5L), Value.of(NOON))
                .add(Value.of("b"), null, null);

        assertThat(Text.decode(Formats.writeTable(table, Format.JSON, WriteOptions.of("rfc3339", "rows"))))
                .isEqualTo(
                        "[{\"key\":\"a\",\"value\":5,\"time\":\"2014-07-01T12:00:00Z\"},\n{\"key\":\"b\",\"value\":null,\"time\":null}]\n");
        byte[] body = Text.encode("[{\"key\":\"a\"},{\"value\":1,\"key\":\"b\",\"time\":\"2014-07-01T12:00:00Z\"}]");
        Table back = Formats.readTable(Format.JSON, body, 0, body.length, TimeUnit.NANOSECONDS);
        assertThat(back.rows().get(1)[back.column("time")]).isEqualTo(Value.of(NOON));
        assertThat(back.rows().get(0)[back.column("value")]).isNull();
    }

    private void refused(String body, long row, String field, String message) {
        assertThatThrownBy(() -> readPoints(body))
                .isInstanceOfSatisfying(GoShareException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ROWS);
                    assertThat(e.row()).isEqualTo(row);
                    assertThat(e.field()).isEqualTo(field);
                })
                .hasMessageContaining(message);
    }
}
