package io.goshare.server.engine;

import java.nio.file.Path;

/** Opens storage engines of one kind. Safe for many threads. */
public interface EngineProvider {
    /** The name users choose it by: {@code leveldb}, {@code rocksdb}, {@code memory}. */
    String name();

    /**
     * Opens the engine in {@code directory}, which the engine owns alone from then on.
     *
     * @param create true makes a new, empty engine and refuses a directory that holds anything; false opens an existing
     *     one and refuses a directory that holds none, so that lost files never look like an empty store
     * @throws EngineException {@code LOCKED}, {@code DAMAGED}, {@code PERMISSION} or {@code FAILED}; nothing is left
     *     open then
     */
    StorageEngine open(Path directory, EngineOptions options, boolean create);

    /** Whether rows are kept in files; false means that they live as long as this provider. */
    default boolean persistent() {
        return true;
    }

    /** Forgets a closed engine's rows where they are not files; files are deleted by the caller. */
    default void delete(Path directory) {}

    /**
     * Reads the files of a closed engine without changing them: hands every row that can still be trusted to
     * {@code rows}, the newest of each key, in key order, until it returns false, and tells of all that cannot. Never
     * throws for damage.
     */
    Inspection inspect(Path directory, RowVisitor rows);
}
