/**
 * Questions along time: from a selection of series to points, windows, runs of states. Open
 * {@link io.goshare.server.query.QueryService} first; docs/queries.md has each clause with an example.
 */
@NullMarked
package io.goshare.server.query;

import org.jspecify.annotations.NullMarked;
