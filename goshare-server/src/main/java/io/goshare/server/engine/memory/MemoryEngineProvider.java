package io.goshare.server.engine.memory;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.Inspection;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.StorageEngine;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps rows in memory, by directory name, until the provider itself is gone; no file is touched. */
public final class MemoryEngineProvider implements EngineProvider {
    private final Map<Path, MemoryRows> stores = new HashMap<>();
    private final Set<Path> open = new HashSet<>();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public synchronized StorageEngine open(Path directory, EngineOptions options, boolean create) {
        if (open.contains(directory)) {
            throw new EngineException(Reason.LOCKED, "memory store " + directory + " is open");
        }
        MemoryRows rows = stores.get(directory);
        if (create == (rows != null)) {
            throw new EngineException(
                    create ? Reason.FAILED : Reason.DAMAGED,
                    "memory store " + directory + (create ? " exists" : " does not exist"));
        }
        if (rows == null) {
            rows = new MemoryRows();
            stores.put(directory, rows);
        }
        open.add(directory);
        return new MemoryEngine("memory store " + directory, rows, () -> closed(directory));
    }

    private synchronized void closed(Path directory) {
        open.remove(directory);
    }

    /** Forgets a closed store. */
    @Override
    public synchronized void delete(Path directory) {
        stores.remove(directory);
    }

    @Override
    public synchronized Inspection inspect(Path directory, RowVisitor rows) {
        MemoryRows stored = stores.get(directory);
        long[] count = new long[1];
        if (stored != null) {
            for (Map.Entry<byte[], MemoryRows.Version> row :
                    stored.range(new byte[0], null).entrySet()) {
                byte[] value = MemoryRows.at(row.getValue(), stored.last());
                if (value != null) {
                    count[0]++;
                    if (!rows.row(row.getKey().clone(), value.clone())) {
                        break;
                    }
                }
            }
        }
        return new Inspection(count[0], 0, List.of());
    }
}
