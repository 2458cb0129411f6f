package io.goshare.server.series;

/**
 * Makes the summary of one window of one series; what is in it is its own affair. For one thread, that of retention.
 */
@FunctionalInterface
public interface Summariser {
    /** @param points those of the window, one at least */
    byte[] summary(Points points, SeriesSettings settings);
}
