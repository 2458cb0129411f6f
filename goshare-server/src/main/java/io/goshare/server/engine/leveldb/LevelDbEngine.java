package io.goshare.server.engine.leveldb;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.EngineStats;
import io.goshare.server.engine.GuardedEngine;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.WriteBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.Snapshot;
import org.iq80.leveldb.WriteOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of a LevelDB handle. Of an iterator only seek, hasNext and next are used, for the others crash; a batch
 * is made, written and closed in one method, for a closed one is silently not written; checksums are verified on every
 * read, for otherwise a flipped bit is an answer.
 */
final class LevelDbEngine extends GuardedEngine<Snapshot> {
    private static final Logger LOG = LoggerFactory.getLogger(LevelDbEngine.class);
    /** The least key there can be; LevelDB's own seekToFirst would do, but is one verb more. */
    private static final byte[] LEAST_KEY = {0};

    /** Suspensions in this process: one native thread compacts for all stores. */
    private static final AtomicInteger SUSPENDED = new AtomicInteger();

    private final Path directory;
    private final DB db;
    private final LogSync logSync;
    private final List<String> mended;

    /** Owns {@code db} and {@code logSync} from now on. */
    LevelDbEngine(Path directory, DB db, LogSync logSync, List<String> mended) {
        super("LevelDB store " + directory);
        this.directory = directory;
        this.db = db;
        this.logSync = logSync;
        this.mended = mended;
    }

    private static ReadOptions checked(@Nullable Snapshot snapshot) {
        return new ReadOptions().verifyChecksums(true).snapshot(snapshot);
    }

    @Override
    protected byte @Nullable [] doGet(@Nullable Snapshot snapshot, byte[] key) {
        try {
            return db.get(key, checked(snapshot));
        } catch (RuntimeException e) {
            throw failed("get", e);
        }
    }

    @Override
    protected void doWrite(WriteBatch batch) {
        write(batch, false);
    }

    private void write(WriteBatch batch, boolean sync) {
        try (org.iq80.leveldb.WriteBatch rows = db.createWriteBatch()) {
            for (WriteBatch.Step step : batch.steps()) {
                byte[] value = step.value();
                if (value == null) {
                    rows.delete(step.key());
                } else {
                    rows.put(step.key(), value);
                }
            }
            db.write(rows, new WriteOptions().sync(sync));
        } catch (IOException | RuntimeException e) {
            throw failed("write", e);
        }
    }

    /** Through the library where it can flush, by our own channels alone while compactions are held back. */
    @Override
    protected void doSync() {
        try {
            logSync.sync(SUSPENDED.get() > 0 ? null : () -> write(new WriteBatch(), true));
        } catch (IOException e) {
            throw failed("sync", e);
        }
    }

    @Override
    protected void doScan(@Nullable Snapshot snapshot, byte[] from, byte @Nullable [] to, RowVisitor rows) {
        try (DBIterator iterator = iterator(snapshot, from.length == 0 ? LEAST_KEY : from)) {
            for (Map.Entry<byte[], byte[]> row = next(iterator); row != null; row = next(iterator)) {
                boolean past = to != null && Arrays.compareUnsigned(row.getKey(), to) >= 0;
                if (past || !rows.row(row.getKey(), row.getValue())) {
                    return;
                }
            }
        } catch (IOException e) {
            throw failed("scan", e);
        }
    }

    private DBIterator iterator(@Nullable Snapshot snapshot, byte[] from) {
        DBIterator iterator = db.iterator(checked(snapshot));
        try {
            iterator.seek(from);
            return iterator;
        } catch (RuntimeException e) {
            EngineException failed = failed("scan", e);
            try {
                iterator.close();
            } catch (IOException inner) {
                failed.addSuppressed(inner);
            }
            throw failed;
        }
    }

    /** The next row; null at the end. Steps over each row once, for every look at it copies it. */
    private Map.@Nullable Entry<byte[], byte[]> next(DBIterator iterator) {
        try {
            return iterator.hasNext() ? iterator.next() : null;
        } catch (RuntimeException e) {
            throw failed("scan", e);
        }
    }

    @Override
    protected Snapshot openSnapshot() {
        try {
            return db.getSnapshot();
        } catch (RuntimeException e) {
            throw failed("snapshot", e);
        }
    }

    @Override
    protected void releaseSnapshot(Snapshot snapshot) {
        try {
            snapshot.close();
        } catch (IOException e) {
            throw failed("snapshot", e);
        }
    }

    @Override
    protected void doCompact(byte[] from, byte @Nullable [] to) {
        try {
            db.compactRange(from.length == 0 ? LEAST_KEY : from, to);
        } catch (RuntimeException e) {
            throw failed("compact", e);
        }
    }

    @Override
    protected void doSuspendCompactions() {
        SUSPENDED.incrementAndGet();
        try {
            db.suspendCompactions();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void doResumeCompactions() {
        db.resumeCompactions();
        SUSPENDED.decrementAndGet();
    }

    @Override
    public Optional<String> recovery() {
        return mended.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", mended));
    }

    @Override
    protected EngineStats doStats() {
        try {
            return new EngineStats(DirectoryFiles.bytes(directory), db.getProperty("leveldb.stats"));
        } catch (IOException | RuntimeException e) {
            throw failed("stats", e);
        }
    }

    /** Syncs, so that the next open knows that all was there, and frees the handle. */
    @Override
    protected void doClose() {
        try {
            if (whole()) {
                doSync();
            }
            logSync.close();
        } catch (IOException | EngineException e) {
            LOG.warn("{}: cannot sync while closing", directory, e);
        }
        try {
            db.close();
        } catch (IOException e) {
            throw failed("close", e);
        }
    }

    private EngineException failed(String what, Exception e) {
        return failed(directory, what, e);
    }

    /** The library tells kinds of errors apart by words only. */
    static EngineException failed(Path directory, String what, Exception e) {
        String message = String.valueOf(e.getMessage());
        boolean damaged = message.contains("orruption");
        return new EngineException(
                damaged ? Reason.DAMAGED : Reason.FAILED,
                "LevelDB store " + directory + ": " + what + ": " + message
                        + (damaged ? "; run goshare verify, then goshare repair" : ""),
                e);
    }
}
