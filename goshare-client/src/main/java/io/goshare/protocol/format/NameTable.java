package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Numbers by names of bytes: one met before costs a hash and a comparison, no string. Names tend to come in the order
 * they came first, so the one found last and the one put behind it are compared before anything is hashed. Hashes are
 * seeded anew for each table, so that no sender can make names collide. For one thread.
 */
final class NameTable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final ByteSink names = new ByteSink(1024);
    private int[] slots = new int[256];
    private long[] hashes = new long[128];
    private int[] offsets = new int[128];
    private int[] lengths = new int[128];
    private int[] numbers = new int[128];
    private int size;
    private int last = -1;
    private long lookedFor;

    int size() {
        return size;
    }

    /** Forgets all names; the room stays. */
    void clear() {
        Arrays.fill(slots, 0);
        names.truncate(0);
        size = 0;
        last = -1;
    }

    /** The number put for the same bytes, or -1. */
    int find(byte[] name, int offset, int length) {
        if (last >= 0) {
            if (same(last, name, offset, length)) {
                return numbers[last];
            }
            int next = last + 1 < size ? last + 1 : 0;
            if (same(next, name, offset, length)) {
                last = next;
                return numbers[next];
            }
        }
        lookedFor = hash(name, offset, length);
        int mask = slots.length - 1;
        for (int at = (int) lookedFor & mask; slots[at] != 0; at = at + 1 & mask) {
            int entry = slots[at] - 1;
            if (hashes[entry] == lookedFor && same(entry, name, offset, length)) {
                last = entry;
                return numbers[entry];
            }
        }
        return -1;
    }

    private boolean same(int entry, byte[] name, int offset, int length) {
        int start = offsets[entry];
        return lengths[entry] == length
                && Arrays.equals(names.array(), start, start + length, name, offset, offset + length);
    }

    /** Remembers {@code number} for the bytes that {@link #find} just missed. */
    void put(byte[] name, int offset, int length, int number) {
        if (size * 2 >= slots.length) {
            grow();
        }
        hashes[size] = lookedFor;
        offsets[size] = names.size();
        lengths[size] = length;
        numbers[size] = number;
        names.put(name, offset, length);
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

    private long hash(byte[] name, int offset, int length) {
        long hash = seed ^ length * MIX;
        int i = offset;
        int end = offset + length;
        for (; i + 8 <= end; i += 8) {
            hash = mix(hash ^ (long) LONG.get(name, i));
        }
        long tail = 0;
        for (; i < end; i++) {
            tail = tail << 8 | name[i] & 0xff;
        }
        return mix(hash ^ tail);
    }

    private static long mix(long word) {
        long product = word * MIX;
        return product ^ product >>> 29;
    }
}
