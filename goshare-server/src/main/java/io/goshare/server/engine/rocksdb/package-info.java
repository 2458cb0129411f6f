/** Rows in RocksDB, whose jar is optional. Open {@link RocksDbEngineProvider} first. */
@NullMarked
package io.goshare.server.engine.rocksdb;

import org.jspecify.annotations.NullMarked;
