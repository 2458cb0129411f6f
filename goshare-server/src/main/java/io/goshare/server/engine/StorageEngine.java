package io.goshare.server.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map of byte keys to byte values: all that GoShare asks of a disk. Safe for many threads. Keys are ordered
 * as unsigned bytes and never empty.
 *
 * <p>Every method throws {@link EngineException}: {@code CLOSED} after {@link #close}, {@code DAMAGED} where stored
 * bytes fail their checksum, {@code DISK_LOW} where a write would take the disk reserve, {@code FAILED} where the
 * library or the system refused.
 */
public interface StorageEngine extends AutoCloseable {

    /** The value of {@code key} as of {@code snapshot}, or as of now where that is null. The array is the caller's. */
    Optional<byte[]> get(@Nullable Snapshot snapshot, byte[] key);

    /** The value of {@code key} now. */
    default Optional<byte[]> get(byte[] key) {
        return get(null, key);
    }

    /**
     * Applies all of {@code batch} or none; later rows of a batch win over earlier ones. Once this returns, a crash of
     * the process cannot lose it; only {@link #sync} protects from a loss of power. An empty batch does nothing.
     */
    void write(WriteBatch batch);

    /**
     * Returns once everything written so far, by any thread, is on stable storage. If it fails, nothing is known of the
     * writes since the last sync, and the engine refuses all further writes until it is opened again.
     */
    void sync();

    /**
     * Hands each row of {@code [from, to)} to {@code rows}, in key order, as of {@code snapshot} (null: as of now),
     * until it returns false. The arrays handed over are the visitor's to keep. The visitor may read this engine; it
     * must not close it. {@code to} null means to the end.
     */
    void scan(@Nullable Snapshot snapshot, byte[] from, byte @Nullable [] to, RowVisitor rows);

    /** A frozen view of all rows. Close it soon: it keeps old versions on the disk. At most 64 are open at once. */
    Snapshot snapshot();

    /** Asks that space of dead rows in {@code [from, to)} be given back now. May do nothing, may take seconds. */
    void compact(byte[] from, byte @Nullable [] to);

    /**
     * Holds back work that takes disk space by itself until {@link #resumeCompactions}; waits for what is under way.
     * Writers may then block for ever once the write buffer is full, so stop them first. LevelDB has one compacting
     * thread, so this holds back every LevelDB store of the process. Calls nest.
     */
    default void suspendCompactions() {}

    /** Ends one {@link #suspendCompactions}. */
    default void resumeCompactions() {}

    /** What opening found and mended, such as a torn log tail; empty if nothing. One line for people. */
    default Optional<String> recovery() {
        return Optional.empty();
    }

    /** What the engine tells about itself. */
    EngineStats stats();

    /**
     * Waits for calls under way (30 s at most), then closes. Twice is harmless. Written rows not synced are kept by the
     * system, not by the disk.
     */
    @Override
    void close();
}
