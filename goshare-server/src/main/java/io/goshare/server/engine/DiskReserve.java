package io.goshare.server.engine;

import io.goshare.server.engine.EngineException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps free bytes of one file system in hand, for a full disk kills a JVM that writes through LevelDB. One object
 * serves all engines on the file system. Safe for many threads.
 *
 * <pre>
 *   usable space - held - promised since the last look
 *     above the reserve          all is written
 *     below                      only what gives space back, until 1.5 x the reserve is free again
 *     below half                 nothing; compactions are suspended as soon as no write is under way
 * </pre>
 *
 * The space is looked at every 250 ms and whenever a quarter of the reserve was promised since. Another process may
 * still take the last bytes between two looks.
 */
public final class DiskReserve implements AutoCloseable {
    private static final long LOOK_MILLIS = 250;
    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);

    private enum Level {
        ENOUGH,
        LOW,
        NONE
    }

    private final LongSupplier usableBytes;
    private final List<StorageEngine> engines = new ArrayList<>();
    private @Nullable ScheduledExecutorService timer;

    private Level level = Level.ENOUGH;
    private long reserve;
    private long free = Long.MAX_VALUE;
    private long promised;
    private long held;
    private int writers;
    /**
     * The engine whose compactions were suspended; one stands for all, see {@link StorageEngine#suspendCompactions}.
     */
    private @Nullable StorageEngine suspended;

    /** A reserve that learns the usable bytes from {@code usableBytes} and looks only when told to or written to. */
    public DiskReserve(LongSupplier usableBytes) {
        this.usableBytes = usableBytes;
    }

    /** The reserve of the file system {@code directory} is on, looked after by a thread until closed. */
    public static DiskReserve of(Path directory) {
        FileStore files;
        try {
            files = Files.getFileStore(directory);
        } catch (IOException e) {
            throw new EngineException(Reason.FAILED, "cannot tell the free space of " + directory, e);
        }
        DiskReserve reserve = new DiskReserve(() -> {
            try {
                return files.getUsableSpace();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        reserve.watch();
        return reserve;
    }

    /** Looks every 250 ms from now on, until closed. */
    void watch() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "goshare-disk-reserve");
            thread.setDaemon(true);
            return thread;
        });
        timer = executor;
        var unused =
                executor.scheduleWithFixedDelay(this::lookQuietly, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void lookQuietly() {
        try {
            look();
        } catch (RuntimeException e) { // the next look may succeed, and a thrown one would be the last
            LOG.error("cannot look at the free space", e);
        }
    }

    /** Raises the reserve to {@code bytes} at least; engines ask for what they need, the largest wins. */
    public synchronized void require(long bytes) {
        set(Math.max(reserve, bytes));
    }

    /** Sets the reserve; 0 turns it off. */
    public synchronized void set(long bytes) {
        reserve = bytes;
        measure();
    }

    public synchronized long bytes() {
        return reserve;
    }

    /** Whether plain writes are refused now. */
    public synchronized boolean low() {
        return level != Level.ENOUGH;
    }

    /**
     * Sets bytes aside for work already promised, such as the checkpoint of accepted log bytes; {@link #free} undoes
     * it.
     */
    public synchronized void hold(long bytes) {
        held += bytes;
    }

    /** Gives back bytes taken by {@link #hold}. */
    public synchronized void free(long bytes) {
        held -= bytes;
    }

    /**
     * Begins a write of {@code bytes}; {@link #end} must follow.
     *
     * @throws EngineException {@code DISK_LOW}; nothing was begun then
     */
    synchronized void begin(long bytes, boolean givesSpaceBack) {
        if (reserve > 0) {
            if (promised + bytes >= reserve / 4) {
                measure();
            }
            long left = free - held - promised - bytes;
            boolean room = givesSpaceBack
                    ? level != Level.NONE && left > reserve / 2
                    : level == Level.ENOUGH && left > reserve;
            if (!room) {
                if (!givesSpaceBack && level == Level.ENOUGH) {
                    to(Level.LOW);
                }
                throw new EngineException(
                        Reason.DISK_LOW,
                        "the disk is low: " + Math.max(0, free) + " bytes free, the reserve is " + reserve
                                + "; writes go on at " + (reserve + reserve / 2) + ", reads all the time");
            }
            promised += bytes;
        }
        writers++;
    }

    /** Begins work that must be done whatever the level, such as a sync; {@link #end} must follow. */
    synchronized void beginAlways() {
        writers++;
    }

    /** Begins a compaction; false if there is no room for one, and then nothing was begun. */
    synchronized boolean beginCompaction() {
        if (level == Level.NONE) {
            return false;
        }
        writers++;
        return true;
    }

    synchronized void end() {
        writers--;
    }

    synchronized void attach(StorageEngine engine) {
        engines.add(engine);
    }

    synchronized void detach(StorageEngine engine) {
        engines.remove(engine);
        if (suspended == engine) {
            suspended = null; // closing resumed it
        }
    }

    /** Looks at the space now, and suspends or resumes compactions where that changes things. */
    public void look() {
        StorageEngine suspend = null;
        StorageEngine resume = null;
        synchronized (this) {
            measure();
            if (level == Level.NONE && suspended == null && writers == 0 && !engines.isEmpty()) {
                suspend = engines.get(0);
                suspended = suspend;
            } else if (level != Level.NONE && suspended != null) {
                resume = suspended;
                suspended = null;
            }
        }
        if (suspend != null) {
            suspend.suspendCompactions(); // waits for the one under way, so not under the lock
        }
        if (resume != null) {
            resume.resumeCompactions();
        }
    }

    private void measure() {
        if (reserve == 0) {
            level = Level.ENOUGH;
            return;
        }
        free = usableBytes.getAsLong();
        promised = 0;
        long left = free - held;
        if (left <= reserve / 2) {
            to(Level.NONE);
        } else if (left <= reserve) {
            to(Level.LOW);
        } else if (left >= reserve + reserve / 2) {
            to(Level.ENOUGH);
        } else if (level == Level.NONE) {
            to(Level.LOW);
        }
    }

    private void to(Level next) {
        if (next != level) {
            LOG.warn(
                    "disk: {} bytes free, {} of them promised, reserve {}: {}",
                    free,
                    held + promised,
                    reserve,
                    switch (next) {
                        case ENOUGH -> "writes go on";
                        case LOW -> "writes are refused, reads go on";
                        case NONE -> "writes are refused and compactions end, reads go on";
                    });
            level = next;
        }
    }

    /** Ends the thread; the engines are closed before. */
    @Override
    public void close() {
        ScheduledExecutorService executor = timer;
        if (executor != null) {
            executor.shutdown();
        }
    }
}
