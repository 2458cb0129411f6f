package io.goshare.server.series;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Points of the chunks and slices that were read last, so that a question asked again costs no decoding. An entry is
 * used only where the bytes it was made from are those that stand there now, so nothing ever has to be taken out of it.
 * Safe for many threads.
 */
final class ChunkCache {
    /** Bytes that an entry takes beside its columns, about. */
    private static final int OVERHEAD = 200;

    private record Key(int id, long first) {}

    private record Entry(byte[] value, Points points) {
        long bytes() {
            return OVERHEAD + value.length + points.bytes();
        }
    }

    private final long maxBytes;
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param maxBytes of all entries; 0 keeps none */
    ChunkCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The points of a chunk of series {@code id}; not to be changed. */
    Points decode(int id, long first, byte[] value, ChunkReader reader) {
        Key key = new Key(id, first);
        Entry entry;
        synchronized (entries) {
            entry = entries.get(key);
        }
        if (entry != null && Arrays.equals(entry.value, value)) {
            return entry.points;
        }
        Points points = ChunkValue.decode(value, first, reader);
        put(key, new Entry(value, points));
        return points;
    }

    private void put(Key key, Entry entry) {
        if (entry.bytes() > maxBytes / 16) {
            return;
        }
        synchronized (entries) {
            Entry before = entries.put(key, entry);
            bytes += entry.bytes() - (before == null ? 0 : before.bytes());
            var oldest = entries.values().iterator();
            while (bytes > maxBytes) {
                bytes -= oldest.next().bytes();
                oldest.remove();
            }
        }
    }
}
