package io.goshare.server.series;

/** Points of one series in a page, or on the way into one. */
record Fragment(int id, Sequence sequence, Points points) {}
