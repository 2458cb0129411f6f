package io.goshare.server.engine.rocksdb;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.DurableMark;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.EngineStats;
import io.goshare.server.engine.GuardedEngine;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.WriteBatch;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one owner of a RocksDB handle. Checksums are verified on every read. */
final class RocksDbEngine extends GuardedEngine<Snapshot> {
    private static final Logger LOG = LoggerFactory.getLogger(RocksDbEngine.class);

    private final Path directory;
    private final RocksDbStore.Handles handles;
    private final DurableMark.File marks;
    private final WriteOptions unsynced = new WriteOptions();

    /** Owns {@code handles} and {@code marks} from now on. */
    RocksDbEngine(Path directory, RocksDbStore.Handles handles, DurableMark.File marks) {
        super("RocksDB store " + directory);
        this.directory = directory;
        this.handles = handles;
        this.marks = marks;
    }

    private static ReadOptions checked(@Nullable Snapshot snapshot) {
        ReadOptions options = new ReadOptions().setVerifyChecksums(true);
        return snapshot == null ? options : options.setSnapshot(snapshot);
    }

    @Override
    protected byte @Nullable [] doGet(@Nullable Snapshot snapshot, byte[] key) {
        try (ReadOptions options = checked(snapshot)) {
            return handles.db().get(options, key);
        } catch (RocksDBException e) {
            throw failed("get", e);
        }
    }

    @Override
    protected void doWrite(WriteBatch batch) {
        try (org.rocksdb.WriteBatch rows = new org.rocksdb.WriteBatch()) {
            for (WriteBatch.Step step : batch.steps()) {
                byte[] value = step.value();
                if (value == null) {
                    rows.delete(step.key());
                } else {
                    rows.put(step.key(), value);
                }
            }
            handles.db().write(unsynced, rows);
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    @Override
    protected synchronized void doSync() {
        try {
            long sequence = handles.db().getLatestSequenceNumber();
            handles.db().flushWal(true);
            marks.write(new DurableMark(0, 0, sequence, 0, 0));
        } catch (RocksDBException e) {
            throw failed("sync", e);
        } catch (IOException e) {
            throw new EngineException(Reason.FAILED, "RocksDB store " + directory + ": sync: " + e.getMessage(), e);
        }
    }

    @Override
    protected void doScan(@Nullable Snapshot snapshot, byte[] from, byte @Nullable [] to, RowVisitor rows) {
        try (ReadOptions options = checked(snapshot);
                Slice end = to == null ? null : new Slice(to)) {
            if (end != null) {
                options.setIterateUpperBound(end);
            }
            try (RocksIterator iterator = handles.db().newIterator(options)) {
                iterator.seek(from);
                while (iterator.isValid() && rows.row(iterator.key(), iterator.value())) {
                    iterator.next();
                }
                iterator.status();
            }
        } catch (RocksDBException e) {
            throw failed("scan", e);
        }
    }

    @Override
    protected Snapshot openSnapshot() {
        return handles.db().getSnapshot();
    }

    @Override
    protected void releaseSnapshot(Snapshot snapshot) {
        handles.db().releaseSnapshot(snapshot);
        snapshot.close();
    }

    @Override
    protected void doCompact(byte[] from, byte @Nullable [] to) {
        try {
            handles.db().compactRange(from, to);
        } catch (RocksDBException e) {
            throw failed("compact", e);
        }
    }

    @Override
    protected void doSuspendCompactions() {
        try {
            handles.db().pauseBackgroundWork();
        } catch (RocksDBException e) {
            throw failed("suspend", e);
        }
    }

    @Override
    protected void doResumeCompactions() {
        try {
            handles.db().continueBackgroundWork();
        } catch (RocksDBException e) {
            throw failed("resume", e);
        }
    }

    @Override
    protected EngineStats doStats() {
        try {
            return new EngineStats(DirectoryFiles.bytes(directory), handles.db().getProperty("rocksdb.stats"));
        } catch (RocksDBException e) {
            throw failed("stats", e);
        } catch (IOException e) {
            throw new EngineException(Reason.FAILED, "RocksDB store " + directory + ": stats: " + e.getMessage(), e);
        }
    }

    /** Writes tables, so that the next open has no log to mistrust, and frees the handle. */
    @Override
    protected void doClose() {
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            if (whole()) {
                doSync();
                handles.db().flush(wait);
            }
            marks.force();
            marks.close();
        } catch (RocksDBException | IOException | EngineException e) {
            LOG.warn("{}: cannot sync while closing", directory, e);
        }
        unsynced.close();
        handles.close();
    }

    private EngineException failed(String what, RocksDBException e) {
        return RocksDbStore.failed(directory, what, e);
    }
}
