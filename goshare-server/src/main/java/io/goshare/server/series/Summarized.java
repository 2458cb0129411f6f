package io.goshare.server.series;

import java.util.List;

/**
 * Points of one series, some of them summed up.
 *
 * @param summaries of points that {@code points} leaves out, in time order; none of {@code points} lies within one
 */
public record Summarized(Points points, List<ChunkSummary> summaries) {}
