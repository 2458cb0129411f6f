package io.goshare.server.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An engine that asks the {@link DiskReserve} before it writes. */
class ReservedEngine implements StorageEngine {
    private final StorageEngine engine;
    private final DiskReserve reserve;

    ReservedEngine(StorageEngine engine, DiskReserve reserve) {
        this.engine = engine;
        this.reserve = reserve;
        reserve.attach(engine);
    }

    @Override
    public void write(WriteBatch batch) {
        reserve.begin(batch.bytes(), batch.givesSpaceBack());
        try {
            engine.write(batch);
        } finally {
            reserve.end();
        }
    }

    @Override
    public void sync() {
        reserve.beginAlways();
        try {
            engine.sync();
        } finally {
            reserve.end();
        }
    }

    @Override
    public void compact(byte[] from, byte @Nullable [] to) {
        if (reserve.beginCompaction()) {
            try {
                engine.compact(from, to);
            } finally {
                reserve.end();
            }
        }
    }

    @Override
    public Optional<byte[]> get(@Nullable Snapshot snapshot, byte[] key) {
        return engine.get(snapshot, key);
    }

    @Override
    public void scan(@Nullable Snapshot snapshot, byte[] from, byte @Nullable [] to, RowVisitor rows) {
        engine.scan(snapshot, from, to, rows);
    }

    @Override
    public Snapshot snapshot() {
        return engine.snapshot();
    }

    @Override
    public void suspendCompactions() {
        engine.suspendCompactions();
    }

    @Override
    public void resumeCompactions() {
        engine.resumeCompactions();
    }

    @Override
    public Optional<String> recovery() {
        return engine.recovery();
    }

    @Override
    public EngineStats stats() {
        return engine.stats();
    }

    @Override
    public void close() {
        engine.close();
        reserve.detach(engine);
    }
}
