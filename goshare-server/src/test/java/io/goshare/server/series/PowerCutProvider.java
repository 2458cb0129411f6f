package io.goshare.server.series;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.EngineStats;
import io.goshare.server.engine.Inspection;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Stores whose power can be cut: each keeps what was synced and, by chance, a part of what was written since. */
final class PowerCutProvider implements EngineProvider {
    private static final class Journal {
        final List<WriteBatch> batches = new ArrayList<>();
        int synced;
    }

    private final Map<Path, Journal> journals = new HashMap<>();

    /** What is not yet synced is lost from some batch on, in each store from another one. All stores are closed. */
    void cut(Random random) {
        for (Journal journal : journals.values()) {
            int unsynced = journal.batches.size() - journal.synced;
            int kept = journal.synced + random.nextInt(unsynced + 1);
            journal.batches.subList(kept, journal.batches.size()).clear();
            journal.synced = kept;
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public StorageEngine open(Path directory, EngineOptions options, boolean create) {
        Journal journal = journals.computeIfAbsent(directory, path -> new Journal());
        StorageEngine rows = new MemoryEngineProvider().open(directory, options, true);
        journal.batches.forEach(rows::write);
        return new JournaledEngine(rows, journal);
    }

    @Override
    public void delete(Path directory) {
        journals.remove(directory);
    }

    @Override
    public Inspection inspect(Path directory, RowVisitor rows) {
        throw new EngineException(EngineException.Reason.FAILED, "not asked of this engine");
    }

    private record JournaledEngine(StorageEngine rows, Journal journal) implements StorageEngine {
        @Override
        public Optional<byte[]> get(@Nullable Snapshot snapshot, byte[] key) {
            return rows.get(snapshot, key);
        }

        @Override
        public void write(WriteBatch batch) {
            synchronized (journal) {
                rows.write(batch);
                journal.batches.add(batch);
            }
        }

        @Override
        public void sync() {
            synchronized (journal) {
                journal.synced = journal.batches.size();
            }
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
}
