package io.goshare.server.engine;

import io.goshare.server.engine.EngineException.Reason;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose every value ends in a checksum over key and value, so that a wrong row is an error and never an
 * answer, whatever the library below did to it: docs/storage-format.md, "Rows".
 *
 * <pre>
 *   value     n bytes
 *   crc32c    4 bytes   of key and value, big-endian
 * </pre>
 */
public final class CheckedEngine implements StorageEngine {
    private static final int CRC_BYTES = 4;

    private final String store;
    private final StorageEngine engine;

    /** Wraps {@code engine} and closes it; {@code store} names it in messages. */
    public CheckedEngine(String store, StorageEngine engine) {
        this.store = store;
        this.engine = engine;
    }

    @Override
    public Optional<byte[]> get(@Nullable Snapshot snapshot, byte[] key) {
        Optional<byte[]> stored = engine.get(snapshot, key);
        return stored.isEmpty() ? stored : Optional.of(open(store, key, stored.get()));
    }

    @Override
    public void write(WriteBatch batch) {
        WriteBatch sealed = new WriteBatch();
        for (WriteBatch.Step step : batch.steps()) {
            byte[] value = step.value();
            if (value == null) {
                sealed.delete(step.key());
            } else {
                sealed.put(step.key(), seal(step.key(), value));
            }
        }
        engine.write(batch.givesSpaceBack() ? sealed.givingSpaceBack() : sealed);
    }

    @Override
    public void scan(@Nullable Snapshot snapshot, byte[] from, byte @Nullable [] to, RowVisitor rows) {
        engine.scan(snapshot, from, to, (key, stored) -> rows.row(key, open(store, key, stored)));
    }

    /** The value as it is stored. */
    static byte[] seal(byte[] key, byte[] value) {
        byte[] stored = Arrays.copyOf(value, value.length + CRC_BYTES);
        int crc = crc(key, value, value.length);
        for (int i = stored.length - 1; i >= value.length; i--, crc >>>= 8) {
            stored[i] = (byte) crc;
        }
        return stored;
    }

    /** The value as it was given. @throws EngineException {@code DAMAGED} if it is not what was stored at that key */
    static byte[] open(String store, byte[] key, byte[] stored) {
        if (!intact(key, stored)) {
            throw new EngineException(
                    Reason.DAMAGED,
                    "store " + store + ": the row at key " + HexFormat.of().formatHex(key)
                            + " is damaged; run goshare verify, then goshare repair");
        }
        return Arrays.copyOf(stored, stored.length - CRC_BYTES);
    }

    /** Whether {@code stored} is what {@link #seal} made for {@code key}. */
    static boolean intact(byte[] key, byte[] stored) {
        int length = stored.length - CRC_BYTES;
        if (length < 0) {
            return false;
        }
        int crc = 0;
        for (int i = length; i < stored.length; i++) {
            crc = crc << 8 | (stored[i] & 0xff);
        }
        return crc == crc(key, stored, length);
    }

    private static int crc(byte[] key, byte[] value, int length) {
        CRC32C crc = new CRC32C();
        crc.update(key, 0, key.length);
        crc.update(value, 0, length);
        return (int) crc.getValue();
    }

    @Override
    public void sync() {
        engine.sync();
    }

    @Override
    public Snapshot snapshot() {
        return engine.snapshot();
    }

    @Override
    public void compact(byte[] from, byte @Nullable [] to) {
        engine.compact(from, to);
    }

    @Override
    public void suspendCompactions() {
        engine.suspendCompactions();
    }

    @Override
    public void resumeCompactions() {
        engine.resumeCompactions();
    }

    @Override
    public Optional<String> recovery() {
        return engine.recovery();
    }

    @Override
    public EngineStats stats() {
        return engine.stats();
    }

    @Override
    public void close() {
        engine.close();
    }
}
