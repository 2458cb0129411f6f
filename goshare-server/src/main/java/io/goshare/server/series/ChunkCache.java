package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import io.goshare.server.engine.Snapshot;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was read last of chunks and slices, so that a question asked again costs no decoding and, where no store was
 * written to since, no search in it. Nothing ever has to be taken out: rows are found again only as of the same version
 * of a store, points only where the bytes they were made from are those that stand there now. Safe for many threads.
 */
final class ChunkCache {
    /** Bytes that an entry or a chunk takes beside its columns, about. */
    private static final int OVERHEAD = 200;

    private interface Kept {
        long bytes();
    }

    private record PointsKey(int id, long first) {}

    private record Decoded(byte[] value, Points points) implements Kept {
        @Override
        public long bytes() {
            return OVERHEAD + value.length + points.bytes();
        }
    }

    private record ChunksKey(long version, int id) {}

    private record PagesKey(long version, long group) {}

    private record Pages(List<StoreReader.Page> pages) implements Kept {
        @Override
        public long bytes() {
            long bytes = OVERHEAD;
            for (StoreReader.Page page : pages) {
                bytes += OVERHEAD + page.value().length;
            }
            return bytes;
        }
    }

    /** All chunks of a series that reach into {@code range}, newest first; the last may begin before it. */
    private record Chunks(TimeRange range, List<StoreReader.Chunk> chunks) implements Kept {
        @Override
        public long bytes() {
            long bytes = OVERHEAD;
            for (StoreReader.Chunk chunk : chunks) {
                bytes += OVERHEAD + chunk.value().length;
            }
            return bytes;
        }

        boolean cover(TimeRange part) {
            return part.from() >= range.from() && part.to() <= range.to();
        }

        /** Those that reach into {@code part} of the range. */
        List<StoreReader.Chunk> in(TimeRange part) {
            int first = firstBefore(part.to());
            int end = first;
            while (end < chunks.size() && chunks.get(end).header().last() >= part.from()) {
                end++;
            }
            return chunks.subList(first, end);
        }

        private int firstBefore(long time) {
            int low = 0;
            int high = chunks.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (chunks.get(middle).key().first() >= time) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    private final long maxBytes;
    private final Map<Record, Kept> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param maxBytes of all entries; 0 keeps none */
    ChunkCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * The chunks of series {@code id} that reach into {@code range}, newest first.
     *
     * @param version of the snapshot to read from; {@link Snapshot#UNKNOWN} where nothing is to be kept
     * @param read reads them from there
     */
    List<StoreReader.Chunk> chunks(long version, int id, TimeRange range, Supplier<List<StoreReader.Chunk>> read) {
        if (version == Snapshot.UNKNOWN) {
            return read.get();
        }
        ChunksKey key = new ChunksKey(version, id);
        Chunks known = (Chunks) get(key);
        if (known != null && known.cover(range)) {
            return known.in(range);
        }
        List<StoreReader.Chunk> chunks = read.get();
        put(key, new Chunks(range, chunks));
        return chunks;
    }

    /** All pages of {@code group}, newest first; {@code version} and {@code read} as for {@link #chunks}. */
    List<StoreReader.Page> pages(long version, long group, Supplier<List<StoreReader.Page>> read) {
        if (version == Snapshot.UNKNOWN) {
            return read.get();
        }
        PagesKey key = new PagesKey(version, group);
        Pages known = (Pages) get(key);
        if (known == null) {
            known = new Pages(read.get());
            put(key, known);
        }
        return known.pages;
    }

    /** The points of a chunk of series {@code id}; not to be changed. */
    Points decode(int id, long first, byte[] value, ChunkReader reader) {
        PointsKey key = new PointsKey(id, first);
        Decoded known = (Decoded) get(key);
        if (known != null && known.value == value) {
            return known.points;
        }
        Points points = known != null && Arrays.equals(known.value, value)
                ? known.points
                : ChunkValue.decode(value, first, reader);
        put(key, new Decoded(value, points));
        return points;
    }

    private @Nullable Kept get(Record key) {
        synchronized (entries) {
            return entries.get(key);
        }
    }

    private void put(Record key, Kept entry) {
        if (entry.bytes() > maxBytes / 16) {
            return;
        }
        synchronized (entries) {
            Kept before = entries.put(key, entry);
            bytes += entry.bytes() - (before == null ? 0 : before.bytes());
            Iterator<Kept> oldest = entries.values().iterator();
            while (bytes > maxBytes) {
                bytes -= oldest.next().bytes();
                oldest.remove();
            }
        }
    }
}
