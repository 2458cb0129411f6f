package io.goshare.server.engine;

import io.goshare.server.engine.rocksdb.RocksDbEngineProvider;
import org.junit.jupiter.api.Tag;

@Tag("engine:rocksdb")
class RocksDbEngineTest extends StorageEngineContract {
    RocksDbEngineTest() {
        super(new RocksDbEngineProvider());
    }
}
