package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a read finds of one series in a stretch of time: fragments, and summaries of chunks. For one thread. */
final class Gathered {
    private final TimeRange part;
    private final Erasures erasures;
    private final List<Fragment> fragments = new ArrayList<>();
    private final List<ChunkSummary> summaries = new ArrayList<>();
    private long chunksFrom = Long.MAX_VALUE;

    /** @param erasures that hide some of what is found */
    Gathered(TimeRange part, Erasures erasures) {
        this.part = part;
        this.erasures = erasures;
    }

    void add(Fragment fragment) {
        fragments.add(fragment);
    }

    void add(List<Fragment> more) {
        fragments.addAll(more);
    }

    void addChunk(Fragment chunk, long first) {
        fragments.add(chunk);
        chunksFrom = Math.min(chunksFrom, first);
    }

    void add(ChunkSummary summary) {
        summaries.add(summary);
    }

    /** A copy of what was added so far. */
    List<Fragment> fragments() {
        return List.copyOf(fragments);
    }

    /** Those of chunks, in the order of time. */
    List<ChunkSummary> summaries() {
        summaries.sort(Comparator.comparingLong(ChunkSummary::first));
        return summaries;
    }

    /**
     * The newest point before the stretch, if it is among the points of a chunk or behind them: then no older chunk,
     * which this does not know, has one. {@link Newest#NONE} if that is not so.
     *
     * @param inMemory the newest of heads and slices before the stretch
     */
    Newest previous(Newest inMemory) {
        Newest best = inMemory;
        for (Fragment fragment : fragments) {
            best = best.or(fragment, part.from() - 1, erasures);
        }
        return best.time() >= chunksFrom ? best : Newest.NONE;
    }

    /** The points of the stretch, with {@code before}, which is older, in front. */
    Points merged(Points before) {
        fragments.sort(Comparator.comparing(Fragment::sequence));
        List<Points> visible = new ArrayList<>(fragments.size());
        int rows = before.count();
        for (Fragment fragment : fragments) {
            Points points = erasures.apply(fragment.id(), fragment.sequence(), fragment.points());
            int inside = to(points) - from(points);
            if (inside > 0) {
                visible.add(points);
                rows += inside;
            }
        }
        if (visible.size() == 1 && before.count() == 0) {
            Points only = visible.get(0);
            return only.slice(from(only), to(only));
        }
        PointsBuilder merged = new PointsBuilder(rows);
        merged.lay(before, 0, before.count());
        visible.forEach(points -> merged.lay(points, from(points), to(points)));
        return merged.build();
    }

    private int from(Points points) {
        return points.firstAtOrAfter(part.from());
    }

    private int to(Points points) {
        return points.firstAtOrAfter(part.to());
    }
}
