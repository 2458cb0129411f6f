package io.goshare.protocol.format;

import java.util.Locale;

/**
 * How results are written.
 *
 * @param times how times print; bare integers read back with {@code precision=} of the same word
 * @param columns points grouped by series rather than as rows, where the format has both
 */
public record WriteOptions(Times times, boolean columns) {
    /** Nanoseconds, rows. */
    public static final WriteOptions DEFAULT = new WriteOptions(Times.NS, false);

    /** Nanoseconds, columns: the cheaper shape, and the SDK's default. */
    public static final WriteOptions COLUMNS = new WriteOptions(Times.NS, true);

    /** How times print; coarser units round down. */
    public enum Times {
        NS,
        US,
        MS,
        S,
        /** Text, {@code 2014-07-01T00:00:00Z}, with as many digits as the instant needs. */
        RFC3339
    }

    /** The options of {@code times=} and {@code shape=}. */
    public static WriteOptions of(String times, String shape) {
        return new WriteOptions(Times.valueOf(times.toUpperCase(Locale.ROOT)), shape.equals("columns"));
    }
}
