/** Rows in memory, for tests and for embedding without a disk. Open {@link MemoryEngineProvider} first. */
@NullMarked
package io.goshare.server.engine.memory;

import org.jspecify.annotations.NullMarked;
