package io.goshare.server.series;

import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.StorageEngine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The stores of periods, opened when asked for. At most 32 stay open, and at most 3 that were written to: the least
 * recently used of those that nobody has pinned is closed. Safe for many threads.
 */
final class PeriodStores implements AutoCloseable {
    static final int MOST_OPEN = 32;
    static final int MOST_WRITTEN = 3;

    private static final class Store {
        final StorageEngine engine;
        int pins;
        boolean written;
        boolean buffered;

        Store(StorageEngine engine) {
            this.engine = engine;
        }
    }

    private final DataDirectory directory;
    private final EngineOptions options;
    private final Map<String, Store> open = new LinkedHashMap<>(64, 0.75f, true);
    private final Set<UUID> removed = new HashSet<>();

    PeriodStores(DataDirectory directory, EngineOptions options) {
        this.directory = directory;
        this.options = options;
    }

    /**
     * Checks that each period's store is there and bears the uuid of its row; one whose making was cut short is made by
     * {@link #pin}.
     */
    void check(List<Period> periods, java.util.function.Predicate<Period> mayHaveRows) {
        for (Period period : periods) {
            boolean same = directory
                    .storeUuid(period.store())
                    .map(period.uuid()::equals)
                    .orElseGet(() -> !mayHaveRows.test(period));
            if (!same) {
                throw new EngineException(
                        EngineException.Reason.DAMAGED,
                        "store " + period.store() + " of " + directory.path()
                                + " is missing or another than the one that was listed; run verify, or put it back");
            }
        }
    }

    /** The store that was asked for is gone, as its period is: look at the table of periods again. */
    static final class GoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GoneException(Period period) {
            super("store " + period.store() + " is gone", null, false, false);
        }
    }

    /**
     * The store of {@code period}, which stays open until {@link #unpin}.
     *
     * @throws GoneException if retention took it away since {@code period} was looked up
     */
    synchronized StorageEngine pin(Period period) {
        if (removed.contains(period.uuid())) {
            throw new GoneException(period);
        }
        Store store = open.get(period.store());
        if (store == null) {
            StorageEngine engine = directory.hasStore(period.store())
                    ? directory.engine(period.store(), options, false)
                    : directory.create(period.store(), options, period.uuid());
            store = new Store(engine);
            open.put(period.store(), store);
        }
        store.pins++;
        return store.engine;
    }

    synchronized void written(Period period) {
        Store store = open.get(period.store());
        if (store != null) {
            store.written = true;
            store.buffered = true;
        }
    }

    synchronized void unpin(Period period) {
        Store store = open.get(period.store());
        if (store != null) {
            store.pins--;
            notifyAll();
        }
        closeOld();
    }

    synchronized boolean isPinned(Period period) {
        Store store = open.get(period.store());
        return store != null && store.pins > 0;
    }

    /** Deletes a store once nobody has pinned it; the bytes that it had. */
    synchronized long remove(Period period) {
        removed.add(period.uuid());
        Store store = open.get(period.store());
        boolean interrupted = false;
        while (store != null && store.pins > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
            store = open.get(period.store());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (store != null) {
            open.remove(period.store());
            store.engine.close();
        }
        return directory.deleteStore(period.store());
    }

    /** Brings what the open stores' write buffers and logs hold into tables, which take less space. */
    void flush() {
        List<Store> pinned = new ArrayList<>();
        synchronized (this) {
            for (Store store : open.values()) {
                if (store.buffered) {
                    store.buffered = false;
                    store.pins++;
                    pinned.add(store);
                }
            }
        }
        try {
            // No row begins with a zero: the buffer is written, and no table is touched.
            pinned.forEach(store -> store.engine.compact(new byte[] {0}, new byte[] {0, 0}));
        } finally {
            synchronized (this) {
                pinned.forEach(store -> store.pins--);
                notifyAll();
                closeOld();
            }
        }
    }

    private void closeOld() {
        int over = open.size() - MOST_OPEN;
        long writtenOver = open.values().stream().filter(store -> store.written).count() - MOST_WRITTEN;
        for (Map.Entry<String, Store> entry : new ArrayList<>(open.entrySet())) {
            Store store = entry.getValue();
            if (store.pins == 0 && (over > 0 || writtenOver > 0 && store.written)) {
                open.remove(entry.getKey());
                over--;
                writtenOver -= store.written ? 1 : 0;
                store.engine.close();
            }
        }
    }

    /** Closes all; what was written is synced by whoever wrote it. */
    @Override
    public synchronized void close() {
        open.values().forEach(store -> store.engine.close());
        open.clear();
    }
}
