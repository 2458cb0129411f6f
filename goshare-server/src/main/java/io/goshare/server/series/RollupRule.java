package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.util.concurrent.TimeUnit;

/**
 * Of which series summaries are kept, one for each window.
 *
 * @param number names the rule in the rows made for it; a rule with another filter or other windows has another one
 * @param everyNanos the length of the windows, counted from 1970 in UTC; a whole number of them makes a day, so that
 *     none lies in two periods
 * @param keepNanos how long the summaries stay at least once the points are gone; {@link #FOR_EVER}
 */
public record RollupRule(int number, SeriesFilter filter, long everyNanos, long keepNanos) {
    public static final long FOR_EVER = Long.MAX_VALUE;
    static final long DAY = TimeUnit.DAYS.toNanos(1);

    public RollupRule {
        if (!isWindow(everyNanos)) {
            throw new IllegalArgumentException("windows of " + everyNanos + " ns do not make a day");
        }
    }

    /** Whether summaries can be kept for windows of this length: a second to a day, a whole number of them a day. */
    public static boolean isWindow(long nanos) {
        return nanos >= TimeUnit.SECONDS.toNanos(1) && DAY % nanos == 0;
    }

    /** The start of the window that {@code time} is in. */
    long floor(long time) {
        return floor(time, everyNanos);
    }

    /** The window that {@code time} is in. */
    TimeRange window(long time) {
        long from = floor(time);
        return new TimeRange(from, ceiling(from + 1));
    }

    /** The start of the window of this length that {@code time} is in, or the earliest instant there is. */
    static long floor(long time, long every) {
        long into = Math.floorMod(time, every);
        return time < Long.MIN_VALUE + 1 + into ? Long.MIN_VALUE + 1 : time - into;
    }

    /** The first start of a window at or after {@code time}. */
    long ceiling(long time) {
        long into = Math.floorMod(time, everyNanos);
        return into == 0 ? time : time > Long.MAX_VALUE - everyNanos ? Long.MAX_VALUE : time - into + everyNanos;
    }

    /** Whether summaries of a period that ends at {@code to} are still kept. */
    boolean keeps(long to, long now) {
        return keepNanos == FOR_EVER || now < Long.MIN_VALUE + 1 + keepNanos || to > now - keepNanos;
    }
}
