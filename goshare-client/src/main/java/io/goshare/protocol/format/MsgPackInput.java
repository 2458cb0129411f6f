package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessageIntegerOverflowException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * A MessagePack body as tokens. Every length is held against the bytes that are left before it is believed, depth is
 * bounded, and extension types are refused. For one thread.
 */
final class MsgPackInput {
    private static final int MAX_DEPTH = 16;

    private final MessageUnpacker in;
    private final int length;
    private long number;
    private @Nullable String wrong;

    MsgPackInput(byte[] bytes, int offset, int length) {
        this.in = MessagePack.newDefaultUnpacker(bytes, offset, length);
        this.length = length;
    }

    /** Steps that the library and the buffer may fail. */
    private interface Step<T> {
        T take() throws IOException;
    }

    private static <T> T guard(Step<T> step) {
        try {
            return step.take();
        } catch (IOException | MessagePackException | IndexOutOfBoundsException e) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the MessagePack is malformed: " + e.getMessage(), e);
        }
    }

    boolean hasNext() {
        return guard(in::hasNext);
    }

    private MessageFormat next() {
        return guard(() -> {
            if (!in.hasNext()) {
                throw new GoShareException(ErrorCode.BAD_REQUEST, "the MessagePack ends too early");
            }
            return in.getNextFormat();
        });
    }

    ValueType type() {
        MessageFormat format = next();
        return guard(format::getValueType);
    }

    private int counted(int count, int bytesEach) {
        if (count < 0 || count > (length - in.getTotalReadBytes()) / bytesEach) {
            throw new GoShareException(
                    ErrorCode.BAD_REQUEST,
                    "the MessagePack claims " + count + " elements, more than its bytes can hold");
        }
        return count;
    }

    int arrayHeader() {
        return counted(guard(in::unpackArrayHeader), 1);
    }

    int mapHeader() {
        return counted(guard(in::unpackMapHeader), 2);
    }

    byte[] payload() {
        ValueType type = type();
        int size = type == ValueType.STRING ? guard(in::unpackRawStringHeader) : guard(in::unpackBinaryHeader);
        return guard(() -> in.readPayload(counted(size, 1)));
    }

    /** The text of a map's key. */
    String name() {
        if (type() != ValueType.STRING) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "a map's key is no text but " + type());
        }
        return new String(payload(), StandardCharsets.UTF_8);
    }

    /** Reads an integer into {@link #longValue}; false if an int64 does not hold it. */
    boolean integer() {
        try {
            number = guard(in::unpackLong);
            return true;
        } catch (GoShareException e) {
            if (e.getCause() instanceof MessageIntegerOverflowException) {
                return false;
            }
            throw e;
        }
    }

    /** The integer that {@link #integer} read. */
    long longValue() {
        return number;
    }

    void nil() {
        guard(() -> {
            in.unpackNil();
            return true;
        });
    }

    /** Steps over one value of any type. */
    void skip() {
        skip(0);
    }

    private void skip(int depth) {
        if (depth > MAX_DEPTH) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the MessagePack is nested deeper than " + MAX_DEPTH);
        }
        switch (type()) {
            case NIL -> nil();
            case BOOLEAN -> guard(in::unpackBoolean);
            case INTEGER -> integer();
            case FLOAT -> guard(in::unpackDouble);
            case STRING, BINARY -> payload();
            case ARRAY -> {
                for (int n = arrayHeader(); n > 0; n--) {
                    skip(depth + 1);
                }
            }
            case MAP -> {
                for (int n = mapHeader() * 2; n > 0; n--) {
                    skip(depth + 1);
                }
            }
            case EXTENSION ->
                throw new GoShareException(
                        ErrorCode.BAD_REQUEST, "the MessagePack holds an extension; times are integers or text");
        }
    }

    /** What is wrong with the last value read, or null. */
    @Nullable
    String wrong() {
        return wrong;
    }

    /** Reads one value and adds it; one that is wrong is added as nothing. */
    void value(ValueColumn to) {
        wrong = null;
        switch (type()) {
            case NIL -> {
                nil();
                to.addNothing();
            }
            case BOOLEAN -> to.add(Kind.BOOLEAN, 0, guard(in::unpackBoolean) ? 1 : 0);
            case FLOAT -> number(to);
            case STRING -> bytes(Kind.TEXT, to);
            case BINARY -> bytes(Kind.BYTES, to);
            case INTEGER -> {
                if (integer()) {
                    to.add(Kind.INTEGER, 0, number);
                } else {
                    wrong("is an integer beyond int64", to);
                }
            }
            case MAP, ARRAY, EXTENSION -> {
                skip();
                wrong("is no scalar", to);
            }
        }
    }

    private void wrong(String reason, ValueColumn to) {
        wrong = reason;
        to.addNothing();
    }

    private void number(ValueColumn to) {
        boolean narrow = next() == MessageFormat.FLOAT32;
        double number = guard(() -> narrow ? in.unpackFloat() : in.unpackDouble());
        to.add(Kind.FLOAT, 0, Double.doubleToRawLongBits(number));
    }

    private void bytes(Kind kind, ValueColumn to) {
        byte[] bytes = payload();
        to.add(kind, bytes, 0, bytes.length);
    }
}
