package io.goshare.server.datastore;

import io.goshare.server.engine.memory.MemoryEngineProvider;
import org.junit.jupiter.api.Tag;

@Tag("engine:memory")
final class MemoryStoreTest extends StoreContract {
    MemoryStoreTest() {
        super(new MemoryEngineProvider());
    }
}
