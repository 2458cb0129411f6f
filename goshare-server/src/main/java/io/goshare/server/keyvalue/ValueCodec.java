package io.goshare.server.keyvalue;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.EngineException;
import java.nio.ByteBuffer;

/**
 * A value in a row; docs/storage-format.md, "Values". It is the last field of its row.
 *
 * <pre>
 *   tag      1 byte    kind in the low 3 bits (0 float, 1 decimal, 2 integer, 3 boolean, 4 text, 5 bytes),
 *                      digits after the point of a decimal in the high 5
 *   content  float, decimal, integer: 8 bytes, big-endian: double bits, mantissa, integer
 *            boolean: 1 byte, 0 or 1
 *            text, bytes: to the end of the row
 * </pre>
 */
public final class ValueCodec {
    private static final byte[] NONE = {};

    private ValueCodec() {}

    /** Bytes that {@link #write} adds. */
    public static int bytes(Value value) {
        return 1 + content(value);
    }

    private static int content(Value value) {
        return switch (value.kind()) {
            case FLOAT, DECIMAL, INTEGER -> Long.BYTES;
            case BOOLEAN -> 1;
            case TEXT, BYTES -> value.bytes().length;
        };
    }

    public static void write(Value value, ByteBuffer out) {
        out.put(PointBatch.tag(value.kind(), value.scale()));
        switch (value.kind()) {
            case FLOAT, DECIMAL, INTEGER -> out.putLong(value.word());
            case BOOLEAN -> out.put((byte) value.word());
            case TEXT, BYTES -> out.put(value.bytes());
        }
    }

    /**
     * The value that {@code in} holds from its position to its limit.
     *
     * @throws EngineException DAMAGED if it holds none
     */
    public static Value read(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw damaged("no value");
        }
        byte tag = in.get();
        int code = tag & 7;
        if (code > Kind.BYTES.code()) {
            throw damaged("kind " + code);
        }
        Kind kind = Kind.of(code);
        int scale = PointBatch.scale(tag);
        if (kind == Kind.DECIMAL ? scale > Value.MAX_SCALE : scale != 0) {
            throw damaged("scale " + scale + " of kind " + kind);
        }
        return switch (kind) {
            case FLOAT, DECIMAL, INTEGER -> {
                exactly(Long.BYTES, in);
                yield Value.fromColumns(kind, scale, in.getLong(), NONE);
            }
            case BOOLEAN -> {
                exactly(1, in);
                byte flag = in.get();
                if (flag != 0 && flag != 1) {
                    throw damaged("boolean " + flag);
                }
                yield Value.of(flag == 1);
            }
            case TEXT, BYTES -> {
                byte[] bytes = new byte[in.remaining()];
                in.get(bytes);
                yield Value.fromColumns(kind, 0, 0, bytes);
            }
        };
    }

    /** Whether two values are kept in the same bytes: {@code 0.5} and {@code 0.50} are equal, but not the same. */
    public static boolean same(Value a, Value b) {
        return a.kind() == b.kind() && a.scale() == b.scale() && a.equals(b);
    }

    private static void exactly(int bytes, ByteBuffer in) {
        if (in.remaining() != bytes) {
            throw damaged(in.remaining() + " bytes where " + bytes + " should stand");
        }
    }

    private static EngineException damaged(String what) {
        return new EngineException(
                EngineException.Reason.DAMAGED, "a stored value is damaged (" + what + "); run verify");
    }
}
