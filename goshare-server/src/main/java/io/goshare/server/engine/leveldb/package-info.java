/**
 * Rows in LevelDB (leveldbjni-all 1.8), behind what its native code lacks: a guard, a reader of its files in Java that
 * heals or refuses before the library sees them, and a sync that means all. Open {@link LevelDbEngine} first, then
 * {@link LogVerifier}.
 */
@NullMarked
package io.goshare.server.engine.leveldb;

import org.jspecify.annotations.NullMarked;
