package io.goshare.protocol.model;

/** A half-open span of time, {@code [from, to)}, in nanoseconds since 1970 UTC. */
public record TimeRange(long from, long to) {
    /** All of time but its last nanosecond. */
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE + 1, Long.MAX_VALUE);

    public TimeRange {
        if (to < from) {
            throw new IllegalArgumentException("to " + to + " is before from " + from);
        }
    }

    public boolean contains(long nanos) {
        return nanos >= from && nanos < to;
    }

    public boolean isEmpty() {
        return from == to;
    }
}
