package io.goshare.server.commit;

import io.goshare.protocol.model.Value;

/**
 * One change of a request, as data until the commit thread judges it. A request's mutations are applied all or none.
 */
public interface Mutation {
    /**
     * Judges the conditions against what {@code staging} reads (the engine and what this group changed before) and
     * stages rows, log operations and what to apply after the write. Runs on the commit thread only.
     *
     * @return what the client is told, and told again when it repeats the request: a count, a new number;
     *     {@link Receipt#NOTHING} if there is nothing to tell
     * @throws io.goshare.protocol.GoShareException to refuse the whole request; nothing staged for it remains
     */
    Value stage(Staging staging);

    /** About how many bytes it adds to the log: groups are cut by it. */
    long bytes();

    /** Whether it makes room in the end (an erase, a drop), so that a disk nearly full takes it still. */
    default boolean givesSpaceBack() {
        return false;
    }
}
