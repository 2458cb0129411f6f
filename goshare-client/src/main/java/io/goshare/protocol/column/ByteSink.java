package io.goshare.protocol.column;

import io.goshare.protocol.model.Value;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A byte array that grows as it is written, kept between uses. For one thread. */
public final class ByteSink {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long BILLION = 1_000_000_000;
    /** The two digits of each number below 100, the first in the low byte. */
    private static final short[] PAIRS = new short[100];

    static {
        for (int i = 0; i < PAIRS.length; i++) {
            PAIRS[i] = (short) ('0' + i % 10 << 8 | '0' + i / 10);
        }
    }

    private byte[] bytes;
    private int size;

    public ByteSink() {
        this(256);
    }

    /** Room for {@code bytes} bytes at first. */
    public ByteSink(int bytes) {
        this.bytes = new byte[Math.max(bytes, 16)];
    }

    public int size() {
        return size;
    }

    /** Forgets what was written, or all behind the first {@code size} bytes; the room stays. */
    public ByteSink truncate(int size) {
        this.size = size;
        return this;
    }

    /** The bytes written, in the first {@link #size}; another array after the next write. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Makes room for {@code more} bytes behind those written. */
    void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 16)));
        }
    }

    public ByteSink put(int b) {
        reserve(1);
        bytes[size++] = (byte) b;
        return this;
    }

    public ByteSink put(byte[] from, int offset, int length) {
        reserve(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
        return this;
    }

    public ByteSink put(byte[] from) {
        return put(from, 0, from.length);
    }

    /** The characters of {@code text}, all of which are ASCII, a byte each. */
    @SuppressWarnings("deprecation") // drops the high bytes, of which there are none, and makes no array
    public ByteSink putAscii(String text) {
        reserve(text.length());
        text.getBytes(0, text.length(), bytes, size);
        size += text.length();
        return this;
    }

    /** Once more what stands from {@code from} on. */
    public ByteSink putAgain(int from, int length) {
        reserve(length);
        return put(bytes, from, length);
    }

    /** Eight bytes, least significant first. */
    public ByteSink putLong(long word) {
        reserve(8);
        LONG.set(bytes, size, word);
        size += 8;
        return this;
    }

    /** {@code number}, 0 or more, in ASCII digits: {@code least} of them, or as many more as it has. */
    public ByteSink putDigits(long number, int least) {
        int length = Math.max(digits(number), least);
        reserve(length);
        int at = size + length;
        long rest = number;
        for (; rest >= BILLION; at -= 9) {
            long billions = rest / BILLION;
            digits((int) (rest - billions * BILLION), at - 9, at);
            rest = billions;
        }
        digits((int) rest, size, at);
        size += length;
        return this;
    }

    /** Fills {@code [from, to)} with the last digits of {@code number}, two at a time. */
    private void digits(int number, int from, int to) {
        int rest = number;
        int at = to;
        while (at - from >= 2) {
            int hundreds = rest / 100;
            at -= 2;
            SHORT.set(bytes, at, PAIRS[rest - hundreds * 100]);
            rest = hundreds;
        }
        if (at > from) {
            bytes[from] = (byte) ('0' + rest % 10);
        }
    }

    private static int digits(long number) {
        int least = (64 - Long.numberOfLeadingZeros(number)) * 1233 >>> 12; // 1233 / 4096 is the logarithm of 2
        return least + (number >= Value.powerOfTen(least) || number == 0 ? 1 : 0);
    }

    /** Seven bits a byte, least significant first, the high bit on all but the last; unsigned, 1 to 10 bytes. */
    public ByteSink putVarint(long number) {
        reserve(10);
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** A varint with the sign in the lowest bit: small for numbers near 0. */
    public ByteSink putZigZag(long number) {
        return putVarint(zigZag(number));
    }

    static long zigZag(long number) {
        return number << 1 ^ number >> 63;
    }

    static int varintSize(long number) {
        return (70 - Long.numberOfLeadingZeros(number | 1)) / 7;
    }
}
