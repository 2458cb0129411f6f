package io.goshare.server.query;

import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.series.ChunkSummary;
import io.goshare.server.series.Rolled;
import io.goshare.server.series.RollupRule;
import io.goshare.server.series.SummaryFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Where queries read from. Safe for many threads. */
public interface SeriesReader {
    /** Starts a consistent read of the series that match, over {@code range}. */
    View view(Selector selector, TimeRange range);

    /** The series that matched, ordered by the encoding of their keys. For one thread at a time. */
    interface View extends AutoCloseable {
        int size();

        SeriesKey key(int index);

        /** The names of tags that any of the series has, sorted. */
        default List<String> tagNames() {
            Set<String> names = new TreeSet<>();
            for (int i = 0; i < size(); i++) {
                names.addAll(key(i).tags().keySet());
            }
            return List.copyOf(names);
        }

        /** Whether its points are changes of a state, each true until the next. */
        boolean isState(int index);

        /** Nanoseconds after which a point says nothing any more; {@code Long.MAX_VALUE}: never. */
        long staleAfter(int index);

        /** Points in {@code range}, which is inside the view's, in time order, one for each time. */
        Columns read(int index, TimeRange range);

        /** The newest point before {@code range}, if there is one, and {@link #read}. */
        default Columns readWithPrevious(int index, TimeRange range) {
            Columns previous = range.from() == TimeRange.ALL.from() ? Columns.NONE : asOf(index, range.from() - 1);
            return read(index, range).after(previous);
        }

        /** {@link #read}, but of chunks that {@code filter} takes no more than their summaries. */
        default Summarized summarize(int index, TimeRange range, SummaryFilter filter) {
            return new Summarized(read(index, range), List.of());
        }

        /** {@link #readWithPrevious}, but of chunks that {@code filter} takes no more than their summaries. */
        default Summarized summarizeWithPrevious(int index, TimeRange range, SummaryFilter filter) {
            return new Summarized(readWithPrevious(index, range), List.of());
        }

        /**
         * A beginning of {@code range}, not empty, or with {@code atEnd} an end of it, that holds some {@code most}
         * points, more or less; all of {@code range} where that is not known.
         */
        default TimeRange part(int index, TimeRange range, long most, boolean atEnd) {
            return range;
        }

        /** The newest point at or before {@code time}, as one row; no row if there is none. */
        Columns asOf(int index, long time);

        /** The rules by which summaries of series {@code index} are kept, the longest windows first. */
        default List<RollupRule> rollups(int index) {
            return List.of();
        }

        /** What summaries tell of {@code range}, which is inside the view's: the same as the points would. */
        default Rolled rolled(int index, RollupRule rule, TimeRange range) {
            return Rolled.NOTHING;
        }

        /** The newest summary of a window that ended at or before {@code time}. */
        default Optional<Rolled.Row> rolledBefore(int index, RollupRule rule, long time) {
            return Optional.empty();
        }

        /**
         * The runs of what series {@code index} is in {@code range}.
         *
         * @param points its points in {@code range}, before them perhaps the one that holds as it begins
         * @param horizon the end of what can be known
         */
        default States states(int index, Columns points, TimeRange range, long horizon) {
            return new States(points, Intervals.of(points, range, horizon, staleAfter(index)));
        }

        /** This, or another reader of the same start, for another thread; of use until this is closed. */
        View fork();

        /** Bytes of memory that it keeps from being used for anything else, about. */
        long heldBytes();

        @Override
        void close();
    }

    /**
     * Points of one series, some of them summed up.
     *
     * @param summaries of points that {@code points} leaves out, in time order; no other points lie within one
     */
    record Summarized(Columns points, List<ChunkSummary> summaries) {}

    /**
     * Runs with the rows they name.
     *
     * @param rows one row for each run at least
     */
    record States(Columns rows, Intervals runs) {}
}
