package io.goshare.protocol.format;

import java.util.concurrent.TimeUnit;

/**
 * How a body of points is read.
 *
 * @param unit of times that are bare integers
 * @param partial whether rows that are wrong are left out and told; else the first one ends it all
 * @param maxPoints points that one body may hold
 */
public record PointOptions(TimeUnit unit, boolean partial, int maxPoints) {
    /** Most points of a request. */
    public static final int MAX_POINTS = 100_000;

    /** Nanoseconds, and a wrong row ends it all. */
    public static final PointOptions DEFAULT = new PointOptions(TimeUnit.NANOSECONDS, false, MAX_POINTS);

    /** The options of {@code precision=} (ns, us, ms or s) and {@code partial=allow}. */
    public static PointOptions of(String precision, boolean partial) {
        return new PointOptions(TimeText.unit(precision), partial, MAX_POINTS);
    }

    /** These options, with room for {@code maxPoints}: a reply's page may be larger than a request. */
    public PointOptions withMaxPoints(int maxPoints) {
        return new PointOptions(unit, partial, maxPoints);
    }
}
