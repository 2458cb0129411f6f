package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Follows the pointers of a Cap'n Proto message, as {@link CapnpOutput} draws it, with any number of segments up to
 * {@value #MAX_SEGMENTS}. Each object must lie whole in its segment. Objects may be met twice, but what is met in all
 * is bounded by twice the message: a small message whose pointers share a large object is refused. What follows the
 * pointers does not recurse, so there is no depth to bound. For one thread.
 */
final class CapnpInput {
    static final int MAX_SEGMENTS = 512;

    /**
     * A struct: its data and then its pointers, which may be fewer than the schema has, or more. A missing one is its
     * default.
     */
    record Struct(int segment, int at, int dataBytes, int pointers) {
        static final Struct NONE = new Struct(0, 0, 0, 0);

        int pointer(int index) {
            return at + dataBytes + index * 8;
        }
    }

    /** Elements of a list. Each has {@code step} bytes, or is a bit; those that are structs, the sizes of one. */
    record Items(int segment, int at, int count, int elementSize, int step, int dataBytes, int pointers) {
        static final Items NONE = new Items(0, 0, 0, 0, 0, 0, 0);

        Struct struct(int index) {
            return new Struct(segment, at + index * step, dataBytes, pointers);
        }
    }

    private final byte[] bytes;
    private final ByteBuffer words;
    private final int[] starts;
    private final int[] ends;
    private long budget;

    // What the last pointer followed was: its word, and where its object begins.
    private long pointer;
    private int segment;
    private long target;

    CapnpInput(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (length < 8) {
            throw bad("ends within its segment table");
        }
        long segments = (words.getInt(offset) & 0xffffffffL) + 1;
        if (segments > MAX_SEGMENTS) {
            throw bad("has " + segments + " segments; " + MAX_SEGMENTS + " are the most");
        }
        long at = (4 + segments * 4 + 7) / 8 * 8;
        if (at > length) {
            throw bad("ends within its segment table");
        }
        starts = new int[(int) segments];
        ends = new int[(int) segments];
        for (int i = 0; i < segments; i++) {
            long size = (words.getInt(offset + 4 + i * 4) & 0xffffffffL) * 8;
            if (size > length - at) {
                throw bad("ends within segment " + i);
            }
            starts[i] = (int) (offset + at);
            at += size;
            ends[i] = (int) (offset + at);
        }
        if (at != length) {
            throw bad("has " + (length - at) + " bytes behind its last segment");
        }
        budget = length / 8 * 2L + 64;
    }

    static GoShareException bad(String what) {
        return new GoShareException(ErrorCode.BAD_REQUEST, "the Cap'n Proto message " + what + "; see goshare.capnp");
    }

    private void charge(long count) {
        budget -= count;
        if (budget < 0) {
            throw bad("points at the same words again and again");
        }
    }

    private void check(int in, long from, long count) {
        if (from < starts[in] || from > ends[in] || count * 8 > ends[in] - from) {
            throw bad("points outside of segment " + in);
        }
    }

    private static int kind(long word) {
        return (int) word & 3;
    }

    /** Where the object of the struct or list pointer {@code word} at {@code at} begins. */
    private static long behind(long at, long word) {
        return at + 8 + ((int) word >> 2) * 8L;
    }

    /** Follows the pointer at a place, through far ones; false if it is null. */
    private boolean follow(int in, int at) {
        pointer = words.getLong(at);
        segment = in;
        if (pointer == 0) {
            return false;
        }
        if (kind(pointer) != 2) {
            target = behind(at, pointer);
            return true;
        }
        boolean two = (pointer & 4) != 0;
        int pad = pad(pointer, two ? 2 : 1);
        long landed = words.getLong(pad);
        if (two) {
            if (kind(landed) != 2 || (landed & 4) != 0) {
                throw bad("has a landing pad that is none");
            }
            pointer = words.getLong(pad + 8);
            target = pad(landed, 0);
        } else {
            pointer = landed;
            target = behind(pad, landed);
        }
        if (kind(pointer) == 2) {
            throw bad("has a far pointer to a far pointer");
        }
        return true;
    }

    /** Where a far pointer points, {@code count} words of which must be there; its segment is the current one. */
    private int pad(long far, int count) {
        long id = far >>> 32;
        if (id >= starts.length) {
            throw bad("points into segment " + id + ", which it has not");
        }
        segment = (int) id;
        long at = starts[segment] + (far >>> 3 & 0x1fffffffL) * 8;
        check(segment, at, count);
        charge(count);
        return (int) at;
    }

    Struct root() {
        check(0, starts[0], 1);
        return struct(0, starts[0]);
    }

    Struct struct(Struct in, int index) {
        return index < in.pointers() ? struct(in.segment(), in.pointer(index)) : Struct.NONE;
    }

    private Struct struct(int in, int at) {
        if (!follow(in, at)) {
            return Struct.NONE;
        }
        if (kind(pointer) != 0) {
            throw bad("has a list or a capability where a struct is expected");
        }
        int data = (int) (pointer >>> 32) & 0xffff;
        int pointers = (int) (pointer >>> 48);
        check(segment, target, data + pointers);
        charge(data + pointers);
        return new Struct(segment, (int) target, data * 8, pointers);
    }

    /** The list at a pointer; {@code elementSize} is one of {@link CapnpOutput}'s. Null is an empty one. */
    Items list(Struct in, int index, int elementSize) {
        return index < in.pointers() ? list(in.segment(), in.pointer(index), elementSize) : Items.NONE;
    }

    private Items list(int in, int at, int elementSize) {
        if (!follow(in, at)) {
            return Items.NONE;
        }
        int size = (int) (pointer >>> 32) & 7;
        if (kind(pointer) != 1 || size != elementSize) {
            throw bad("has a pointer to something else where a list of other elements is expected");
        }
        int count = (int) (pointer >>> 35);
        if (size == CapnpOutput.STRUCT) {
            return structs(count);
        }
        long bits = size == CapnpOutput.BIT ? 1 : size == CapnpOutput.BYTE ? 8 : 64;
        long length = (count * bits + 63) / 64;
        check(segment, target, length);
        charge(length);
        return new Items(segment, (int) target, count, size, (int) bits / 8, 0, 0);
    }

    private Items structs(long length) {
        check(segment, target, length + 1);
        long tag = words.getLong((int) target);
        int data = (int) (tag >>> 32) & 0xffff;
        int pointers = (int) (tag >>> 48);
        long count = (tag & 0xffffffffL) >>> 2;
        if (kind(tag) != 0 || count * (data + pointers) > length) {
            throw bad("has a list of structs that is shorter than it says");
        }
        // Structs of no words cost nothing in the message, but something here.
        charge(1 + Math.max(length, count));
        return new Items(
                segment, (int) target + 8, (int) count, CapnpOutput.STRUCT, (data + pointers) * 8, data * 8, pointers);
    }

    /** A word of a struct's data. */
    long word(Struct in, int index) {
        return index * 8 + 8 <= in.dataBytes() ? words.getLong(in.at() + index * 8) : 0;
    }

    /** Element {@code index} of a list of words. */
    long word(Items in, int index) {
        return words.getLong(in.at() + index * 8);
    }

    boolean bit(Items in, int index) {
        return (bytes[in.at() + index / 8] >> index % 8 & 1) != 0;
    }

    /** The bytes that element {@code index} of a list of pointers points at. */
    Items data(Items in, int index) {
        return list(in.segment(), in.at() + index * 8, CapnpOutput.BYTE);
    }

    Items data(Struct in, int index) {
        return list(in, index, CapnpOutput.BYTE);
    }

    /** The array that places are in. */
    byte[] array() {
        return bytes;
    }
}
