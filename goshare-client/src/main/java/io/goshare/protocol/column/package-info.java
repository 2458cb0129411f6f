/**
 * Columns of points as bytes: what chunks on disk and the SDK's binary body are made of. Every coder is exact: what
 * comes out is bit for bit what went in. Open {@link io.goshare.protocol.column.ColumnCodec} first; the layouts are
 * drawn beside the coders.
 */
@NullMarked
package io.goshare.protocol.column;

import org.jspecify.annotations.NullMarked;
