package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what of a view's series stands in memory, and in the log alone. For one thread. */
final class MemoryReader {
    private final HeadView memory;
    private final Found series;
    private final ChunkReader reader;
    private final ChunkCache cache;

    MemoryReader(HeadView memory, Found series, ChunkReader reader, ChunkCache cache) {
        this.memory = memory;
        this.series = series;
        this.reader = reader;
        this.cache = cache;
    }

    /** Adds the points of series {@code index} in {@code part}, or more. */
    void collect(int index, TimeRange part, Gathered found) {
        int id = series.id(index);
        for (Heads heads : memory.frozen()) {
            collectSlices(id, heads.slices(id), part, found);
            heads.head(id).ifPresent(head -> found.add(new Fragment(id, head.sequence(), head.points())));
        }
        collectSlices(id, memory.slices()[index], part, found);
        HeadPoints head = memory.heads()[index];
        if (head != null) {
            found.add(new Fragment(id, head.sequence(), head.points()));
        }
    }

    private void collectSlices(int id, @Nullable Slice newest, TimeRange part, Gathered found) {
        for (Slice slice = newest; slice != null; slice = slice.previous()) {
            if (slice.first() < part.to() && slice.last() >= part.from()) {
                found.add(fragment(id, slice));
            }
        }
    }

    /**
     * The newest point of series {@code index} at or before {@code time}. Heads first: what is older than the best so
     * far is not decoded.
     */
    Newest newest(int index, long time) {
        int id = series.id(index);
        Newest best = Newest.NONE;
        HeadPoints head = memory.heads()[index];
        if (head != null) {
            best = best.or(new Fragment(id, head.sequence(), head.points()), time, memory.erasures());
        }
        for (Heads heads : memory.frozen()) {
            HeadPoints frozen = heads.head(id).orElse(null);
            if (frozen != null) {
                best = best.or(new Fragment(id, frozen.sequence(), frozen.points()), time, memory.erasures());
            }
        }
        best = newestSlice(id, memory.slices()[index], time, best);
        for (Heads heads : memory.frozen()) {
            best = newestSlice(id, heads.slices(id), time, best);
        }
        return best;
    }

    private Newest newestSlice(int id, @Nullable Slice newest, long time, Newest found) {
        Newest best = found;
        for (Slice slice = newest; slice != null; slice = slice.previous()) {
            if (slice.first() <= time && Math.min(slice.last(), time) >= best.time()) {
                best = best.or(fragment(id, slice), time, memory.erasures());
            }
        }
        return best;
    }

    /**
     * A beginning of {@code whole}, or with {@code atEnd} an end of it, whose slices hold {@code most} points; all of
     * it where they have not so many.
     */
    TimeRange part(int index, TimeRange whole, long most, boolean atEnd) {
        List<Slice> inside = new ArrayList<>();
        for (Slice slice = memory.slices()[index]; slice != null; slice = slice.previous()) {
            if (slice.first() >= whole.from() && slice.last() < whole.to()) {
                inside.add(slice);
            }
        }
        inside.sort(Comparator.comparingLong(slice -> atEnd ? -slice.first() : slice.last()));
        long left = most;
        for (Slice slice : inside) {
            left -= slice.count();
            if (left <= 0) {
                return atEnd ? new TimeRange(slice.first(), whole.to()) : new TimeRange(whole.from(), slice.last() + 1);
            }
        }
        return whole;
    }

    /**
     * Spans of {@code part}, or more, in which points of series {@code index} stand here or were erased since the last
     * checkpoint.
     */
    List<TimeRange> changed(int index, RollupRule rule, TimeRange part) {
        int id = series.id(index);
        List<TimeRange> changed = new ArrayList<>();
        for (Erasures.Erase erase : memory.erasures().erases()) {
            if (!erase.expired() && erase.ids().contains(id)) {
                changed.add(erase.range());
            }
        }
        for (Heads heads : memory.frozen()) {
            addSlices(heads.slices(id), changed);
            heads.head(id).ifPresent(head -> addWindows(head.points(), rule, part, changed));
        }
        addSlices(memory.slices()[index], changed);
        HeadPoints head = memory.heads()[index];
        if (head != null) {
            addWindows(head.points(), rule, part, changed);
        }
        return changed;
    }

    private static void addSlices(@Nullable Slice newest, List<TimeRange> changed) {
        for (Slice slice = newest; slice != null; slice = slice.previous()) {
            changed.add(new TimeRange(slice.first(), slice.last() + 1));
        }
    }

    private static void addWindows(Points points, RollupRule rule, TimeRange part, List<TimeRange> changed) {
        int row = points.firstAtOrAfter(part.from());
        while (row < points.count() && points.times()[row] < part.to()) {
            TimeRange window = rule.window(points.times()[row]);
            changed.add(window);
            row = points.firstAtOrAfter(window.to());
        }
    }

    private Fragment fragment(int id, Slice slice) {
        return new Fragment(id, slice.sequence(), cache.decode(id, slice.first(), slice.value(), reader));
    }
}
