package io.goshare.client.batch;

/** What a {@link BatchWriter} does with a point for which there is no room. */
public enum Overflow {
    /** Waits for room up to the writer's deadline, then throws a {@link BatchFullException}. */
    BLOCK,
    /** Throws a {@link BatchFullException} at once. */
    FAIL,
    /** Lets the oldest batch that is not under way go. */
    DROP_OLDEST,
    /** Lets the new point go. */
    DROP_NEWEST
}
