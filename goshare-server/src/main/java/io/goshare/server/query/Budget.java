package io.goshare.server.query;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;

/** What one query may read and make; its excess is an error that names the limit. For one thread. */
public final class Budget {
    /** Limits of all queries of a server. */
    public record Limits(int series, long points, long rows) {
        /** 100,000 series, 50 million points, 1 million rows. */
        public static final Limits DEFAULT = new Limits(100_000, 50_000_000L, 1_000_000L);
    }

    private final Limits limits;
    private final long timeoutNanos;
    private final long started = System.nanoTime();
    private long points;
    private long rows;

    public Budget(Limits limits, long timeoutNanos) {
        this.limits = limits;
        this.timeoutNanos = timeoutNanos;
    }

    public void series(int count) {
        if (count > limits.series()) {
            throw exceeded("the selector finds " + count + " series, more than the limit of " + limits.series()
                    + "; narrow sel");
        }
    }

    public void points(long read) {
        points += read;
        if (points > limits.points()) {
            throw exceeded(
                    "the query reads more than the limit of " + limits.points() + " points; narrow sel or the range");
        }
        time();
    }

    void rows(long made) {
        rows += made;
        if (rows > limits.rows()) {
            throw exceeded("the query makes more than the limit of " + limits.rows()
                    + " windows or rows; widen every or narrow the range");
        }
        if ((rows & 1023) == 0) {
            time();
        }
    }

    public void time() {
        if (System.nanoTime() - started > timeoutNanos) {
            throw exceeded("the query takes longer than timeout=" + io.goshare.protocol.Durations.print(timeoutNanos)
                    + "; narrow it, or raise timeout");
        }
    }

    private static GoShareException exceeded(String message) {
        return new GoShareException(ErrorCode.BUDGET, message);
    }
}
