package io.goshare.server.engine;

import io.goshare.server.engine.memory.MemoryEngineProvider;
import org.junit.jupiter.api.Tag;

@Tag("engine:memory")
class MemoryEngineTest extends StorageEngineContract {
    MemoryEngineTest() {
        super(new MemoryEngineProvider());
    }
}
