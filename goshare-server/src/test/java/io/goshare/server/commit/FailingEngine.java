package io.goshare.server.commit;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.EngineStats;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows in memory behind a disk that refuses to write or to sync when told. */
final class FailingEngine implements StorageEngine {
    volatile EngineException.@Nullable Reason failWrites;
    volatile EngineException.@Nullable Reason failSyncs;
    volatile int syncs;

    private final StorageEngine rows =
            new MemoryEngineProvider().open(Path.of("failing"), EngineOptions.DEFAULTS, true);

    private static void failIf(EngineException.@Nullable Reason reason) {
        if (reason != null) {
            throw new EngineException(reason, "told to fail");
        }
    }

    @Override
    public Optional<byte[]> get(@Nullable Snapshot snapshot, byte[] key) {
        return rows.get(snapshot, key);
    }

    @Override
    public void write(WriteBatch batch) {
        failIf(failWrites);
        rows.write(batch);
    }

    @Override
    public synchronized void sync() {
        failIf(failSyncs);
        syncs++;
        rows.sync();
    }

    @Override
    public void scan(@Nullable Snapshot snapshot, byte[] from, byte @Nullable [] to, RowVisitor visitor) {
        rows.scan(snapshot, from, to, visitor);
    }

    @Override
    public Snapshot snapshot() {
        return rows.snapshot();
    }

    @Override
    public void compact(byte[] from, byte @Nullable [] to) {
        rows.compact(from, to);
    }

    @Override
    public EngineStats stats() {
        return rows.stats();
    }

    @Override
    public void close() {
        rows.close();
    }
}
