package io.goshare.protocol.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("encoding:csv")
class CsvFormatTest extends FormatContract {
    CsvFormatTest() {
        super(Format.CSV);
    }

    @Test
    void instantsPrintAsTheLibraryPrintsThem() {
        Random random = new Random(5);
        long[] parts = {1, 1000, 1_000_000, 1_000_000_000, 86_400_000_000_000L};
        for (int i = 0; i < 5000; i++) {
            long part = parts[i % parts.length];
            long nanos = random.nextLong() / part * part;
            assertThat(TimeText.print(nanos))
                    .isEqualTo(Instant.ofEpochSecond(
                                    Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L))
                            .toString());
        }
    }

    @Test
    void integersPrintAsTheLibraryPrintsThem() {
        Random random = new Random(6);
        for (int i = 0; i < 5000; i++) {
            long number = i < 200 ? i - 100 : random.nextLong() >> random.nextInt(64);
            ByteSink out = new ByteSink();
            NumberText.printInteger(number, out);
            assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo(Long.toString(number));
        }
        for (long power = 1; power > 0 && power < Long.MAX_VALUE / 10; power *= 10) {
            for (long number = power - 1; number <= power + 1; number++) {
                ByteSink out = new ByteSink();
                NumberText.printInteger(number, out);
                assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo(Long.toString(number));
            }
        }
    }

    @Test
    void pointsAreWrittenWithTheirTypes() {
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("cpu:load"), Map.of("dc", "eu")), NOON, Value.decimal(50, 2))
                .add(SeriesKey.of(Path.parse("cpu:load"), Map.of("dc", "eu", "rack", "1")), NOON, Value.of(1.5e300))
                .add(SeriesKey.of(Path.parse("web:state")), PointBatch.NO_TIME, Value.of("up, and \"well\""))
                .add(SeriesKey.of(Path.parse("web:up")), -1, Value.of(true))
                .add(SeriesKey.of(Path.parse("web:raw")), 0, Value.of(new byte[] {1, 2}))
                .build();

        assertThat(Text.decode(Formats.writePoints(batch, Format.CSV, WriteOptions.DEFAULT)))
                .isEqualTo("""
                        path,value,time,type
                        cpu:load{dc=eu},0.50,1404216000000000000,f
                        "cpu:load{dc=eu,rack=1}",1.5E+300,1404216000000000000,f
                        web:state,"up, and ""well""\",,t
                        web:up,true,-1,b
                        web:raw,AQI=,0,x
                        """);
        assertThat(Text.decode(Formats.writePoints(batch, Format.CSV, WriteOptions.of("rfc3339", "rows"))))
                .contains("0.50,2014-07-01T12:00:00Z,f");
        assertThat(Text.decode(Formats.writePoints(batch, Format.CSV, WriteOptions.of("s", "rows"))))
                .contains("0.50,1404216000,f")
                .contains("true,-1,b");
    }

    @Test
    void rowsNeedNoMoreThanPathAndValue() {
        assertThat(rows(readPoints(
                        "\uFEFFcpu:load,58.25\r\n\r\ncpu:load,up,2014-07-01T12:00:00.5Z\nx,1,,i\ny,2,,f\n\"z\",\"3\"")))
                .containsExactly(
                        "cpu:load - f 404d200000000000",
                        "cpu:load 1404216000500000000 t up",
                        "x - i 1",
                        "y - f 4000000000000000",
                        "z - i 3");
    }

    @Test
    void aHeaderLineTellsTheOrder() {
        assertThat(rows(readPoints("time,type,value,path\n1404216000s,t,5,a\n1404216000000ms,,5,a{b=c}")))
                .containsExactly("a " + NOON + " t 5", "a{b=c} " + NOON + " i 5");
    }

    @Test
    void textIsInferredAsSectionFourSays() {
        assertThat(rows(readPoints(
                        "a,007\na,1e5\na,true\na,-0\na,12345678901234567890\na,-7\na,0.50\na,\na,.5\na,NaN")))
                .containsExactly(
                        "a - t 007",
                        "a - t 1e5",
                        "a - t true",
                        "a - t -0",
                        "a - t 12345678901234567890",
                        "a - i -7",
                        "a - f 3fe0000000000000",
                        "a - t ",
                        "a - t .5",
                        "a - t NaN");
    }

    @Test
    void inferenceAgreesWithTheModel() {
        java.util.Random random = new java.util.Random(5);
        NumberText number = new NumberText();
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(24); n >= 0; n--) {
                text.append("0123456789012345678.-e".charAt(random.nextInt(random.nextInt(4) == 0 ? 22 : 19)));
            }
            byte[] bytes = Text.encode(text.toString());

            boolean found = number.infer(bytes, 0, bytes.length);

            Value expected = Value.inferNumber(bytes, 0, bytes.length).orElse(null);
            assertThat(found).as(text.toString()).isEqualTo(expected != null);
            if (expected != null) {
                assertThat(Value.fromColumns(number.kind, number.scale, number.word, new byte[0]))
                        .isEqualTo(expected);
                assertThat(number.scale).isEqualTo(expected.scale());
            }
        }
    }

    @Test
    void aWrongRowNamesItsNumberAndField() {
        refused("a,1\na,1,yesterday\n", 2, "time", "\"yesterday\" is no time; write 2014-07-01T12:00:00Z");
        refused("path,value,type\na,x,i\n", 1, "value", "\"x\" is no int64");
        refused("a,1\n\na,maybe,,b", 2, "value", "neither true nor false");
        refused("a,1,,q", 1, "type", "none of f (float)");
        refused("a", 1, "value", "is missing");
        refused(",1", 1, "path", "the path is empty");
        refused("a{b,1", 1, "path", "not as in path{name=value");
        refused("a{b=c}x,1", 1, "path", "not as in path{name=value");
        refused("a,1,2,t,5", 1, null, "has 5 fields");
        refused("a,\"1\"2", 1, null, "behind a closing quote");
        refused("a,\"1", 1, null, "not closed");
        refused("a,1e999,,f", 1, "value", "beyond what a float64 holds");
        refused("a,0x1p3,,f", 1, "value", "is no float64");
        refused("a,!!,,x", 1, "value", "Illegal base64");
    }

    @Test
    void implausibleAndUnreachableTimesAreRefused() {
        refused(
                "a,1,1404172800",
                1,
                "time",
                "1404172800 as nanoseconds is 1970-01-01T00:00:01.404172800Z; if it is seconds, write 1404172800s or give precision=s");
        refused("a,1,1404172800000", 1, "time", "if it is milliseconds, write 1404172800000ms");
        refused("a,1,1404172800000000", 1, "time", "if it is microseconds, write 1404172800000000us");
        refused("a,1,1404172800000000000s", 1, "time", "outside of 1677-09-21 to 2262-04-11");
        refused("a,1,1600-01-01T00:00:00Z", 1, "time", "outside of 1677-09-21 to 2262-04-11");
        refused("a,1,-9223372036854775808", 1, "time", "outside of 1677-09-21 to 2262-04-11");
        refused("a,1,99999999999999999999", 1, "time", "outside of 1677-09-21 to 2262-04-11");
        refused("a,1,2014-02-30T00:00:00Z", 1, "time", "Invalid date");

        byte[] seconds = Text.encode("a,1,1404216000\na,2,0\n");
        assertThat(rows(Formats.readPoints(Format.CSV, seconds, 0, seconds.length, PointOptions.of("s", false))))
                .containsExactly("a " + NOON + " i 1", "a 0 i 2");
        assertThatThrownBy(
                        () -> Formats.readPoints(Format.CSV, seconds, 0, seconds.length, PointOptions.of("ms", false)))
                .hasMessageContaining("1404216000 as milliseconds is 1970-01-17");
    }

    @Test
    void timesAreReadInEveryForm() {
        assertThat(
                        rows(
                                readPoints(
                                        "a,1,2014-07-01T14:00:00+02:00\na,1,2014-07-01\na,1,2014:7:1:12\na,1,5ns\na,1,1404216000000000us\na,1,1677-09-21T00:12:43.145224193Z\na,1,2262-04-11T23:47:16.854775807Z\na,1,1969-12-31T23:59:59.999999999Z")))
                .extracting(row -> row.split(" ")[1])
                .containsExactly(
                        "" + NOON,
                        "" + (NOON - 43_200_000_000_000L),
                        "" + NOON,
                        "5",
                        "" + NOON,
                        "" + (Long.MIN_VALUE + 1),
                        "" + Long.MAX_VALUE,
                        "-1");
    }

    @Test
    void partialKeepsTheGoodRowsAndTellsTheOthers() {
        byte[] body = Text.encode("a,1\na,x,,i\nb,2,never\n\"c\"d,3\ne,4\n\"f,5");

        PointsRead read = readPartly(body);

        assertThat(rows(read.batch())).containsExactly("a - i 1", "e - i 4");
        assertThat(read.rejectedRows()).isEqualTo(4);
        assertThat(read.rejected()).extracting(RejectedRow::row).containsExactly(2L, 3L, 4L, 6L);
        assertThat(read.rejected().get(0).reason()).isEqualTo("row 2, value: \"x\" is no int64");
    }

    @Test
    void headerMistakesAreTold() {
        assertThatThrownBy(() -> readPoints("path,value,tim\na,1,5"))
                .isInstanceOfSatisfying(
                        GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
                .hasMessageContaining("columns are path, value, time and type; did you mean time?");
    }

    @Test
    void aBodyHoldsSoManyPointsAndNoMore() {
        PointOptions two = PointOptions.DEFAULT.withMaxPoints(2);
        byte[] body = Text.encode("a,1\na,2\na,3\n");

        assertThatThrownBy(() -> Formats.readPoints(Format.CSV, body, 0, body.length, two))
                .isInstanceOfSatisfying(
                        GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertThatThrownBy(() -> readPoints("a," + "x".repeat(PointSink.MAX_VALUE_BYTES + 1)))
                .hasMessageContaining("1048576 is the most");
    }

    @Test
    void tablesShowNothingAsEmptyAndEmptyTextAsQuotes() {
        Table table = Table.of("key", "value", "open")
                .add(Value.of("a"), Value.of(""), Value.of(true))
                .add(Value.of("true"), null, null)
                .add(Value.of("5"), Value.decimal(50, 2), Value.of(5L));

        assertThat(Text.decode(Formats.writeTable(table, Format.CSV, WriteOptions.DEFAULT)))
                .isEqualTo("key,value,open,type\na,\"\",true,t\n\"true\",,,\n\"5\",0.50,5,f\n");
    }

    @Test
    void eachRowIsWrittenAsIfItStoodAlone() {
        Random random = new Random(5);
        Value[] few = {null, Value.of("up"), Value.of("a,b"), Value.of(7L), Value.decimal(50, 2), Value.decimal(5, 0)};
        Table table = Table.of("key", "time", "value", "more");
        StringBuilder expected = new StringBuilder("key,time,value,more,type\n");
        for (int i = 0; i < 2_000; i++) {
            Value[] row = new Value[4];
            for (int column = 0; column < 4; column++) {
                row[column] = few[random.nextInt(random.nextBoolean() ? 2 : few.length)];
            }
            table.add(row);
            String alone = Text.decode(Formats.writeTable(
                    Table.of("key", "time", "value", "more").add(row), Format.CSV, WriteOptions.DEFAULT));
            expected.append(alone.substring(alone.indexOf('\n') + 1));
        }

        assertThat(Text.decode(Formats.writeTable(table, Format.CSV, WriteOptions.DEFAULT)))
                .isEqualTo(expected.toString());
    }

    @Test
    void textThatLooksLikeSomethingElseIsQuoted() {
        for (String text : List.of(
                "true",
                "false",
                "t",
                "f",
                "NaN",
                "Infinity",
                "-Infinity",
                "-1",
                "0.5",
                "$x:AQ==",
                "$",
                "",
                " a",
                "a ",
                "n",
                "up",
                "Name",
                "I",
                "1e5",
                "007",
                "ünï",
                "\uDCFF")) {
            Table table = Table.of("key").add(Value.of(text));
            byte[] body = Formats.writeTable(table, Format.CSV, WriteOptions.DEFAULT);

            assertThat(Formats.readTable(Format.CSV, body, 0, body.length, TimeUnit.NANOSECONDS)
                            .rows())
                    .as(text)
                    .containsExactly(new Value[] {Value.of(text)});
        }
    }

    @Test
    void requestTablesInferTheirValues() {
        byte[] body = Text.encode("key,value\na,58.25\nb,true\n\"c\",\"7\"\nd,007\ne,\n");

        Table table = Formats.readTable(Format.CSV, body, 0, body.length, TimeUnit.NANOSECONDS);

        assertThat(table.rows())
                .extracting(row -> row[1] == null ? "nothing" : shown(row[1]))
                .containsExactly("f 404d200000000000", "t true", "i 7", "t 007", "nothing");
    }

    @Test
    void aBareValueIsAValueToo() {
        for (String body :
                new String[] {"58.25", "58.25\n", "58.25,f", "value\n58.25\n", "value,type\r\n58.25,f\r\n"}) {
            byte[] bytes = Text.encode(body);
            assertThat(Formats.readValue(Format.CSV, bytes, 0, bytes.length)).isEqualTo(Value.decimal(5825, 2));
        }
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
