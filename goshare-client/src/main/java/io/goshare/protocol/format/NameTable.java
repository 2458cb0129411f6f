package io.goshare.protocol.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Numbers by the bytes that stand for them in one body: a name met before costs a hash and a comparison, no string. The
 * bytes are remembered as a piece of the body, which must not change. Hashes are seeded anew for each table, so that no
 * sender can make names collide. For one thread.
 */
final class NameTable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final byte[] in;
    private final long seed = ThreadLocalRandom.current().nextLong();
    private int[] slots = new int[256];
    private long[] hashes = new long[128];
    private int[] offsets = new int[128];
    private int[] lengths = new int[128];
    private int[] numbers = new int[128];
    private int size;
    private int last = -1;
    private long lookedFor;

    NameTable(byte[] body) {
        this.in = body;
    }

    /** The number put for the same bytes, or -1. */
    int find(int offset, int length) {
        if (last >= 0 && same(last, offset, length)) {
            return numbers[last];
        }
        lookedFor = hash(offset, length);
        int mask = slots.length - 1;
        for (int at = (int) lookedFor & mask; slots[at] != 0; at = at + 1 & mask) {
            int entry = slots[at] - 1;
            if (hashes[entry] == lookedFor && same(entry, offset, length)) {
                last = entry;
                return numbers[entry];
            }
        }
        return -1;
    }

    private boolean same(int entry, int offset, int length) {
        return lengths[entry] == length
                && Arrays.equals(in, offsets[entry], offsets[entry] + length, in, offset, offset + length);
    }

    /** Remembers {@code number} for the bytes that {@link #find} just missed. */
    void put(int offset, int length, int number) {
        if (size * 2 >= slots.length) {
            grow();
        }
        hashes[size] = lookedFor;
        offsets[size] = offset;
        lengths[size] = length;
        numbers[size] = number;
        last = size;
        insert(size++);
    }

    private void insert(int entry) {
        int mask = slots.length - 1;
        int at = (int) hashes[entry] & mask;
        while (slots[at] != 0) {
            at = at + 1 & mask;
        }
        slots[at] = entry + 1;
    }

    private void grow() {
        slots = new int[slots.length * 4];
        int room = slots.length / 2;
        hashes = Arrays.copyOf(hashes, room);
        offsets = Arrays.copyOf(offsets, room);
        lengths = Arrays.copyOf(lengths, room);
        numbers = Arrays.copyOf(numbers, room);
        for (int entry = 0; entry < size; entry++) {
            insert(entry);
        }
    }

    private long hash(int offset, int length) {
        long hash = seed ^ length * MIX;
        int i = offset;
        int end = offset + length;
        for (; i + 8 <= end; i += 8) {
            hash = mix(hash ^ (long) LONG.get(in, i));
        }
        long tail = 0;
        for (; i < end; i++) {
            tail = tail << 8 | in[i] & 0xff;
        }
        return mix(hash ^ tail);
    }

    private static long mix(long word) {
        long product = word * MIX;
        return product ^ product >>> 29;
    }
}
