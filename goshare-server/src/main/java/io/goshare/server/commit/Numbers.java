package io.goshare.server.commit;

import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;

/**
 * Numbers that are never given twice, not even after a loss of power: they come from blocks whose reservation is on
 * stable storage before the first of a block is used. For one thread at a time.
 *
 * <pre>
 *   meta row "numbers:" name:   last number of the newest block, last number given if closed cleanly or -1
 * </pre>
 */
public final class Numbers {
    static final long BLOCK = 65_536;

    private static final long UNCLEAN = -1;

    private final String row;
    private long last;
    private long reserved;
    private final boolean unclean;

    private Numbers(String row, long last, long reserved, boolean unclean) {
        this.row = row;
        this.last = last;
        this.reserved = reserved;
        this.unclean = unclean;
    }

    /** The numbers called {@code name}. After a clean close they go on where they ended, else behind the block. */
    public static Numbers open(StorageEngine base, String name) {
        String row = "numbers:" + name;
        return Meta.read(base, row)
                .map(numbers -> numbers[1] == UNCLEAN
                        ? new Numbers(row, numbers[0], numbers[0], true)
                        : new Numbers(row, numbers[1], numbers[1], false))
                .orElseGet(() -> new Numbers(row, 0, 0, false));
    }

    /** Whether they were not closed: of those up to {@link #last} some may have been given and not be in the store. */
    boolean endedUnclean() {
        return unclean;
    }

    /** The newest number taken; 0 if none ever was. */
    public long last() {
        return last;
    }

    /** The number that {@link #take} will give. */
    public long next() {
        return last + 1;
    }

    /** Takes a number. It must not reach the disk before {@link #reserve}. */
    public long take() {
        return ++last;
    }

    /** Gives back all numbers above {@code number}; none of them may have reached the disk. */
    void backTo(long number) {
        last = number;
    }

    /** Makes sure that all numbers taken lie in blocks reserved on stable storage. */
    public void reserve(StorageEngine base) {
        if (last > reserved) {
            long end = (last + BLOCK - 1) / BLOCK * BLOCK;
            write(base, end, UNCLEAN);
            reserved = end;
        }
    }

    /** Notes on stable storage how far numbers were given. */
    public void close(StorageEngine base) {
        write(base, Math.max(reserved, last), last);
    }

    private void write(StorageEngine base, long end, long exact) {
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        Meta.put(batch, row, end, exact);
        base.write(batch);
        base.sync();
    }
}
