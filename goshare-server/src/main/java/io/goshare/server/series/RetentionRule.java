package io.goshare.server.series;

/**
 * For how long points are kept.
 *
 * @param filter of which series
 * @param everything whether that is every series: its points go with their periods then, whole, and not one by one
 * @param keepNanos points are kept for so long
 * @param last whether the newest point of a series is kept for as-of reads, whatever its age; of states it always is
 */
public record RetentionRule(SeriesFilter filter, boolean everything, long keepNanos, boolean last) {
    public RetentionRule {
        if (keepNanos <= 0) {
            throw new IllegalArgumentException("points must be kept for longer than nothing");
        }
    }

    /** Whether as-of reads find the newest point of a series with these settings though it is below the floor. */
    boolean keepsLast(SeriesSettings settings) {
        return last || settings.kind() == SeriesKind.STATE;
    }

    /** The time before which points go. */
    public long floor(long now) {
        return now < Long.MIN_VALUE + 1 + keepNanos ? Long.MIN_VALUE + 1 : now - keepNanos;
    }
}
