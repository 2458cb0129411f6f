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
 *   1  every live log but the newest is forced, once, through a channel of our own; so are the directory's new names
 *   2  the end of the newest log is noted
 *   3  an empty batch is written synced: LevelDB flushes the newest log past that end
 *   4  if a newer log appeared meanwhile, again from 1
 *   5  log, end and last row become the durable mark
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
        long newest;
        long end;
        boolean again;
        do {
            NavigableSet<Long> live = LevelDbFiles.logs(directory);
            newest = live.last();
            forceOthers(live, newest);
            end = endOf(newest);
            if (end < 0) {
                again = true; // rotated and gone since the listing
                continue;
            }
            if (syncedNoOp == null) {
                force.force(LevelDbFiles.log(directory, newest));
            } else {
                syncedNoOp.run();
            }
            again = LevelDbFiles.logs(directory).last() != newest;
        } while (again);
        if (manifest.advance()) {
            force.force(manifest.path);
        }
        marks.write(new DurableMark(newest, end, sequence, manifest.number, manifest.end()));
        if (System.nanoTime() - markForcedNanos >= FORCE_MARK_NANOS) {
            marks.force();
            markForcedNanos = System.nanoTime();
        }
    }

    private void forceOthers(NavigableSet<Long> live, long newest) throws IOException {
        forced.retainAll(live);
        for (long number : live) {
            if (number != newest && forced.add(number)) {
                try {
                    force.force(LevelDbFiles.log(directory, number));
                } catch (NoSuchFileException e) {
                    forced.remove(number); // deleted since: its rows are in a table, which LevelDB has synced
                }
            }
        }
        if (log == null || log.number != newest) {
            force.force(directory);
        }
    }

    /** The end of the last whole record; -1 if the log is gone. */
    private long endOf(long newest) throws IOException {
        Tail tail = log;
        if (tail == null || tail.number != newest) {
            if (tail != null) {
                log = null;
                tail.advance();
                tail.close();
            }
            try {
                tail = new Tail(LevelDbFiles.log(directory, newest), newest);
            } catch (FileNotFoundException e) {
                return -1;
            }
            log = tail;
        }
        tail.advance();
        return tail.end();
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
