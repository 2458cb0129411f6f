package io.goshare.server.engine.rocksdb;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.Inspection;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.StorageEngine;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Opens RocksDB stores, for machines LevelDB's native code does not cover. The jar {@code org.rocksdb:rocksdbjni} is
 * not part of the default download; without it every call says how to add it, and no class of it is touched before.
 */
public final class RocksDbEngineProvider implements EngineProvider {
    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public StorageEngine open(Path directory, EngineOptions options, boolean create) {
        return withLibrary(() -> RocksDbStore.open(directory, options, create));
    }

    @Override
    public Inspection inspect(Path directory, RowVisitor rows) {
        return withLibrary(() -> RocksDbStore.inspect(directory, rows));
    }

    private static <T> T withLibrary(Supplier<T> call) {
        try {
            return call.get();
        } catch (LinkageError e) {
            throw new EngineException(
                    Reason.FAILED,
                    "the engine rocksdb needs the jar org.rocksdb:rocksdbjni on the class path (copy it into lib/): "
                            + e,
                    e);
        }
    }
}
