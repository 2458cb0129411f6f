package io.goshare.server.query;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.PointColumns;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesKind;
import io.goshare.server.series.SeriesSettings;
import io.goshare.server.series.Summariser;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Summaries as bytes. For one thread: it keeps scratch space. docs/storage-format.md, "Rollups".
 *
 * <pre>
 *   flags     1 byte    1: the points are the changes of a state; 2: nothing is told, and nothing follows
 *   stale     varint    nanoseconds after which the state was unknown, if the points are its changes
 *   count     varint    points in all
 *   others    varint    of these no numbers
 *   sum       see ExactSum
 *   points    columns, see ColumnCodec
 * </pre>
 *
 * Nothing is told where it could not be told exactly, or takes more than 1 MiB.
 */
final class SummaryCodec implements Summariser {
    private static final int CHANGES = 1;
    private static final int UNTOLD = 2;
    private static final int MOST_BYTES = 1 << 20;
    private static final long MOST_EXACT = 1L << 53;

    private final ColumnCodec codec = new ColumnCodec();
    private final PointColumns scratch = new PointColumns();

    @Override
    public byte[] summary(Points points, SeriesSettings settings) {
        Columns all = Columns.of(points);
        boolean isState = settings.kind() == SeriesKind.STATE;
        Columns kept = isState ? Columns.of(points.changes(settings.staleAfterNanos())) : ends(all);
        ByteSink out = new ByteSink();
        out.put(isState ? CHANGES : 0);
        if (isState) {
            out.putVarint(settings.staleAfterNanos());
        }
        out.putVarint(all.count()).putVarint(all.others(0, all.count()));
        new ExactSum().add(all, 0, all.count()).write(out);
        codec.encode(kept.times(), kept.tags(), kept.words(), kept.heap(), 0, kept.count(), out);
        return isExact(all) && out.size() <= MOST_BYTES ? out.toByteArray() : new byte[] {UNTOLD};
    }

    /** The first, the least, the greatest and the last of {@code all}, each once, in time order. */
    private static Columns ends(Columns all) {
        Slice slice = Slice.of(all);
        int[] rows = IntStream.of(0, Numeric.extremeRow(slice, -1), Numeric.extremeRow(slice, 1), all.count() - 1)
                .filter(row -> row >= 0)
                .sorted()
                .distinct()
                .toArray();
        return all.only(rows, rows.length);
    }

    /**
     * Whether sums and extremes of {@code all} come out the same, however they are cut: a double-double loses nothing
     * of the floats, and integers beyond 2^53 are not among other numbers, which they might be taken to be equal to.
     */
    private static boolean isExact(Columns all) {
        boolean isLarge = false;
        boolean hasOthers = false;
        double sum = 0;
        double error = 0;
        for (int row = 0; row < all.count(); row++) {
            Kind kind = all.kind(row);
            long word = all.words()[row];
            isLarge |= kind == Kind.INTEGER && (word > MOST_EXACT || word < -MOST_EXACT);
            hasOthers |= kind == Kind.DECIMAL || kind == Kind.FLOAT;
            if (kind == Kind.FLOAT && Double.isFinite(all.number(row))) {
                double next = sum + all.number(row);
                double lost = lost(sum, all.number(row), next);
                double nextError = error + lost;
                if (!Double.isFinite(next) || lost(error, lost, nextError) != 0) {
                    return false;
                }
                sum = next;
                error = nextError;
            }
        }
        return !(isLarge && hasOthers);
    }

    /** What {@code a + b} rounded to {@code sum} lost (Knuth's two-sum). */
    private static double lost(double a, double b, double sum) {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }

    /** What {@link #summary} made; empty if nothing is told. */
    Optional<Summary> decode(byte[] summary) {
        ByteSource in = new ByteSource(summary, 0, summary.length);
        int flags = in.get();
        if (flags == UNTOLD) {
            return Optional.empty();
        }
        long stale = flags == CHANGES ? in.varint() : -1;
        long count = in.varint();
        long others = in.varint();
        ExactSum sum = ExactSum.read(in);
        codec.decode(in, scratch);
        int rows = scratch.count();
        boolean hasBytes = false;
        for (int i = 0; i < rows && !hasBytes; i++) {
            hasBytes = PointBatch.kind(scratch.tags()[i]).isBytes();
        }
        Columns points = new Columns(
                rows,
                Arrays.copyOf(scratch.times(), rows),
                Arrays.copyOf(scratch.tags(), rows),
                Arrays.copyOf(scratch.words(), rows),
                hasBytes ? scratch.heap().clone() : Columns.NONE.heap());
        return Optional.of(new Summary(stale, count, others, sum, points));
    }
}
