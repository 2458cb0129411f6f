package io.goshare.server.series;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Mutation;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Series of points. Changes are {@link Mutation}s: they happen once a {@link io.goshare.server.commit.Committer}
 * commits them. Safe for many threads.
 *
 * <p>Nothing here assumes that one process owns the data.
 */
public interface SeriesStore {
    /**
     * Adds points; series that are new are made. Of points with the same series and time the later one wins, in the
     * batch and against all stored before. Rows with {@link PointBatch#NO_TIME} get the server's time, later for each
     * row of the same series. Outcome: the number of rows, as an integer.
     *
     * <p>Refused as a whole with {@code invalid_rows} if a row's time is {@code Long.MAX_VALUE}, its value is of
     * another type than its strict series takes, or the batch needs more new periods than there may be; with
     * {@code series_limit} if a series is one too many.
     */
    Mutation points(PointBatch batch);

    /**
     * The rows for which {@link #points} would refuse {@code batch} now, counted from 1: of a type that their strict
     * series does not take, of series that are one too many, or at {@code Long.MAX_VALUE}.
     */
    List<RejectedRow> refusals(PointBatch batch);

    /**
     * Takes away the points of the series that match now and whose time is in {@code range}. They are gone from reads
     * at once, from the disk at the next checkpoint. Outcome: the number of series that matched.
     */
    Mutation erase(SeriesFilter filter, TimeRange range);

    /** Takes away the series that match now, with all points. Outcome: the number of them. */
    Mutation drop(SeriesFilter filter);

    /** Sets what is known of the series that match now. Outcome: the number of them. */
    Mutation settings(SeriesFilter filter, SeriesSettings settings);

    /**
     * From now on reads that begin show no point that {@code rules} no longer keep, whether {@link #retain} has taken
     * it away or not; of those rules that match a series the first applies. Not kept over a restart.
     *
     * @param now nanoseconds since 1970
     */
    void clip(List<RetentionRule> rules, LongSupplier now);

    /**
     * Brings summaries up to date, then takes away the points that {@code rules} no longer keep; of those that match a
     * series the first applies, and a series without one keeps its points. What is only in memory and in the log so far
     * goes later. May take long; one call at a time.
     *
     * @param now nanoseconds since 1970
     * @param stopping asked now and then: if true the rest is left to the next call
     */
    RetentionReport retain(List<RetentionRule> rules, long now, BooleanSupplier stopping);

    /**
     * Keeps summaries by these rules from the next {@link #retain} on, and lets go of those of other rules.
     *
     * @param summariser makes them
     */
    void rollups(List<RollupRule> rules, Summariser summariser);

    /**
     * Starts a read of the series that match, over {@code range}: it sees all that was acknowledged before and nothing
     * committed later. Close it soon: it pins stores and old versions of rows.
     *
     * @throws io.goshare.protocol.GoShareException {@code busy} if too many reads are open
     */
    SeriesView view(SeriesFilter filter, TimeRange range);

    /**
     * Whether a read of the series that match, over {@code range}, is sure to take some hundred microseconds at most:
     * few series, found by their name or a tag, with some ten thousand points.
     */
    boolean isShort(SeriesFilter filter, TimeRange range);

    /**
     * The next segments of paths that series stand at or below: below {@code parent}, or the first ones if it is empty.
     * In the order of paths, {@code most} of them at most, from {@code from} on, the beginning of an encoded path. Goes
     * from child to child, whatever stands below each.
     */
    List<Path> children(Optional<Path> parent, byte[] from, int most);

    /** Hands what an operation in the log did to {@code reader}; other stores' operations are passed over. */
    void read(byte tag, byte[] operation, LoggedSeries reader);

    /** The name of a series, which may have been dropped since. */
    SeriesKey name(int id);

    /** What the store holds, for people and for tests. Counts rows, so it may take long. */
    SeriesReport report();
}
