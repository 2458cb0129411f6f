package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("encoding:lp")
class LineFormatTest extends FormatContract {
    LineFormatTest() {
        super(Format.LP);
    }

    @Override
    boolean holdsTables() {
        return false;
    }

    @Override
    List<Value> values() {
        return super.values().stream()
                .filter(value -> value.kind() != Kind.BYTES)
                .toList();
    }

    @Override
    List<SeriesKey> keys() {
        return List.of(
                SeriesKey.of(Path.parse("cpu:usage")),
                SeriesKey.of(Path.parse("cpu:usage"), Map.of("host", "a")),
                SeriesKey.of(Path.parse("node:web1:state"), Map.of("dc", "eu", "rack", "r 1", "odd", "a,b=c}{\"")),
                SeriesKey.of(Path.parse("a::b"), Map.of("empty", "")),
                SeriesKey.of(Path.parse("with space:Grüße:😀:\\@x:q\"uote")),
                SeriesKey.of(Path.of(List.of(new byte[] {(byte) 0xff, 'x'}, new byte[] {0, 1, 2}))));
    }

    /** The first line's fields are looked up, those of its repetition are compared with what stood there. */
    @Test
    void aFieldReadsTheSameWhenItsPlaceIsKnown() {
        for (String value : List.of(
                "0",
                "7",
                "-7",
                "7i",
                "-7i",
                "0i",
                "0.50",
                "-0.5",
                "123456789012.345",
                "1234567890123456",
                "-0",
                "-0.0",
                "00.5",
                "5.",
                ".5",
                "1e3",
                "12345678901234567i",
                "9223372036854775807i",
                "7u",
                "t",
                "\"7\"",
                "NaN")) {
            String line = "again,host=a x=1i,field=" + value + ",y=2.5 1404216000000000000\n";
            List<String> once = rows(readPoints(line));

            assertThat(rows(readPoints(line + line)))
                    .as(value)
                    .hasSize(6)
                    .startsWith(once.toArray(String[]::new))
                    .endsWith(once.toArray(String[]::new));
        }
        for (String wrong : List.of("", ".", ".x", "-", "1.2.3", "7x", "7iz", "i", "1.5i")) {
            String good = "again,host=a x=1i,field=3,y=2.5 1404216000000000000\n";
            assertThatThrownBy(() -> readPoints(good + good.replace("field=3", "field=" + wrong)))
                    .as(wrong)
                    .isInstanceOf(GoShareException.class)
                    .hasMessageContaining("row 2");
        }
    }

    @Test
    void aTimeOfNineteenDigitsMayNotExceedAnInt64() {
        assertThat(rows(readPoints("a b=1 9223372036854775806"))).hasSize(1);
        for (String time : List.of("9223372036854775808", "9999999999999999999", "-9223372036854775809")) {
            assertThatThrownBy(() -> readPoints("a b=1 " + time))
                    .as(time)
                    .isInstanceOf(GoShareException.class)
                    .hasMessageContaining("lies outside of");
        }
    }

    @Test
    void measurementAndFieldMakeThePath() {
        assertThat(rows(readPoints("""
                # a comment
                cpu,host=a usage=3,ok=t,msg="x, \\"y\\" \\\\ z",n=-4i,u=5u 1404216000000000000

                cpu,host=a usage=4.50,ok=false\r
                node:web1 state="up"   1404216000000000001
                  a\\ b\\,c,t\\=g=v\\ 1 f\\ d=1e3 0
                cpu,host=a msg="two
                lines",usage=1 7""")))
                .containsExactly(
                        "cpu:usage{host=a} " + NOON + " f 4008000000000000",
                        "cpu:ok{host=a} " + NOON + " b true",
                        "cpu:msg{host=a} " + NOON + " t x, \"y\" \\ z",
                        "cpu:n{host=a} " + NOON + " i -4",
                        "cpu:u{host=a} " + NOON + " i 5",
                        "cpu:usage{host=a} - f 4012000000000000",
                        "cpu:ok{host=a} - b false",
                        "node:web1:state " + (NOON + 1) + " t up",
                        "a b,c:f d{t\\=g=v 1} 0 f 408f400000000000",
                        "cpu:msg{host=a} 7 t two\nlines",
                        "cpu:usage{host=a} 7 f 3ff0000000000000");
    }

    @Test
    void linesAreWrittenOneForEachPoint() {
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("cpu:usage"), Map.of("host", "a b")), NOON, Value.decimal(50, 2))
                .add(SeriesKey.of(Path.parse("cpu:n")), PointBatch.NO_TIME, Value.of(3L))
                .add(SeriesKey.of(Path.parse("a:b:state")), 1, Value.of("say \"hi\""))
                .add(SeriesKey.of(Path.parse("a:b:up")), 1, Value.of(true))
                .build();

        assertThat(Text.decode(Formats.writePoints(batch, Format.LP, WriteOptions.DEFAULT)))
                .isEqualTo("""
                        cpu,host=a\\ b usage=0.50 1404216000000000000
                        cpu n=3i
                        a:b state="say \\"hi\\"" 1
                        a:b up=t 1
                        """);
    }

    @Test
    void aWrongRowNamesItsNumberAndField() {
        refused("cpu", 1, null, "has no fields");
        refused("cpu usage", 1, null, "a field without a value");
        refused("cpu u=1\ncpu u=", 2, "value", "is missing");
        refused("cpu u=abc", 1, "value", "\"abc\" is neither a number, true, false nor a quoted text");
        refused("cpu u=1x", 1, "value", "\"1x\" is no float64");
        refused("cpu u=9223372036854775808i", 1, "value", "is no int64");
        refused("cpu u=-1u", 1, "value", "unsigned and negative");
        refused("cpu u=\"open", 1, "value", "not closed");
        refused("cpu,host u=1", 1, "tags", "is no name=value");
        refused("cpu,a=1,a=2 u=1", 1, "tags", "\"a\" twice");
        refused(",a=1 u=1", 1, null, "has no measurement");
        refused("cpu u=1 1404172800", 1, "time", "write 1404172800s");
        refused("cpu u=1 later", 1, "time", "is no time");
        refused("cpu =1", 1, null, "without a name");
    }

    @Test
    void partialKeepsTheGoodLines() {
        PointsRead read = readPartly(Text.encode("a x=1\na x=zz,y=2\na x=2,y=3 never\na y=4,x=5 9\nb\nc z=\"\nd x=1"));

        assertThat(rows(read.batch()))
                .containsExactly("a:x - f 3ff0000000000000", "a:y 9 f 4010000000000000", "a:x 9 f 4014000000000000");
        assertThat(read.rejected()).extracting(RejectedRow::row).containsExactly(2L, 3L, 5L, 6L);
    }

    @Test
    void namesThatLinesCannotSayAreRefused() {
        for (String path : List.of("single", "a:line\nbreak", "a:back\\\\slash", "a:co\\:lon", "#a:b", "a:")) {
            PointBatch batch = new PointBatch.Builder()
                    .add(SeriesKey.of(Path.parse(path)), 1, Value.of(1L))
                    .build();
            assertThatThrownBy(() -> Formats.writePoints(batch, Format.LP, WriteOptions.DEFAULT))
                    .isInstanceOfSatisfying(
                            GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FORMAT));
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
