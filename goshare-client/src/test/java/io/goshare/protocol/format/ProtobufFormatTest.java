package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("encoding:protobuf")
class ProtobufFormatTest extends FormatContract {
    private static final Descriptor BODY = PublishedProto.load().findMessageTypeByName("Body");

    ProtobufFormatTest() {
        super(Format.PROTOBUF);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static PointBatch point() {
        return new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("a:b"), Map.of("c", "d")), 5, Value.of(1L))
                .build();
    }

    @Test
    void bytesAreAsPublished() {
        String head = "0a03613a62" + "1206" + "0a0163" + "120164";
        assertThat(hex(Formats.writePoints(point(), Format.PROTOBUF, WriteOptions.DEFAULT)))
                .isEqualTo("0a1c" + "121a" + head + "190500000000000000" + "22021002");
        assertThat(hex(Formats.writePoints(point(), Format.PROTOBUF, WriteOptions.COLUMNS)))
                .isEqualTo("0a1c" + "0a1a" + head + "1a080500000000000000" + "2a0102");
        assertThat(hex(Formats.writeValue(Value.of(true), Format.PROTOBUF))).isEqualTo("1a021801");
        assertThat(hex(Formats.writeTable(
                        Table.of("k", "time").add(Value.of("v"), null), Format.PROTOBUF, WriteOptions.DEFAULT)))
                .isEqualTo("1218" + "0a030a016b" + "0a080a0474696d651001" + "1207" + "0a03220176" + "0a00");
    }

    /** An independent parser with the published schema finds every byte a field of it, and writes what is read back. */
    @Test
    void thePublishedSchemaReadsAndWritesEveryBody() throws Exception {
        for (WriteOptions shape : List.of(WriteOptions.DEFAULT, WriteOptions.COLUMNS)) {
            Message parsed = parsed(Formats.writePoints(everything(), Format.PROTOBUF, shape));
            assertThat(bySeries(readPoints(parsed.toByteArray()))).isEqualTo(bySeries(everything()));
        }
        for (Value value : values()) {
            byte[] again = parsed(Formats.writeValue(value, Format.PROTOBUF)).toByteArray();
            assertThat(Formats.readValue(Format.PROTOBUF, again, 0, again.length))
                    .isEqualTo(value);
        }
        Table table = Table.of("key", "time", "other");
        values().forEach(value -> table.add(value, Value.of(NOON), null));
        byte[] again = parsed(Formats.writeTable(table, Format.PROTOBUF, WriteOptions.DEFAULT))
                .toByteArray();
        Table back = Formats.readTable(Format.PROTOBUF, again, 0, again.length, TimeUnit.NANOSECONDS);
        assertThat(back.columns()).isEqualTo(table.columns());
        assertThat(back.rows()).containsExactlyElementsOf(table.rows());
    }

    private static Message parsed(byte[] body) throws Exception {
        Message message = DynamicMessage.parseFrom(BODY, body);
        assertKnown(message);
        return message;
    }

    private static void assertKnown(Message message) {
        assertThat(message.getUnknownFields().asMap()).isEmpty();
        for (Object field : message.getAllFields().values()) {
            for (Object each : field instanceof List<?> many ? many : List.of(field)) {
                if (each instanceof Message inner) {
                    assertKnown(inner);
                }
            }
        }
    }

    @Test
    void valuesOfTheSchemaSayWhatTheyAre() throws Exception {
        Message body = DynamicMessage.parseFrom(BODY, Formats.writeValue(Value.of("up"), Format.PROTOBUF));
        Message value = (Message) body.getField(BODY.findFieldByName("value"));

        assertThat(value.getField(value.getDescriptorForType().findFieldByName("text")))
                .isEqualTo(ByteString.copyFromUtf8("up"));
    }

    @Test
    void arraysMayBeUnpackedAndComeInPieces() {
        // Series a: integers 1, then 2 and 3 packed, then times 5, 6 unpacked and 7 packed.
        byte[] body = hex("0a 27 0a 25 0a0161" + "2802" + "2a020406" + "190500000000000000" + "190600000000000000"
                + "1a080700000000000000");

        assertThat(rows(readPoints(body))).containsExactly("a 5 i 1", "a 6 i 2", "a 7 i 3");
    }

    @Test
    void unknownFieldsAreSteppedOver() {
        assertThat(Formats.readValue(Format.PROTOBUF, hex("200a 1a07 7d01020304 1002"), 0, 11))
                .isEqualTo(Value.of(1L));
    }

    @Test
    void claimsAndGroupsAreRefused() {
        for (String body : new String[] {
            "",
            "0affffffff07",
            "0affffffff0f",
            "0a0512ffffffff07",
            "0b",
            "0a010b",
            "0a04120a0b0c",
            "0800",
            "1200",
            "00",
            "0a000a00",
            "0aff",
            "0a0a0a08220400000000",
            "0a0a0a081affffffff070000"
        }) {
            assertThatThrownBy(() -> readPoints(hex(body)), body)
                    .isInstanceOfSatisfying(
                            GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        }
    }

    @Test
    void aWrongRowNamesItsNumberAndField() {
        refused("0a05 1203 0a0161", ErrorCode.INVALID_ROWS, "value");
        refused("0a06 1204 2202 1002", ErrorCode.INVALID_ROWS, "path");
        refused("0a11 0a0f 0a0161 1a080500000000000000 2a00", ErrorCode.INVALID_ROWS, "values");
        refused("0a0b 0a09 0a0161 2a0102 320101", ErrorCode.INVALID_ROWS, "values");
    }

    private void refused(String body, ErrorCode code, String field) {
        assertThatThrownBy(() -> readPoints(hex(body))).isInstanceOfSatisfying(GoShareException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.field()).isEqualTo(field);
        });
    }

    @Test
    void manyPointsInFewBytesAreBounded() {
        byte[] booleans = new byte[9_000_000];
        ByteSink series = new ByteSink().put(0x32).putVarint(booleans.length).put(booleans);
        ByteSink points = new ByteSink().put(0x0a).putVarint(series.size()).put(series.toByteArray());
        ByteSink body = new ByteSink().put(0x0a).putVarint(points.size()).put(points.toByteArray());

        assertThatThrownBy(() -> readPoints(body.toByteArray()))
                .isInstanceOfSatisfying(
                        GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    @Test
    void rowsHaveAsManyCellsAsThereAreColumns() {
        for (String body : new String[] {"1207 0a030a016b 1200", "1204 1202 0a00"}) {
            byte[] bytes = hex(body);
            assertThatThrownBy(() -> Formats.readTable(Format.PROTOBUF, bytes, 0, bytes.length, TimeUnit.NANOSECONDS))
                    .isInstanceOfSatisfying(
                            GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ROWS));
        }
    }
}
