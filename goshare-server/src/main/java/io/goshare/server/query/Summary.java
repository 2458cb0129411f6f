package io.goshare.server.query;

/**
 * What is kept of the points of one window: how many they were, the sum of the numbers, and of a state the points that
 * changed it, of others the first, the least, the greatest and the last. So whatever asks for these finds them among
 * points as ever.
 *
 * @param stale nanoseconds after which the state was unknown; -1 if {@code points} are not the changes of a state
 * @param count points in all
 * @param others of these no numbers
 */
record Summary(long stale, long count, long others, ExactSum sum, Columns points) {
    boolean isOfChanges() {
        return stale >= 0;
    }
}
