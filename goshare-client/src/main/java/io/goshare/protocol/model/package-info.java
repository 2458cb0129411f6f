/** Paths, values, points and time: valid once built. Open {@link Value} first, then {@link PointBatch}. */
@NullMarked
package io.goshare.protocol.model;

import org.jspecify.annotations.NullMarked;
