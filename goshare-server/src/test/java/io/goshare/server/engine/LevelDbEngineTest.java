package io.goshare.server.engine;

import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import org.junit.jupiter.api.Tag;

@Tag("engine:leveldb")
class LevelDbEngineTest extends StorageEngineContract {
    LevelDbEngineTest() {
        super(new LevelDbEngineProvider());
    }

    @Override
    int closes() {
        return 200;
    }
}
