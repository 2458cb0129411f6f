package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads chunks and fragments of one period's store, as of a snapshot or, with null, as of now. For one thread. */
final class StoreReader {
    private final StorageEngine engine;
    private final @Nullable Snapshot snapshot;
    private final ChunkReader reader;
    private final ChunkCache decoded;

    /** Keeps nothing of what it decodes. */
    StoreReader(StorageEngine engine, @Nullable Snapshot snapshot, ChunkReader reader) {
        this(engine, snapshot, reader, new ChunkCache(0));
    }

    StoreReader(StorageEngine engine, @Nullable Snapshot snapshot, ChunkReader reader, ChunkCache decoded) {
        this.decoded = decoded;
        this.engine = engine;
        this.snapshot = snapshot;
        this.reader = reader;
    }

    /** A chunk as it stands: its key and its value. */
    record Chunk(RowKey key, byte[] value) {
        ChunkValue header() {
            return ChunkValue.header(value, key.first());
        }
    }

    /** A page as it stands. */
    record Page(RowKey key, byte[] value) {}

    /**
     * Chunks of {@code id} with times in {@code range}, newest first. They never overlap, so the first older one ends
     * it.
     */
    List<Chunk> chunks(int id, TimeRange range) {
        List<Chunk> found = new ArrayList<>();
        engine.scan(
                snapshot,
                RowKey.before(RowKey.CHUNK, id, range.to()),
                RowKey.behind(RowKey.CHUNK, id),
                (key, value) -> {
                    Chunk chunk = new Chunk(RowKey.decode(key), value);
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
        List<Page> found = new ArrayList<>();
        engine.scan(
                snapshot,
                RowKey.before(RowKey.PAGE, group, to),
                RowKey.behind(RowKey.PAGE, group),
                (key, value) -> found.add(new Page(RowKey.decode(key), value)));
        return found;
    }

    Points decode(Chunk chunk) {
        return decoded.decode(Math.toIntExact(chunk.key().owner()), chunk.key().first(), chunk.value(), reader);
    }

    List<Fragment> decode(Page page) {
        return PageValue.decode(page.value(), page.key().owner(), reader);
    }

    /** All points of {@code id} that may lie in {@code range}, as they stand in chunks and pages. */
    void collect(int id, TimeRange range, List<Fragment> found) {
        for (Chunk chunk : chunks(id, range)) {
            found.add(new Fragment(id, chunk.header().sequence(), decode(chunk)));
        }
        for (Page page : pages(id / PageValue.SERIES, range.to())) {
            found.addAll(PageValue.decode(page.value(), page.key().owner(), id, reader));
        }
    }

    /**
     * The newest point of {@code id} at or before {@code time} that no erase hides, if it is newer than {@code best}.
     */
    Newest newest(int id, long time, Erasures erasures, Newest best) {
        Newest[] found = {best};
        engine.scan(
                snapshot, RowKey.before(RowKey.CHUNK, id, time + 1), RowKey.behind(RowKey.CHUNK, id), (key, value) -> {
                    Chunk chunk = new Chunk(RowKey.decode(key), value);
                    if (chunk.header().last() < found[0].time()) {
                        return false;
                    }
                    Fragment fragment = new Fragment(id, chunk.header().sequence(), decode(chunk));
                    found[0] = found[0].or(fragment, time, erasures);
                    return chunk.key().first() > found[0].time();
                });
        for (Page page : pages(id / PageValue.SERIES, time + 1)) {
            for (Fragment fragment : PageValue.decode(page.value(), page.key().owner(), id, reader)) {
                found[0] = found[0].or(fragment, time, erasures);
            }
        }
        return found[0];
    }
}
