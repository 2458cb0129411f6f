package io.goshare.server.keyvalue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.model.Value;
import io.goshare.server.engine.EngineException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ValueCodecTest {
    private static final List<Value> CORNERS = List.of(
            Value.of(0L),
            Value.of(Long.MIN_VALUE),
            Value.of(Long.MAX_VALUE),
            Value.of(Double.NaN),
            Value.of(-0.0),
            Value.decimal(50, 2),
            Value.decimal(-1, 18),
            Value.of(true),
            Value.of(false),
            Value.of(""),
            Value.text(new byte[] {(byte) 0xff, 0}),
            Value.of(new byte[] {1, 2, 3}));

    private static byte[] encode(Value value) {
        ByteBuffer out = ByteBuffer.allocate(ValueCodec.bytes(value));
        ValueCodec.write(value, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }

    @Test
    void everyValueComesBackTheSame() {
        for (Value value : CORNERS) {
            Value back = ValueCodec.read(ByteBuffer.wrap(encode(value)));

            assertThat(ValueCodec.same(back, value)).as("%s", value).isTrue();
        }
    }

    @Test
    void bytesAreAsDrawn() {
        HexFormat hex = HexFormat.of();

        assertThat(hex.formatHex(encode(Value.decimal(5825, 2)))).isEqualTo("1100000000000016c1");
        assertThat(hex.formatHex(encode(Value.of(-1L)))).isEqualTo("02ffffffffffffffff");
        assertThat(hex.formatHex(encode(Value.of(true)))).isEqualTo("0301");
        assertThat(hex.formatHex(encode(Value.of("up")))).isEqualTo("047570");
        assertThat(hex.formatHex(encode(Value.of("up".getBytes(UTF_8))))).isEqualTo("057570");
        assertThat(hex.formatHex(encode(Value.of(1.0)))).isEqualTo("003ff0000000000000");
    }

    @Test
    void cutShortNumbersAndUnknownKindsAreDamage() {
        byte[] number = encode(Value.of(7L));
        for (int length = 0; length < number.length; length++) {
            byte[] cut = Arrays.copyOf(number, length);
            assertThatThrownBy(() -> ValueCodec.read(ByteBuffer.wrap(cut))).isInstanceOf(EngineException.class);
        }
        for (byte[] wrong : List.of(
                new byte[] {6}, new byte[] {7, 1}, new byte[] {3, 2}, new byte[] {3, 1, 1}, new byte[] {4 | 1 << 3})) {
            assertThatThrownBy(() -> ValueCodec.read(ByteBuffer.wrap(wrong))).isInstanceOf(EngineException.class);
        }
    }
}
