package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A Cap'n Proto message of one segment that grows. Everything is words of 8 bytes, least first; the message is
 *
 * <pre>
 *   u32 segments - 1 | u32 words of each segment | padding to a word | the segments; word 0 of the first is the root
 * </pre>
 *
 * and a pointer, from the lowest bit, with offsets in words from the word behind it:
 *
 * <pre>
 *   struct  2 bits 0 | 30 offset | 16 words of data | 16 pointers
 *   list    2 bits 1 | 30 offset | 3 size of an element | 29 elements, or words where the size is 7
 *   far     2 bits 2 | 1 whether the landing pad has two words | 29 its word | 32 its segment
 *   size of an element: 0 nothing, 1 a bit, 2 to 5 one, 2, 4, 8 bytes, 6 a pointer,
 *                       7 structs, before which stands a word like a struct's pointer with their number for offset
 * </pre>
 *
 * Places are given in bytes from the segment's beginning. For one thread.
 */
final class CapnpOutput {
    static final int BIT = 1;
    static final int BYTE = 2;
    static final int WORD = 5;
    static final int POINTER = 6;
    static final int STRUCT = 7;

    private byte[] bytes = new byte[256];
    private ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private int end;

    /** Adds {@code count} words of zeros and returns where they begin. */
    int allocate(long count) {
        int start = end;
        end = Math.addExact(end, Math.toIntExact(count * 8));
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 16)));
            words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        return start;
    }

    void putWord(int at, long word) {
        words.putLong(at, word);
    }

    /** Sets a bit of a list of them. */
    void setBit(int at, int index) {
        bytes[at + index / 8] |= (byte) (1 << index % 8);
    }

    private static long offset(int pointer, int target) {
        return ((target - pointer) / 8 - 1 & 0x3fffffffL) << 2;
    }

    private static long size(int data, int pointers) {
        return (long) data << 32 | (long) pointers << 48;
    }

    /** A struct of so many words and pointers, pointed at from {@code pointer}. */
    int struct(int pointer, int data, int pointers) {
        int at = allocate(data + pointers);
        putWord(pointer, offset(pointer, at) | size(data, pointers));
        return at;
    }

    private int list(int pointer, int elementSize, long elements, long count) {
        int at = allocate(count);
        putWord(pointer, offset(pointer, at) | 1 | (long) elementSize << 32 | elements << 35);
        return at;
    }

    int bits(int pointer, int count) {
        return list(pointer, BIT, count, (count + 63L) / 64);
    }

    int words(int pointer, int count) {
        return list(pointer, WORD, count, count);
    }

    int pointers(int pointer, int count) {
        return list(pointer, POINTER, count, count);
    }

    /**
     * A list of structs; the first begins at the place returned, each {@code data + pointers} words behind the last.
     */
    int structs(int pointer, int count, int data, int pointers) {
        long words = (long) count * (data + pointers);
        int at = list(pointer, STRUCT, words, words + 1);
        putWord(at, (long) count << 2 | size(data, pointers));
        return at + 8;
    }

    void data(int pointer, byte[] from, int offset, int length) {
        int at = list(pointer, BYTE, length, (length + 7L) / 8);
        System.arraycopy(from, offset, bytes, at, length);
    }

    void data(int pointer, byte[] from) {
        data(pointer, from, 0, from.length);
    }

    /** The message with its framing. */
    void to(ByteSink out) {
        out.putLong((long) (end / 8) << 32).put(bytes, 0, end);
    }
}
