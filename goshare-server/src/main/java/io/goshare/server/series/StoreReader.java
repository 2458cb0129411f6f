package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads chunks and fragments of one period's store, as of a snapshot or, with null, as of now. For one thread. */
final class StoreReader {
    private static final long HOUR = 3_600_000_000_000L;

    /** Groups whose pages are kept open: names in their order jump between these. */
    private static final int MOST_GROUPS = 16;

    private final StorageEngine engine;
    private final @Nullable Snapshot snapshot;
    private final ChunkReader reader;
    private final long version;
    private final ChunkCache cache;
    private final Map<Pages, List<PageValue>> lastPages = new LinkedHashMap<>();

    /** Keeps nothing of what it decodes. */
    StoreReader(StorageEngine engine, @Nullable Snapshot snapshot, ChunkReader reader) {
        this(engine, snapshot, reader, new ChunkCache(0));
    }

    StoreReader(StorageEngine engine, @Nullable Snapshot snapshot, ChunkReader reader, ChunkCache cache) {
        this.cache = cache;
        this.version = snapshot == null ? Snapshot.UNKNOWN : snapshot.version();
        this.engine = engine;
        this.snapshot = snapshot;
        this.reader = reader;
    }

    /** The pages of a group that begin before {@code to}. */
    private record Pages(long group, long to) {}

    /** A chunk as it stands. */
    record Chunk(RowKey key, ChunkValue header, byte[] value) {
        static Chunk of(byte[] key, byte[] value) {
            RowKey decoded = RowKey.decode(key);
            return new Chunk(decoded, ChunkValue.header(value, decoded.first()), value);
        }

        /** How many points are sure to be before {@code time}. */
        int pointsBefore(long time) {
            return header.last() < time ? header.count() : 0;
        }

        /** How many points are sure to be at or after {@code time}. */
        int pointsFrom(long time) {
            return key.first() >= time ? header.count() : 0;
        }

        ChunkSummary summary() {
            return header.summary(value, key.first());
        }
    }

    /** A page as it stands. */
    record Page(RowKey key, byte[] value) {}

    /**
     * Chunks of {@code id} with times in {@code range}, newest first. They never overlap, so the first older one ends
     * it.
     */
    List<Chunk> chunks(int id, TimeRange range) {
        return cache.chunks(version, id, range, () -> scan(id, range));
    }

    private List<Chunk> scan(int id, TimeRange range) {
        List<Chunk> found = new ArrayList<>();
        engine.scan(
                snapshot,
                RowKey.before(RowKey.CHUNK, id, range.to()),
                RowKey.behind(RowKey.CHUNK, id),
                (key, value) -> {
                    Chunk chunk = Chunk.of(key, value);
                    if (chunk.header().last() < range.from()) {
                        return false;
                    }
                    found.add(chunk);
                    return chunk.key().first() > range.from();
                });
        return found;
    }

    /** Pages of a group that begin before {@code to}, newest first. */
    List<Page> pages(long group, long to) {
        return cache.pages(version, group, () -> scanPages(group)).stream()
                .filter(page -> page.key().first() < to)
                .toList();
    }

    private List<Page> scanPages(long group) {
        List<Page> found = new ArrayList<>();
        engine.scan(
                snapshot,
                RowKey.before(RowKey.PAGE, group, TimeRange.ALL.to()),
                RowKey.behind(RowKey.PAGE, group),
                (key, value) -> found.add(new Page(RowKey.decode(key), value)));
        return found;
    }

    Points decode(Chunk chunk) {
        return cache.decode(Math.toIntExact(chunk.key().owner()), chunk.key().first(), chunk.value(), reader);
    }

    List<Fragment> decode(Page page) {
        return PageValue.open(page.value(), page.key().owner()).fragments(reader);
    }

    Fragment fragment(Chunk chunk) {
        return new Fragment(Math.toIntExact(chunk.key().owner()), chunk.header().sequence(), decode(chunk));
    }

    /** The fragments of {@code id} whose pages begin before {@code to}. */
    List<Fragment> fragments(int id, long to) {
        List<Fragment> found = new ArrayList<>();
        opened(new Pages(id / PageValue.SERIES, to)).forEach(page -> found.addAll(page.fragments(id, reader)));
        return found;
    }

    /** Pages as of a snapshot stay as they are: those read last are kept, for neighbouring series share them. */
    private List<PageValue> opened(Pages asked) {
        List<PageValue> known = lastPages.get(asked);
        if (known != null) {
            return known;
        }
        List<PageValue> opened = pages(asked.group, asked.to).stream()
                .map(page -> PageValue.open(page.value(), asked.group))
                .toList();
        if (snapshot != null) {
            if (lastPages.size() == MOST_GROUPS) {
                lastPages.remove(lastPages.keySet().iterator().next());
            }
            lastPages.put(asked, opened);
        }
        return opened;
    }

    /**
     * Where the first points of a range, or the last, end.
     *
     * @param missing how many are still missing there: not above 0 if they are found
     */
    record Place(long time, long missing) {}

    /**
     * The end of the chunk with the {@code most}-th point of {@code id} in {@code range}, or with {@code atEnd} the
     * beginning of that with the {@code most}-th from its end. Reads no points.
     */
    Place place(int id, TimeRange range, long most, boolean atEnd) {
        return atEnd ? placeFromEnd(id, range, most) : placeFromStart(id, range, most);
    }

    private Place placeFromEnd(int id, TimeRange range, long most) {
        Place[] place = {new Place(range.from(), most)};
        engine.scan(
                snapshot,
                RowKey.before(RowKey.CHUNK, id, range.to()),
                RowKey.behind(RowKey.CHUNK, id),
                (key, value) -> {
                    Chunk chunk = Chunk.of(key, value);
                    if (chunk.key().first() <= range.from()) {
                        return false;
                    }
                    place[0] = new Place(chunk.key().first(), place[0].missing - chunk.pointsBefore(range.to()));
                    return place[0].missing > 0;
                });
        return place[0].missing > 0 ? new Place(range.from(), place[0].missing) : place[0];
    }

    /** Keys stand newest first, so that the beginning of a range is looked for in beginnings that grow. */
    private Place placeFromStart(int id, TimeRange range, long most) {
        long width = HOUR;
        while (true) {
            long to = range.to() - range.from() > width ? range.from() + width : range.to();
            List<Chunk> chunks = chunks(id, new TimeRange(range.from(), to));
            long missing = most;
            for (int i = chunks.size() - 1; i >= 0; i--) {
                missing -= chunks.get(i).pointsFrom(range.from());
                if (missing <= 0) {
                    return new Place(Math.min(chunks.get(i).header().last() + 1, range.to()), missing);
                }
            }
            if (to == range.to()) {
                return new Place(to, missing);
            }
            width *= 4;
        }
    }

    /**
     * The newest point of {@code id} at or before {@code time} that no erase hides, if it is newer than {@code best}.
     */
    Newest newest(int id, long time, Erasures erasures, Newest best) {
        Newest[] found = {best};
        engine.scan(
                snapshot, RowKey.before(RowKey.CHUNK, id, time + 1), RowKey.behind(RowKey.CHUNK, id), (key, value) -> {
                    Chunk chunk = Chunk.of(key, value);
                    if (chunk.header().last() < found[0].time()) {
                        return false;
                    }
                    found[0] = found[0].or(fragment(chunk), time, erasures);
                    return chunk.key().first() > found[0].time();
                });
        for (Fragment fragment : fragments(id, time + 1)) {
            found[0] = found[0].or(fragment, time, erasures);
        }
        return found[0];
    }
}
