/**
 * Ordered maps of bytes on a disk: all that GoShare asks of a storage library. Open {@link StorageEngine} first, then
 * {@link EngineProvider}.
 */
@NullMarked
package io.goshare.server.engine;

import org.jspecify.annotations.NullMarked;
