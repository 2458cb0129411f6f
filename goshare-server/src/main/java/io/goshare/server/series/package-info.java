/**
 * Points along time: heads in memory, chunks and pages on disk, and what keeps both in step with the log. Open
 * {@link io.goshare.server.series.SeriesStore} first, then {@code SeriesView}; docs/storage-format.md draws the
 * layouts.
 */
@NullMarked
package io.goshare.server.series;

import org.jspecify.annotations.NullMarked;
