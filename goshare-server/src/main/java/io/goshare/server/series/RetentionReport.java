package io.goshare.server.series;

/**
 * What retention took away.
 *
 * @param periods whole periods
 * @param bytes of these on the disk
 * @param series of which ranges were erased; their space comes back at the next checkpoints
 */
public record RetentionReport(int periods, long bytes, long series) {
    public static final RetentionReport NOTHING = new RetentionReport(0, 0, 0);
}
