package io.goshare.server.engine;

import io.goshare.server.engine.rocksdb.RocksDbEngineProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("engine:rocksdb")
class RocksDbDamageTest extends DamageContract {
    RocksDbDamageTest() {
        super(new RocksDbEngineProvider());
    }

    @Override
    int flips() {
        return super.flips() / 5;
    }

    /** The log is empty after a clean close; IDENTITY and OPTIONS are made anew. */
    @Override
    boolean harmless(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".log") || name.equals("IDENTITY") || name.startsWith("OPTIONS");
    }
}
