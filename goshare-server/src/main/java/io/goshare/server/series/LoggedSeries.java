package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;

/** Takes what the log tells of series, one operation at a time. */
public interface LoggedSeries {
    /** Whether anything is to be told of the series {@code id}. */
    boolean wants(int id);

    /** Points that were written, in the order they came, which need not be that of time. */
    void points(int id, Points points);

    void erased(int id, TimeRange range);

    void dropped(int id);
}
