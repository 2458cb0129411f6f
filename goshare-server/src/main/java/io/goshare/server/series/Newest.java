package io.goshare.server.series;

/** The newest point found so far, as one row, or none. */
record Newest(Points point, Sequence sequence) {
    static final Newest NONE = new Newest(Points.NONE, Sequence.LOWEST);

    boolean isFound() {
        return point.count() > 0;
    }

    /** The point's time; the least there is if none was found. */
    long time() {
        return isFound() ? point.times()[0] : Long.MIN_VALUE;
    }

    /**
     * This, or the newest point of {@code fragment} at or before {@code time} if that is newer, or as new and later.
     */
    Newest or(Fragment fragment, long time, Erasures erasures) {
        Points points = erasures.apply(fragment.id(), fragment.sequence(), fragment.points());
        int row = (time == Long.MAX_VALUE ? points.count() : points.firstAtOrAfter(time + 1)) - 1;
        if (row < 0) {
            return this;
        }
        long found = points.times()[row];
        boolean newer = !isFound()
                || found > time()
                || found == time() && fragment.sequence().compareTo(sequence) >= 0;
        return newer ? new Newest(points.slice(row, row + 1), fragment.sequence()) : this;
    }
}
