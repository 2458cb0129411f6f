package io.goshare.server.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows to put and to delete in one atomic step, in the order they were added. For one thread. */
public final class WriteBatch {
    /** One step: {@code value} null deletes {@code key}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Step(byte[] key, byte @Nullable [] value) {}

    private final List<Step> steps = new ArrayList<>();
    private long bytes;
    private boolean givesSpaceBack;

    /** Puts a row. The arrays must not change afterwards. */
    public WriteBatch put(byte[] key, byte[] value) {
        return add(key, value);
    }

    /** Deletes a row; a missing one is no error. */
    public WriteBatch delete(byte[] key) {
        return add(key, null);
    }

    private WriteBatch add(byte[] key, byte @Nullable [] value) {
        if (key.length == 0) {
            throw new IllegalArgumentException("an empty key cannot be stored");
        }
        steps.add(new Step(key, value));
        bytes += key.length + (value == null ? 0 : value.length);
        return this;
    }

    /**
     * Marks a batch that makes room in the end (an erase, a checkpoint, a trim): it is written down to half of the disk
     * reserve, where others are refused at the whole.
     */
    public WriteBatch givingSpaceBack() {
        givesSpaceBack = true;
        return this;
    }

    public boolean givesSpaceBack() {
        return givesSpaceBack;
    }

    public List<Step> steps() {
        return steps;
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Bytes of all keys and values. */
    public long bytes() {
        return bytes;
    }
}
