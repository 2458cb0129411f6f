package io.goshare.server.datastore;

import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import org.junit.jupiter.api.Tag;

@Tag("engine:leveldb")
final class LevelDbStoreTest extends StoreContract {
    LevelDbStoreTest() {
        super(new LevelDbEngineProvider());
    }
}
