package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Mutation;
import io.goshare.server.keyvalue.Page;
import io.goshare.server.keyvalue.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The tree of names. A value holds from the time it stands at until the next, and its history is kept; so every read
 * also takes a moment of the past. Reads see all that was acknowledged; changes are {@link Mutation}s that the caller
 * commits, alone or with others as one request. Paths come in their order: each before all below it. Safe for many
 * threads.
 *
 * <p>{@code at} is nanoseconds since 1970; empty means now. Reads throw
 * {@link io.goshare.server.engine.EngineException}.
 */
public interface NamespaceStore {
    Optional<NamespaceValue> get(Path path, OptionalLong at);

    /**
     * What each of {@code paths} holds at one moment, in their order.
     *
     * @throws io.goshare.protocol.GoShareException {@code budget} if the values take more than 32 MiB
     */
    List<Optional<NamespaceValue>> get(List<Path> paths, OptionalLong at);

    /**
     * Values of {@code root} and all below it, or of all paths if it is empty, beginning at {@code from}, which is
     * {@link Page#next} of the page before; empty for the first page. Pages are not of one moment, unless {@code at} is
     * past.
     */
    Page<NamespaceValue> subtree(Optional<Path> root, OptionalLong at, Optional<byte[]> from, PageRequest page);

    /**
     * The distinct next segments below {@code parent}, or the first ones if it is empty; pages as of {@link #subtree}.
     */
    Page<Child> children(Optional<Path> parent, OptionalLong at, Optional<byte[]> from, PageRequest page);

    /** How many paths of the subtree hold a value now; counting ends above {@code most}. */
    long count(Path root, long most);

    /** The history of a path, newest first, its current value with it; {@code from} as of {@link #subtree}. */
    Page<Era> history(Path path, Optional<byte[]> from, PageRequest page);

    /**
     * Hands over each change that stands in {@code range}, of {@code root} and all below it, or of all paths if it is
     * empty: path by path, newest first, all of one moment. Ends early once {@code visitor} returns false, or after
     * {@code deadline} of {@link System#nanoTime}.
     *
     * @return whether all was seen
     */
    boolean changes(Optional<Path> root, TimeRange range, long deadline, Predicate<Transition> visitor);

    /**
     * Applies {@code changes} in order. Tells how many values it ended, int64; a subtree of more than 10,000 keys, or
     * of much data, counts as {@link #CUT} of them. At most one such mutation a request.
     */
    Mutation change(List<Change> changes);

    /** What a subtree that was cut off whole counts as: its values end at once, its rows go later, in slices. */
    long CUT = 10_001;

    /** Puts the ends of subtrees cut off in place, {@code rows} of them at most. Tells whether more wait: boolean. */
    Mutation sweepCuts(int rows);

    /**
     * Removes the values and the history of {@code root} and below that stem from {@code revision} or before, slice by
     * slice, so that others commit between.
     */
    Drop drop(Path root, long revision);

    /** A removal under way. Commit one slice after the other. */
    interface Drop {
        /** Looks at {@code rows} rows at most. Tells how many went. */
        Mutation next(int rows);

        /** Whether the slices committed so far were all. */
        boolean isDone();
    }

    /** Takes changes as they were recorded, until it returns false. */
    @FunctionalInterface
    interface Changed {
        boolean path(long revision, byte[] path, long since);
    }

    /**
     * Hands over which paths changed behind {@code after}, in the order of commits, subtrees that were cut off whole
     * not among them: those stand in the log, see {@link #cut}.
     *
     * @return whether all that changed behind it is still kept
     */
    boolean changed(long after, Changed changed);

    /** All changes behind this revision are still kept. */
    long changesKeptAfter();

    /** The change of {@code path} at {@code since}; empty if its history was dropped. */
    Optional<Transition> changeAt(byte[] path, long since);

    /** A subtree that was cut off whole: all below it, and itself, ended at {@code time}. */
    record CutOff(Path root, long time) {}

    /** The cut that an operation in the log is, if it is one. */
    Optional<CutOff> cut(byte tag, byte[] operation);

    /** The tree as it is now, to be read for some time. Take it while no group is applied, and close it soon. */
    NamespaceSnapshot snapshot();

    /** Forgets changes that watchers can no longer ask for, {@code rows} at most. Tells how many. */
    Mutation trimChanges(int rows);
}
