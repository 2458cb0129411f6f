package io.goshare.server.engine.leveldb;

import io.goshare.server.engine.DurableMark;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes a sync mean everything written so far. LevelDB's synced write flushes only the log it goes to; a log rotated
 * away stays in memory until its table is written (google/leveldb#193). So, in this order:
 *
 * <pre>
 *   1  the end of the newest log known is noted
 *   2  an empty batch is written synced: LevelDB flushes the log it goes to
 *   3  if it did not go to that log, there is a newer one: every other live log is forced, once, through a channel of
 *      our own, then the directory's names; again from 1, so that the last synced record comes after all of that
 *   4  log, end and last row become the durable mark
 * </pre>
 *
 * The mark's own file is forced once a second and at the end: an older mark is only more lenient. Safe for many
 * threads.
 */
final class LogSync implements AutoCloseable {
    private static final long FORCE_MARK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Forces a file or directory to stable storage. */
    @FunctionalInterface
    interface Force {
        void force(Path path) throws IOException;
    }

    private final Path directory;
    private final Force force;
    private final DurableMark.File marks;
    private final Tail manifest;
    private final Set<Long> forced = new HashSet<>();
    private @Nullable Tail log;
    private long sequence;
    private long markForcedNanos = System.nanoTime() - FORCE_MARK_NANOS;

    /** Of the store just opened in {@code directory}; closes {@code marks}. */
    LogSync(Path directory, Force force, DurableMark.File marks) throws IOException {
        this.directory = directory;
        this.force = force;
        this.marks = marks;
        Manifest current = Manifest.read(directory);
        this.sequence = current.lastSequence();
        this.manifest = new Tail(current.file(), current.number());
    }

    /** @param syncedNoOp writes an empty batch synced; null where LevelDB may not be written to now */
    synchronized void sync(@Nullable Runnable syncedNoOp) throws IOException {
        Tail tail = log == null ? newest() : log;
        long end;
        long lastRow;
        while (true) {
            tail.advance();
            end = tail.end();
            lastRow = sequence;
            if (syncedNoOp == null) {
                force.force(tail.path);
            } else {
                syncedNoOp.run();
                tail.advance();
                if (tail.lastEmpty >= end) {
                    break; // that was ours: this log is still the newest, and none was rotated away unnoticed
                }
            }
            Tail newest = newest();
            if (newest == tail) {
                break;
            }
            tail = newest;
        }
        if (manifest.advance()) {
            force.force(manifest.path);
        }
        marks.write(new DurableMark(tail.number, end, lastRow, manifest.number, manifest.end()));
        if (System.nanoTime() - markForcedNanos >= FORCE_MARK_NANOS) {
            marks.force();
            markForcedNanos = System.nanoTime();
        }
    }

    /**
     * The newest log there is, once all others and the names are forced; the same object as before if it is the same.
     */
    private Tail newest() throws IOException {
        while (true) {
            NavigableSet<Long> live = LevelDbFiles.logs(directory);
            long number = live.last();
            Tail known = log;
            if (known != null && known.number == number) {
                return known;
            }
            forced.retainAll(live);
            for (long other : live.headSet(number)) {
                forceOnce(other);
            }
            force.force(directory);
            try {
                Tail newest = new Tail(LevelDbFiles.log(directory, number), number);
                log = newest;
                if (known != null) {
                    known.close();
                }
                return newest;
            } catch (FileNotFoundException e) {
                forced.remove(number); // rotated away and deleted since the listing
            }
        }
    }

    private void forceOnce(long number) throws IOException {
        if (forced.add(number)) {
            try {
                force.force(LevelDbFiles.log(directory, number));
            } catch (NoSuchFileException e) {
                forced.remove(number); // deleted since: its rows are in a table, which LevelDB has synced
            }
        }
    }

    /** Makes the mark durable and closes its file. */
    @Override
    public synchronized void close() throws IOException {
        try (marks;
                manifest) {
            if (log != null) {
                log.close();
            }
            marks.force();
        }
    }

    /** The growing end of a log or manifest. */
    private final class Tail implements AutoCloseable {
        private final Path path;
        private final long number;
        private final RandomAccessFile file;
        private final LogReader records;
        private final boolean isLog;
        /** Where the last record without rows begins, that of a sync; -1 if there was none. */
        private long lastEmpty = -1;

        Tail(Path path, long number) throws IOException {
            this.path = path;
            this.number = number;
            this.file = new RandomAccessFile(path.toFile(), "r");
            this.records = new LogReader(file);
            this.isLog = path.toString().endsWith(".log");
        }

        /** Reads on to the end; true if there was more. */
        boolean advance() throws IOException {
            long before = records.goodEnd();
            records.refresh();
            for (byte[] data = records.next(); data != null; data = records.next()) {
                LogRecord record = isLog ? LogRecord.decode(data) : null;
                if (record != null) {
                    sequence = Math.max(sequence, record.next() - 1);
                    lastEmpty = record.count() == 0 ? records.recordStart() : lastEmpty;
                }
            }
            return records.goodEnd() > before;
        }

        long end() {
            return records.goodEnd();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
