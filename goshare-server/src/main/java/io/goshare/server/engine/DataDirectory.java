package io.goshare.server.engine;

import io.goshare.server.engine.EngineException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A directory of named stores, all of one engine and with one owner: {@code base} and the stores of periods. Safe for
 * many threads.
 *
 * <pre>
 *   GOSHARE           {@link Marker}: format version, uuid, engine; written before anything else
 *   LOCK              held while open; the owner's process id
 *   base/             a store
 *     STORE           its marker
 *     leveldb/        the engine's own files
 *   data-2026-11/     another
 *   x.gone-uuid/      a store that is being deleted
 * </pre>
 *
 * Directories are made 0700, files 0600. A store is counted as made once its marker says ready; one that was cut short
 * is made anew, for nothing in it was ever acknowledged.
 */
public final class DataDirectory implements AutoCloseable {
    /** The store every data directory has. */
    public static final String BASE = "base";

    static final String MARKER = "GOSHARE";
    static final String STORE_MARKER = "STORE";
    private static final String GONE = ".gone-";

    private final Path path;
    private final EngineProvider provider;
    private final @Nullable DirectoryLock lock;
    private final DiskReserve reserve;
    private final Map<String, StorageEngine> open = new LinkedHashMap<>();
    private final Map<String, UUID> memoryUuids = new HashMap<>();
    private Marker marker;
    private boolean closed;

    private DataDirectory(
            Path path, EngineProvider provider, Marker marker, @Nullable DirectoryLock lock, DiskReserve reserve) {
        this.path = path;
        this.provider = provider;
        this.marker = marker;
        this.lock = lock;
        this.reserve = reserve;
    }

    /**
     * Opens {@code path} for this process alone, or makes it. For engines without files use {@link #inMemory}.
     *
     * @throws EngineException {@code LOCKED}; {@code REFUSED} for a directory of another engine or format, or one that
     *     holds foreign files or that others may write to; {@code DAMAGED}; {@code PERMISSION}; nothing is changed then
     */
    public static DataDirectory open(Path path, EngineProvider provider) {
        return open(path, provider, DiskReserve::of);
    }

    /** As above, with a disk reserve of the caller's making; it is closed with the directory. */
    public static DataDirectory open(Path path, EngineProvider provider, Function<Path, DiskReserve> reserve) {
        try {
            return openFiles(path.toAbsolutePath(), provider, reserve);
        } catch (Marker.Unreadable e) {
            throw unreadable(e);
        } catch (IOException e) {
            throw new EngineException(reason(e), "cannot open data directory " + path + ": " + e, e);
        }
    }

    /** A directory without files, for a provider that needs none; its stores last as long as it. */
    public static DataDirectory inMemory(EngineProvider provider) {
        Marker marker = new Marker(UUID.randomUUID(), provider.name(), true);
        return new DataDirectory(
                Path.of("memory-" + marker.uuid()), provider, marker, null, new DiskReserve(() -> Long.MAX_VALUE));
    }

    private static DataDirectory openFiles(Path path, EngineProvider provider, Function<Path, DiskReserve> reserves)
            throws IOException {
        boolean fresh = requireOurs(path, provider);
        DirectoryFiles.createDirectory(path);
        DirectoryLock lock = DirectoryLock.take(path);
        try {
            if (fresh && !Files.exists(path.resolve(MARKER))) {
                new Marker(UUID.randomUUID(), provider.name(), false).write(path.resolve(MARKER));
            }
            Marker marker = Marker.read(path.resolve(MARKER)).orElseThrow();
            if (marker.ready()) {
                requireBase(path);
            }
            for (String name : DirectoryFiles.names(path)) {
                if (name.contains(GONE)) {
                    DirectoryFiles.deleteTree(path.resolve(name));
                }
            }
            return new DataDirectory(path, provider, marker, lock, reserves.apply(path));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireBase(Path path) throws IOException {
        Path file = path.resolve(BASE).resolve(STORE_MARKER);
        if (Marker.read(file).filter(Marker::ready).isEmpty()) {
            throw damaged("the store base of " + path + " is missing");
        }
    }

    /** True if the directory is to be made. Changes nothing. */
    private static boolean requireOurs(Path path, EngineProvider provider) throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new EngineException(Reason.REFUSED, path + " is no directory");
        }
        Optional<Marker> marker = Marker.read(path.resolve(MARKER));
        if (marker.isEmpty()) {
            requireEmpty(path);
            return true;
        }
        if (!marker.get().engine().equals(provider.name())) {
            throw new EngineException(
                    Reason.REFUSED,
                    path + " was made with the engine " + marker.get().engine() + "; start with --engine "
                            + marker.get().engine() + ", or export and import to change it");
        }
        requireOwnersOnly(path);
        return false;
    }

    private static void requireEmpty(Path path) throws IOException {
        for (String name : DirectoryFiles.names(path)) {
            if (Files.exists(path.resolve(name).resolve(STORE_MARKER))) {
                throw damaged(path.resolve(MARKER) + " is missing, though there is a store " + name);
            }
            boolean ownLeftOver = name.equals(DirectoryLock.FILE) || name.equals(MARKER + ".tmp");
            if (!ownLeftOver && !name.equals("lost+found")) {
                throw new EngineException(
                        Reason.REFUSED, path + " is no data directory, for it holds " + name + "; name an empty one");
            }
        }
    }

    private static void requireOwnersOnly(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new EngineException(Reason.REFUSED, path + " may be written by everybody; chmod o-w it");
        }
    }

    /** Identity of the directory, kept for its life. */
    public UUID uuid() {
        return marker.uuid();
    }

    /** Where it is; in memory no such path exists. */
    public Path path() {
        return path;
    }

    /** Free space kept in hand for all stores here. */
    public DiskReserve diskReserve() {
        return reserve;
    }

    /** Names of the stores that were made and not deleted, sorted. */
    public synchronized List<String> stores() {
        if (lock == null) {
            return memoryUuids.keySet().stream().sorted().toList();
        }
        try {
            return DirectoryFiles.names(path).stream().filter(this::hasStore).toList();
        } catch (IOException e) {
            throw failed("list", e);
        }
    }

    /** Whether the store was made to the end and not deleted. */
    public synchronized boolean hasStore(String store) {
        return storeMarker(store).filter(Marker::ready).isPresent();
    }

    /** The uuid the store was made with; empty if there is none. */
    public synchronized Optional<UUID> storeUuid(String store) {
        return storeMarker(store).filter(Marker::ready).map(Marker::uuid);
    }

    private Optional<Marker> storeMarker(String store) {
        if (lock == null) {
            return Optional.ofNullable(memoryUuids.get(store)).map(uuid -> new Marker(uuid, provider.name(), true));
        }
        if (store.contains(GONE)) {
            return Optional.empty();
        }
        try {
            return Marker.read(path.resolve(store).resolve(STORE_MARKER));
        } catch (Marker.Unreadable e) {
            throw unreadable(e);
        } catch (IOException e) {
            throw failed("read the marker of store " + store, e);
        }
    }

    /**
     * Opens the store, or makes it with a new uuid. Rows are checked by {@link CheckedEngine}, writes by
     * {@link #diskReserve}, which is raised to {@code options.diskReserveBytes()}. Closed with the directory, or
     * before.
     *
     * @param create true makes it and refuses one that is there; false refuses one that is missing
     * @throws EngineException as {@link EngineProvider#open}; {@code LOCKED} if it is open here already
     */
    public StorageEngine engine(String store, EngineOptions options, boolean create) {
        return create ? create(store, options, UUID.randomUUID()) : openStore(store, options);
    }

    /** Makes the store with a uuid that the caller has noted before. */
    public synchronized StorageEngine create(String store, EngineOptions options, UUID uuid) {
        requireUsable(store);
        if (hasStore(store) || (lock != null && store.equals(BASE) && marker.ready())) {
            throw new EngineException(Reason.REFUSED, "store " + store + " exists in " + path);
        }
        if (lock == null) {
            memoryUuids.put(store, uuid);
            return keep(store, options, provider.open(enginePath(store), options, true));
        }
        Path home = path.resolve(store);
        Marker made = new Marker(uuid, provider.name(), false);
        try {
            if (Marker.read(home.resolve(STORE_MARKER)).isEmpty()
                    && !DirectoryFiles.names(home).isEmpty()) {
                throw damaged(home.resolve(STORE_MARKER) + " is missing, though the store holds files");
            }
            DirectoryFiles.deleteTree(home); // cut short while it was made
            DirectoryFiles.createDirectory(home);
            made.write(home.resolve(STORE_MARKER));
            StorageEngine engine = provider.open(enginePath(store), options, true);
            try {
                made.asReady().write(home.resolve(STORE_MARKER));
                if (store.equals(BASE)) {
                    marker = marker.asReady();
                    marker.write(path.resolve(MARKER));
                }
            } catch (IOException e) {
                engine.close();
                throw e;
            }
            return keep(store, options, engine);
        } catch (IOException e) {
            throw failed("make store " + store, e);
        }
    }

    private synchronized StorageEngine openStore(String store, EngineOptions options) {
        requireUsable(store);
        Optional<Marker> made = storeMarker(store);
        if (made.isEmpty() || !made.get().ready()) {
            throw damaged("store " + store + " is missing in " + path);
        }
        return keep(store, options, provider.open(enginePath(store), options, false));
    }

    private Path enginePath(String store) {
        return path.resolve(store).resolve(provider.name());
    }

    private StorageEngine keep(String store, EngineOptions options, StorageEngine engine) {
        reserve.require(options.diskReserveBytes());
        StorageEngine kept = new StoreEngine(store, new CheckedEngine(store, engine), reserve);
        open.put(store, kept);
        return kept;
    }

    private void requireUsable(String store) {
        if (closed) {
            throw new EngineException(Reason.CLOSED, "data directory " + path + " is closed");
        }
        if (!store.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException("a store is named by small letters, digits and dashes, not " + store);
        }
        if (open.containsKey(store)) {
            throw new EngineException(Reason.LOCKED, "store " + store + " of " + path + " is open");
        }
    }

    /**
     * Deletes a closed store: out of sight first, then its files. A missing one is no error. Tells the bytes of its
     * files.
     */
    public synchronized long deleteStore(String store) {
        requireUsable(store);
        if (lock == null) {
            memoryUuids.remove(store);
            provider.delete(enginePath(store));
            return 0;
        }
        Path home = path.resolve(store);
        try {
            long bytes = 0;
            if (Files.exists(home)) {
                bytes = DirectoryFiles.bytes(home);
                Path gone = path.resolve(store + GONE + UUID.randomUUID());
                Files.move(home, gone);
                DirectoryFiles.force(path);
                DirectoryFiles.deleteTree(gone);
            }
            return bytes;
        } catch (IOException e) {
            throw failed("delete store " + store, e);
        }
    }

    /** Closes the stores still open, the last opened first, and lets go of the directory. Twice is harmless. */
    @Override
    public void close() {
        Deque<StorageEngine> engines = new ArrayDeque<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open.values().forEach(engines::push);
        }
        RuntimeException first = null;
        for (StorageEngine engine : engines) {
            try {
                engine.close();
            } catch (RuntimeException e) {
                first = add(first, e);
            }
        }
        reserve.close();
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            first = add(first, failed("close", e));
        }
        if (first != null) {
            throw first;
        }
    }

    private static RuntimeException add(@Nullable RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    private static EngineException damaged(String what) {
        return new EngineException(Reason.DAMAGED, what + "; run goshare verify, then goshare repair");
    }

    private static EngineException unreadable(Marker.Unreadable e) {
        return e.otherFormat()
                ? new EngineException(Reason.REFUSED, String.valueOf(e.getMessage()), e)
                : new EngineException(Reason.DAMAGED, e.getMessage() + "; run goshare verify, then goshare repair", e);
    }

    private EngineException failed(String what, IOException e) {
        return new EngineException(reason(e), "data directory " + path + ": cannot " + what + ": " + e, e);
    }

    private static Reason reason(IOException e) {
        boolean readOnly = e instanceof FileSystemException f
                && String.valueOf(f.getReason()).contains("Read-only");
        return readOnly || e instanceof AccessDeniedException ? Reason.PERMISSION : Reason.FAILED;
    }

    private synchronized void forget(String store, StorageEngine engine) {
        open.remove(store, engine);
    }

    /** A store's engine that tells the directory when it is closed. */
    private final class StoreEngine extends ReservedEngine {
        private final String store;

        StoreEngine(String store, StorageEngine engine, DiskReserve reserve) {
            super(engine, reserve);
            this.store = store;
        }

        @Override
        public void close() {
            super.close();
            forget(store, this);
        }
    }
}
