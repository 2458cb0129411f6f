package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import java.math.BigInteger;

/** A sum of int64 that cannot overflow: 128 bits. For one thread. */
final class Int128 {
    private long high;
    private long low;

    void add(long number) {
        long sum = low + number;
        high += (number >> 63) + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
    }

    BigInteger value() {
        return BigInteger.valueOf(high).shiftLeft(64).add(new BigInteger(Long.toUnsignedString(low)));
    }

    /** Length (1 byte) and that many bytes, big-endian, two's complement, the fewest that hold it. */
    void write(ByteSink out) {
        byte[] bytes = value().toByteArray();
        out.put(bytes.length).put(bytes);
    }

    static BigInteger read(ByteSource in) {
        int length = in.get();
        int start = in.take(length);
        return new BigInteger(in.array(), start, length);
    }
}
