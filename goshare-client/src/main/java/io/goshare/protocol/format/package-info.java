/**
 * Bodies as bytes and back, each encoding in both directions: points go straight between bytes and the columns of a
 * {@link io.goshare.protocol.model.PointBatch}, tables and single values likewise. Open
 * {@link io.goshare.protocol.format.Formats} first; docs/protocol.md shows what each encoding looks like.
 */
@NullMarked
package io.goshare.protocol.format;

import org.jspecify.annotations.NullMarked;
