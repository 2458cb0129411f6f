package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * What stands in memory and in the log alone: the heads of now, those that a checkpoint set aside, and erases that
 * chunks and pages do not show yet. Changed while no read starts; read while no group is applied, but for what says
 * that any thread may ask.
 */
final class UnsealedPoints {
    private Heads current = new Heads();
    private volatile List<Heads> frozen = List.of();
    private volatile Erasures erasures = Erasures.NONE;
    private volatile long currentBytes;

    /** Adds the points of {@code operation} to the series {@code ids}, but for those that are 0. */
    void append(int[] ids, long revision, PointsOperation operation) {
        int row = 0;
        for (int i = 0; i < ids.length; i++) {
            int count = operation.counts()[i];
            if (ids[i] != 0) {
                current.append(ids[i], revision, row, operation.points(), row, row + count);
            }
            row += count;
        }
        currentBytes = current.bytes();
    }

    void erase(RoaringBitmap erased, TimeRange range, long revision, boolean expired) {
        erased.forEach((IntConsumer) id -> current.erase(id, range, revision));
        erasures = erasures.with(new Erasures.Erase(revision, erased, range, expired));
    }

    /** Sets the heads of now aside; all that were and are not released. */
    List<Heads> freeze() {
        List<Heads> generations = new ArrayList<>(frozen);
        if (!current.isEmpty()) {
            generations.add(current);
            current = new Heads();
            currentBytes = 0;
        }
        frozen = List.copyOf(generations);
        return frozen;
    }

    /** Lets go of generations, and of erases up to {@code revision}, that are in place. */
    void release(List<Heads> generations, long revision) {
        List<Heads> left = new ArrayList<>(frozen);
        left.removeAll(generations);
        frozen = List.copyOf(left);
        erasures = erasures.after(revision);
    }

    /** Each read goes through all of them. Any thread. */
    Erasures erasures() {
        return erasures;
    }

    /** Memory that the points take. Any thread. */
    long bytes() {
        long bytes = currentBytes;
        for (Heads heads : frozen) {
            bytes += heads.bytes();
        }
        return bytes;
    }

    long points() {
        long points = current.points();
        for (Heads heads : frozen) {
            points += heads.points();
        }
        return points;
    }

    /** Points of a series in {@code range}, or more. Stops to count past {@code most}. */
    int points(int id, TimeRange range, int most) {
        int points = current.points(id, range, most);
        for (Heads heads : frozen) {
            points += points > most ? 0 : heads.points(id, range, most);
        }
        return points;
    }

    /** The heads of now: current ones copied for these series, older generations as they are. */
    HeadView view(long revision, Found series) {
        HeadPoints[] heads = new HeadPoints[series.size()];
        Slice[] slices = new Slice[series.size()];
        for (int i = 0; i < heads.length; i++) {
            int id = series.id(i);
            heads[i] = current.head(id).orElse(null);
            slices[i] = current.slices(id);
        }
        return new HeadView(revision, heads, slices, frozen, erasures);
    }
}
