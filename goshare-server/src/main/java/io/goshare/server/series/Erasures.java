package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * Erases that chunks and pages do not show yet: points of older sequence are hidden by them. Immutable, so a read keeps
 * those it started with.
 */
record Erasures(List<Erase> erases) {
    static final Erasures NONE = new Erasures(List.of());

    /**
     * Points of {@code ids} in {@code range} that arrived before {@code revision} are gone.
     *
     * @param expired whether retention took them, so that summaries of them stay
     */
    record Erase(long revision, RoaringBitmap ids, TimeRange range, boolean expired) {}

    /** A request that erases series by series becomes one erase of them all. */
    Erasures with(Erase erase) {
        List<Erase> more = new ArrayList<>(erases);
        Erase last = more.isEmpty() ? null : more.get(more.size() - 1);
        boolean joins = last != null
                && last.revision == erase.revision
                && last.range.equals(erase.range)
                && last.expired == erase.expired;
        if (last != null && joins) {
            RoaringBitmap both = RoaringBitmap.or(last.ids, erase.ids);
            more.set(more.size() - 1, new Erase(erase.revision, both, erase.range, erase.expired));
        } else {
            more.add(erase);
        }
        return new Erasures(List.copyOf(more));
    }

    Erasures after(long revision) {
        return new Erasures(
                erases.stream().filter(erase -> erase.revision > revision).toList());
    }

    Erasures upTo(long revision) {
        return new Erasures(
                erases.stream().filter(erase -> erase.revision <= revision).toList());
    }

    boolean touches(int id, Sequence sequence, long first, long last) {
        for (Erase erase : erases) {
            if (hides(erase, id, sequence) && erase.range.from() <= last && erase.range.to() > first) {
                return true;
            }
        }
        return false;
    }

    private static boolean hides(Erase erase, int id, Sequence sequence) {
        return sequence.revision() < erase.revision && erase.ids.contains(id);
    }

    /** What is left of the points of a slice, chunk or fragment of this series and sequence. */
    Points apply(int id, Sequence sequence, Points points) {
        Points left = points;
        for (Erase erase : erases) {
            if (left.count() > 0 && hides(erase, id, sequence)) {
                left = without(left, erase.range);
            }
        }
        return left;
    }

    /** The points whose time is not in {@code range}. */
    static Points without(Points points, TimeRange range) {
        int from = points.firstAtOrAfter(range.from());
        int to = points.firstAtOrAfter(range.to());
        if (from >= to) {
            return points;
        }
        PointsBuilder kept = new PointsBuilder();
        kept.lay(points, 0, from);
        kept.lay(points, to, points.count());
        return kept.build();
    }
}
