package io.goshare.server.series;

/**
 * When a point arrived: the revision of its request and its row among the points of that request, as the log packs
 * them. The sequence of a slice, chunk or fragment is that of its point that arrived last.
 */
record Sequence(long revision, int row) implements Comparable<Sequence> {
    static final Sequence LOWEST = new Sequence(0, 0);

    @Override
    public int compareTo(Sequence other) {
        int byRevision = Long.compare(revision, other.revision);
        return byRevision != 0 ? byRevision : Integer.compare(row, other.row);
    }

    Sequence max(Sequence other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
