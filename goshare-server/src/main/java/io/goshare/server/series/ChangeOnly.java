package io.goshare.server.series;

/** Leaves out points that only say again what is known. */
final class ChangeOnly {
    private ChangeOnly() {}

    /**
     * Drops each point between two equal neighbours no further apart than {@code staleAfterNanos}: first and last of a
     * run stay, and those left are never so far apart that the state in between would count as unknown.
     */
    static Points thin(Points points, long staleAfterNanos) {
        PointsBuilder kept = new PointsBuilder();
        int last = 0;
        int n = points.count();
        for (int i = 1; i < n; i++) {
            boolean needless = i < n - 1
                    && Columns.same(points, last, points, i)
                    && Columns.same(points, i, points, i + 1)
                    && Long.compareUnsigned(points.times()[i + 1] - points.times()[last], staleAfterNanos) <= 0;
            if (!needless) {
                kept.lay(points, last, last + 1);
                last = i;
            }
        }
        if (n > 0) {
            kept.lay(points, last, last + 1);
        }
        return kept.build();
    }
}
