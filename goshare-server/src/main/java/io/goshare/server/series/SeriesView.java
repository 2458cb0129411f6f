package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.util.List;
import java.util.Optional;

/**
 * A consistent start of a read: the series that matched, in the order of their names, and their points. For one thread
 * at a time.
 */
public interface SeriesView extends AutoCloseable {
    /** All requests up to this number are seen, none above. */
    long revision();

    /** The span of time it was opened for. */
    TimeRange range();

    int size();

    /** What is known of series {@code index}, from 0. */
    SeriesInfo series(int index);

    /** The names of tags that any of the series has, sorted. */
    List<String> tagNames();

    /** The points of series {@code index} in {@link #range}. */
    default Points read(int index) {
        return read(index, range());
    }

    /**
     * The points of series {@code index} in {@code range}, a part of {@link #range}, in time order, one for each time.
     * Long ranges: read piece by piece.
     */
    Points read(int index, TimeRange range);

    /**
     * The newest point before {@code range}, as {@link #asOf} has it, if there is one; then {@link #read}. What a state
     * is in a range needs both.
     */
    Points readWithPrevious(int index, TimeRange range);

    /**
     * {@link #read}, but of chunks that {@code filter} takes no more than their summaries. A summary tells what the
     * points read would: no later point, and no erase, reaches into its span.
     */
    Summarized summarize(int index, TimeRange range, SummaryFilter filter);

    /** {@link #readWithPrevious}, with summaries as {@link #summarize} has them. */
    Summarized summarizeWithPrevious(int index, TimeRange range, SummaryFilter filter);

    /**
     * A beginning of {@code range}, not empty, or with {@code atEnd} an end of it, that holds {@code most} points of
     * series {@code index} or more as far as headers tell; all of {@code range} where that has not so many.
     */
    TimeRange part(int index, TimeRange range, long most, boolean atEnd);

    /**
     * The newest point of series {@code index} at or before {@code time}, as one row; no row if there is none. Before
     * {@link #range} it may already see what was committed after the start of the read.
     */
    Points asOf(int index, long time);

    /** The rules by which summaries of series {@code index} are kept, the longest windows first. */
    List<RollupRule> rollups(int index);

    /**
     * What summaries of series {@code index} tell of {@code range}, a part of {@link #range}: the same as its points
     * would, or what they told before retention took them.
     */
    Rolled rolled(int index, RollupRule rule, TimeRange range);

    /**
     * The newest summary of series {@code index} in a window that ended at or before {@code time}. Before
     * {@link #range} it may already see what was committed after the start of the read.
     */
    Optional<Rolled.Row> rolledBefore(int index, RollupRule rule, long time);

    /** Bytes of memory that it keeps from being used for anything else, about. */
    long heldBytes();

    /** Another reader of the same start for another thread, of use until this is closed. */
    SeriesView fork();

    @Override
    void close();
}
