package io.goshare.protocol.format;

import io.goshare.protocol.Format;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Value;
import java.util.Arrays;

/** One value as it stands. Read, it is a number where it looks like one, and else text of these bytes. */
final class RawEncoding implements Encoding {
    @Override
    public Format format() {
        return Format.RAW;
    }

    @Override
    public Value readValue(byte[] in, int offset, int length) {
        return Value.infer(Arrays.copyOfRange(in, offset, offset + length));
    }

    @Override
    public void writeValue(Value value, ByteSink out) {
        out.put(value.classicBytes());
    }
}
