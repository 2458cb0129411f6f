package io.goshare.server.engine.memory;

import io.goshare.server.engine.EngineStats;
import io.goshare.server.engine.GuardedEngine;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.WriteBatch;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Rows in memory. A snapshot is a number and costs nothing; a sync has nothing to do. */
final class MemoryEngine extends GuardedEngine<Long> {
    private final MemoryRows rows;
    private final Runnable onClose;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    MemoryEngine(String name, MemoryRows rows, Runnable onClose) {
        super(name);
        this.rows = rows;
        this.onClose = onClose;
    }

    @Override
    protected byte @Nullable [] doGet(@Nullable Long snapshot, byte[] key) {
        byte[] value;
        if (snapshot == null) {
            lock.readLock().lock();
            try {
                value = rows.get(key, rows.last());
            } finally {
                lock.readLock().unlock();
            }
        } else {
            value = rows.get(key, snapshot);
        }
        return value == null ? null : value.clone();
    }

    @Override
    protected void doWrite(WriteBatch batch) {
        lock.writeLock().lock();
        try {
            for (WriteBatch.Step step : batch.steps()) {
                byte[] value = step.value();
                rows.put(step.key().clone(), value == null ? null : value.clone());
            }
            rows.publish();
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    protected void doSync() {}

    @Override
    protected void doScan(@Nullable Long snapshot, byte[] from, byte @Nullable [] to, RowVisitor visitor) {
        if (snapshot != null) {
            scanAt(snapshot, from, to, visitor);
            return;
        }
        Long view = openSnapshot();
        try {
            scanAt(view, from, to, visitor);
        } finally {
            releaseSnapshot(view);
        }
    }

    private void scanAt(long view, byte[] from, byte @Nullable [] to, RowVisitor visitor) {
        for (Map.Entry<byte[], MemoryRows.Version> row : rows.range(from, to).entrySet()) {
            byte[] value = MemoryRows.at(row.getValue(), view);
            if (value != null && !visitor.row(row.getKey().clone(), value.clone())) {
                return;
            }
        }
    }

    @Override
    protected Long openSnapshot() {
        lock.writeLock().lock();
        try {
            return rows.openView();
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    protected void releaseSnapshot(Long snapshot) {
        lock.writeLock().lock();
        try {
            rows.closeView(snapshot);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    protected void doCompact(byte[] from, byte @Nullable [] to) {}

    @Override
    protected EngineStats doStats() {
        return new EngineStats(0, "writes " + rows.last());
    }

    @Override
    protected void doClose() {
        onClose.run();
    }
}
