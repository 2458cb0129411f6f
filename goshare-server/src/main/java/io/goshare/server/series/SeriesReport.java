package io.goshare.server.series;

import java.util.SortedMap;

/**
 * What a store holds.
 *
 * @param series live ones
 * @param unsealedPoints points in memory whose only place on disk is the log
 * @param unsealedBytes memory these take
 * @param logBytes bytes of log entries not trimmed
 * @param sealedRevision everything up to it stands in chunks and rows; replay starts behind it
 * @param rows number of rows by table: {@code chunk}, {@code page}, {@code log}, {@code series}, …
 */
public record SeriesReport(
        long series,
        long unsealedPoints,
        long unsealedBytes,
        long logBytes,
        long sealedRevision,
        SortedMap<String, Long> rows) {}
