package io.goshare.server.engine;

import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import org.junit.jupiter.api.Tag;

@Tag("engine:leveldb")
class LevelDbDamageTest extends DamageContract {
    LevelDbDamageTest() {
        super(new LevelDbEngineProvider());
    }
}
