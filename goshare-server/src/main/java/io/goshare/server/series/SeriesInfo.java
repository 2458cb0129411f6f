package io.goshare.server.series;

import io.goshare.protocol.model.SeriesKey;

/** One series: the number it has for good, its name and what was declared of it. */
public record SeriesInfo(long id, SeriesKey key, SeriesSettings settings) {}
