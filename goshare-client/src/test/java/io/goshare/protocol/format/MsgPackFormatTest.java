package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("encoding:msgpack")
class MsgPackFormatTest extends FormatContract {
    MsgPackFormatTest() {
        super(Format.MSGPACK);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void bytesAreAsPublished() {
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("a:b"), Map.of("c", "d")), 5, Value.of(1L))
                .build();

        assertThat(HexFormat.of().formatHex(Formats.writePoints(batch, Format.MSGPACK, WriteOptions.DEFAULT)))
                .isEqualTo("91" + "84" + "a470617468" + "a3613a62" + "a474616773" + "81a163a164" + "a474696d65" + "05"
                        + "a576616c7565" + "01");
        assertThat(HexFormat.of().formatHex(Formats.writePoints(batch, Format.MSGPACK, WriteOptions.COLUMNS)))
                .isEqualTo("81" + "a6736572696573" + "91" + "84" + "a470617468" + "a3613a62" + "a474616773"
                        + "81a163a164" + "a574696d6573" + "9105" + "a676616c756573" + "9101");
    }

    @Test
    void claimsDepthAndExtensionsAreRefused() {
        for (String body : new String[] {
            "ddffffffff", "dd7fffffff", "dfffffffff", "81a6736572696573dd7fffffff", "81a470617468db7fffffff",
            "81a470617468c67fffffff", "81a178" + "91".repeat(100_000), "91".repeat(50_000), "81a178c97fffffff01", "c1",
            "", "91", "9105", "8105"
        }) {
            assertThatThrownBy(() -> readPoints(hex(body)))
                    .isInstanceOfSatisfying(
                            GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        }
    }

    @Test
    void aWrongRowNamesItsNumberAndField() {
        refused("91" + "82" + "a470617468" + "a161" + "a576616c7565" + "cfffffffffffffffff", "value", "beyond int64");
        refused("91" + "82" + "a470617468" + "a161" + "a576616c7565" + "9101", "value", "is no scalar");
        refused("91" + "82" + "a470617468" + "01" + "a576616c7565" + "01", "path", "is no text");
        refused(
                "91" + "83" + "a470617468" + "a161" + "a576616c7565" + "01" + "a474696d65" + "ce53b1f700",
                "time",
                "write 1404172032s");
        refused("91" + "81" + "a470617468" + "a161", "value", "is missing");
    }

    private void refused(String body, String field, String message) {
        assertThatThrownBy(() -> readPoints(hex(body)))
                .isInstanceOfSatisfying(GoShareException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ROWS);
                    assertThat(e.row()).isEqualTo(1);
                    assertThat(e.field()).isEqualTo(field);
                })
                .hasMessageContaining(message);
    }
}
