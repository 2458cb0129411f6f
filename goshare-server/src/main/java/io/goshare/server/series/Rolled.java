package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.util.List;

/**
 * What summaries tell of a series.
 *
 * @param covered the spans, whole windows in time order, of which all is told; a window in them without a row is empty
 * @param rows in time order
 */
public record Rolled(List<TimeRange> covered, List<Row> rows) {
    public static final Rolled NOTHING = new Rolled(List.of(), List.of());

    /**
     * The summary of one window.
     *
     * @param from where the window begins
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Row(long from, byte[] summary) {}
}
