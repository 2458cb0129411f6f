package io.goshare.server.series;

/** A copy of the points in one head, in the order of their times, with the slices frozen before it. */
record HeadPoints(Points points, Sequence sequence) {}
