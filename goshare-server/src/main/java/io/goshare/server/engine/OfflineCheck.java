package io.goshare.server.engine;

import io.goshare.server.engine.EngineException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Checks a data directory that no server has open, and salvages one into another. The directory looked at is never
 * changed.
 */
public final class OfflineCheck {
    /** Damaged rows named one by one; the rest is counted. */
    private static final int NAMED_ROWS = 20;

    private static final int BATCH_BYTES = 1 << 20;

    private final Path source;
    private final EngineProvider provider;

    /**
     * What was found in one store.
     *
     * @param rows good rows: read, or kept by a repair
     * @param lost rows known to be there and not good; a block or log that cannot be read counts as one
     */
    public record Store(String name, long rows, long lost, List<String> findings) {
        public Store {
            findings = List.copyOf(findings);
        }
    }

    /** What was found, of the directory itself and of each store. */
    public record Report(List<String> findings, List<Store> stores) {
        public Report {
            findings = List.copyOf(findings);
            stores = List.copyOf(stores);
        }

        public boolean sound() {
            return findings.isEmpty()
                    && stores.stream().allMatch(store -> store.findings().isEmpty());
        }
    }

    private OfflineCheck(Path source, EngineProvider provider) {
        this.source = source;
        this.provider = provider;
    }

    /**
     * Reads every block of every file, and every row, of the data directory {@code source}.
     *
     * @throws EngineException {@code LOCKED} while it is open; {@code FAILED} if it cannot be read at all
     */
    public static Report verify(Path source, EngineProvider provider) {
        return new OfflineCheck(source, provider).run(null);
    }

    /**
     * Writes every row that can be trusted into the new data directory {@code target}, stores keeping their uuids, and
     * reports rows kept and lost.
     *
     * @throws EngineException as {@link #verify}; {@code REFUSED} if {@code target} holds anything
     */
    public static Report repair(Path source, Path target, EngineProvider provider) {
        OfflineCheck check = new OfflineCheck(source, provider);
        try {
            if (!DirectoryFiles.names(target).isEmpty()) {
                throw new EngineException(Reason.REFUSED, target + " holds files; repair writes to a new directory");
            }
        } catch (IOException e) {
            throw new EngineException(Reason.FAILED, "cannot read " + target, e);
        }
        try (DataDirectory repaired = DataDirectory.open(target, provider)) {
            return check.run(repaired);
        }
    }

    private Report run(@Nullable DataDirectory target) {
        List<String> findings = new ArrayList<>();
        List<Store> stores = new ArrayList<>();
        try (AutoCloseable lock = lock()) {
            Optional<Marker> marker = marker(source.resolve(DataDirectory.MARKER), findings);
            if (marker.isPresent() && !marker.get().engine().equals(provider.name())) {
                throw new EngineException(
                        Reason.REFUSED,
                        source + " was made with the engine " + marker.get().engine());
            }
            boolean made = marker.isEmpty() || marker.get().ready();
            if (made && !Files.isDirectory(source.resolve(DataDirectory.BASE))) {
                findings.add("the store " + DataDirectory.BASE + " is missing");
            }
            for (String name : storeNames()) {
                stores.add(check(name, target));
            }
        } catch (EngineException e) {
            throw e;
        } catch (Exception e) { // AutoCloseable's
            throw new EngineException(Reason.FAILED, "cannot read " + source + ": " + e, e);
        }
        return new Report(findings, stores);
    }

    private AutoCloseable lock() throws IOException {
        return Files.exists(source.resolve(DirectoryLock.FILE)) ? DirectoryLock.take(source) : () -> {};
    }

    private static Optional<Marker> marker(Path file, List<String> findings) throws IOException {
        try {
            Optional<Marker> marker = Marker.read(file);
            if (marker.isEmpty()) {
                findings.add(file + " is missing");
            }
            return marker;
        } catch (Marker.Unreadable e) {
            if (e.otherFormat()) {
                throw new EngineException(Reason.REFUSED, String.valueOf(e.getMessage()), e);
            }
            findings.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Directories with a store in them, whatever became of its marker. */
    private List<String> storeNames() throws IOException {
        List<String> stores = new ArrayList<>();
        for (String name : DirectoryFiles.names(source)) {
            Path home = source.resolve(name);
            boolean store = Files.exists(home.resolve(DataDirectory.STORE_MARKER))
                    || Files.isDirectory(home.resolve(provider.name()));
            if (store && name.indexOf('.') < 0) {
                stores.add(name);
            }
        }
        return stores;
    }

    private Store check(String name, @Nullable DataDirectory target) throws IOException {
        Path home = source.resolve(name);
        List<String> findings = new ArrayList<>();
        Optional<Marker> marker = marker(home.resolve(DataDirectory.STORE_MARKER), findings);
        if (marker.isPresent() && !marker.get().ready()) {
            return new Store(name, 0, 0, List.of()); // its making was cut short: made anew at the next start
        }
        Path files = home.resolve(provider.name());
        if (!Files.isDirectory(files)) {
            findings.add(files + " is missing");
            return new Store(name, 0, 1, findings);
        }
        UUID uuid = marker.map(Marker::uuid).orElseGet(UUID::randomUUID);
        try (RowCheck rows =
                new RowCheck(name, target == null ? null : target.create(name, EngineOptions.DEFAULTS, uuid))) {
            Inspection inspection = provider.inspect(files, rows);
            rows.finish();
            findings.addAll(inspection.findings());
            findings.addAll(rows.findings);
            return new Store(name, rows.good, inspection.lost() + rows.damaged, findings);
        }
    }

    /** Sees every row of a store, counts it, and writes it where a target is given. */
    private static final class RowCheck implements RowVisitor, AutoCloseable {
        private final String store;
        private final @Nullable StorageEngine target;
        private final List<String> findings = new ArrayList<>();
        private WriteBatch batch = new WriteBatch();
        private long good;
        private long damaged;

        RowCheck(String store, @Nullable StorageEngine target) {
            this.store = store;
            this.target = target;
        }

        @Override
        public boolean row(byte[] key, byte[] stored) {
            if (!CheckedEngine.intact(key, stored)) {
                damaged++;
                if (damaged <= NAMED_ROWS) {
                    findings.add("the row at key " + HexFormat.of().formatHex(key) + " is damaged");
                }
                return true;
            }
            good++;
            if (target != null) {
                batch.put(key, CheckedEngine.open(store, key, stored));
                if (batch.bytes() >= BATCH_BYTES) {
                    target.write(batch);
                    batch = new WriteBatch();
                }
            }
            return true;
        }

        void finish() {
            if (damaged > NAMED_ROWS) {
                findings.add((damaged - NAMED_ROWS) + " more rows are damaged");
            }
            if (target != null) {
                target.write(batch);
                target.sync();
            }
        }

        @Override
        public void close() {
            if (target != null) {
                target.close();
            }
        }
    }
}
