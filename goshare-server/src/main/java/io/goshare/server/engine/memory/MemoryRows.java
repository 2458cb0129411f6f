package io.goshare.server.engine.memory;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Sorted rows with the versions that open views can still see. Each write has a number; a view is the number of the
 * last write it sees, so that taking one copies nothing. Many threads may read; the caller lets only one write, or open
 * and close views, at a time.
 */
final class MemoryRows {
    /** A value from write {@code number} on; null is a deletion. */
    static final class Version {
        final long number;
        final byte @Nullable [] value;
        volatile @Nullable Version older;

        Version(long number, byte @Nullable [] value, @Nullable Version older) {
            this.number = number;
            this.value = value;
            this.older = older;
        }
    }

    private final ConcurrentNavigableMap<byte[], Version> rows = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    /** Number → how many views stand there. */
    private final TreeMap<Long, Integer> views = new TreeMap<>();
    /** Keys with versions that only views need, oldest write first. */
    private final Deque<Stale> stale = new ArrayDeque<>();

    private volatile long last;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stale(long number, byte[] key) {}

    long last() {
        return last;
    }

    /** Stores a value, or null for a deletion, as part of write {@code last() + 1}; {@link #publish} makes it seen. */
    void put(byte[] key, byte @Nullable [] value) {
        long number = last + 1;
        rows.compute(key, (k, old) -> new Version(number, value, old));
        stale.add(new Stale(number, key));
    }

    void publish() {
        long number = last + 1; // only one writer at a time
        last = number;
        sweep();
    }

    long openView() {
        views.merge(last, 1, Integer::sum);
        return last;
    }

    void closeView(long number) {
        views.computeIfPresent(number, (n, count) -> count == 1 ? null : count - 1);
        sweep();
    }

    byte @Nullable [] get(byte[] key, long view) {
        return at(rows.get(key), view);
    }

    static byte @Nullable [] at(@Nullable Version newest, long view) {
        for (Version v = newest; v != null; v = v.older) {
            if (v.number <= view) {
                return v.value;
            }
        }
        return null;
    }

    ConcurrentNavigableMap<byte[], Version> range(byte[] from, byte @Nullable [] to) {
        return to == null ? rows.tailMap(from, true) : rows.subMap(from, true, to, false);
    }

    /** Drops the versions no view can see any more. */
    private void sweep() {
        long oldest = views.isEmpty() ? last : views.firstKey();
        for (Stale next = stale.peek(); next != null && next.number <= oldest; next = stale.peek()) {
            stale.remove();
            rows.computeIfPresent(next.key, (k, newest) -> trim(newest, oldest));
        }
    }

    /** Cuts off what lies below the newest version at or before {@code oldest}; null if nothing is left. */
    private static @Nullable Version trim(Version newest, long oldest) {
        if (newest.number <= oldest && newest.value == null) {
            return null;
        }
        for (Version v = newest; v != null; v = v.older) {
            if (v.number <= oldest) {
                v.older = null;
                break;
            }
        }
        return newest;
    }
}
