package io.goshare.server.commit;

import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The log of all operations: which entries it holds, so that trimming reads none of them, and up to where everything
 * stands in its place. Safe for many threads.
 */
public final class CommitLog {
    /** Deleted entries are compacted away once there are so many bytes of them. */
    private static final long COMPACT_BYTES = 256 << 20;
    /** Meta row: sealed revision, first revision of the oldest entry. */
    private static final String MARKS = "log";

    private record Entry(long first, long last, int parts, long bytes, long nanoTime) {}

    private final StorageEngine base;
    /** The entries of an opened log begin here or behind. */
    private final long openedFrom;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private long sealed;
    private long sealedBytes;

    /** Entries up to this revision may be gone. */
    private long keptAfter;

    /** Bytes deleted and not compacted away, and the revision behind them. */
    private long trimmedBytes;

    private long trimmedTo;

    private CommitLog(StorageEngine base, long sealed, long openedFrom) {
        this.base = base;
        this.openedFrom = openedFrom;
        this.sealed = sealed;
        this.keptAfter = Math.max(0, openedFrom - 1);
    }

    static CommitLog open(StorageEngine base) {
        long[] marks = Meta.read(base, MARKS).orElseGet(() -> new long[2]);
        return new CommitLog(base, marks[0], marks[1]);
    }

    /** Finds the entries there are, and hands each operation behind {@link #sealed} to {@code replayer}, in order. */
    void replay(LogReplayer replayer) {
        LogEntry.replay(base, openedFrom, sealed(), this, replayer);
    }

    /**
     * Hands over the operations behind {@code after}, in order, until those of {@code maxBytes} and the rest of their
     * group are read; operations behind {@code upTo} may come too.
     *
     * @return the revision up to which all were handed over, {@code upTo} at most; -1 if some are no longer kept
     */
    long read(long after, long upTo, long maxBytes, LogReplayer reader) {
        if (after < keptAfter()) {
            return -1;
        }
        long first = entryBehind(after);
        return first < 0 || first > upTo ? upTo : LogEntry.read(base, first, after, upTo, maxBytes, reader);
    }

    /** All operations behind this revision are still here. */
    synchronized long keptAfter() {
        return keptAfter;
    }

    /** The newest revision that an entry, there or trimmed, is known to have reached. */
    synchronized long newest() {
        Entry newest = entries.peekLast();
        return newest == null ? sealed : Math.max(sealed, newest.last);
    }

    /** The first revision of the oldest entry that reaches behind {@code revision}; -1 if there is none. */
    private synchronized long entryBehind(long revision) {
        long first = -1;
        Iterator<Entry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext()) {
            Entry entry = newestFirst.next();
            if (entry.last <= revision) {
                break;
            }
            first = entry.first;
        }
        return first;
    }

    synchronized void add(long first, long last, int parts, long entryBytes, long nanoTime) {
        entries.add(new Entry(first, last, parts, entryBytes, nanoTime));
        bytes += entryBytes;
        sealedBytes += last <= sealed ? entryBytes : 0;
    }

    /** Bytes of the entries there are. */
    synchronized long bytes() {
        return bytes;
    }

    /** Bytes of entries behind {@link #sealed}. */
    public synchronized long unsealedBytes() {
        return bytes - sealedBytes;
    }

    /** Everything up to this revision stands in its place; what is behind it is replayed when the store opens. */
    public synchronized long sealed() {
        return sealed;
    }

    /** Whether there are entries up to {@link #sealed} that are older than {@code keepNanos}. */
    public synchronized boolean hasSealed(long keepNanos) {
        Entry oldest = entries.peek();
        return oldest != null && oldest.last <= sealed && System.nanoTime() - oldest.nanoTime > keepNanos;
    }

    /** How long ago the oldest entry behind {@link #sealed} was written, in nanoseconds; 0 without one. */
    public synchronized long unsealedNanos() {
        for (Entry entry : entries) {
            if (entry.last > sealed) {
                return System.nanoTime() - entry.nanoTime;
            }
        }
        return 0;
    }

    /**
     * Notes that everything up to {@code revision} stands in its place, and deletes entries up to it but for the
     * newest, which watchers may ask for: those of the last {@code keepNanos}, {@code keepBytes} of them at most.
     */
    public void trim(long revision, long keepNanos, long keepBytes) {
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        long before = bytes();
        long first = trim(revision, System.nanoTime() - keepNanos, keepBytes, batch);
        long newFirst = first < 0 ? revision + 1 : first;
        Meta.put(batch, MARKS, revision, newFirst);
        base.write(batch);
        trimmedBytes += before - bytes();
        trimmedTo = newFirst;
        if (trimmedBytes > COMPACT_BYTES) {
            compact();
        }
    }

    /** Deletes entries as {@link #trim} does, without sealing more, and gives their space back at once. */
    public void settle(long keepNanos, long keepBytes) {
        trim(sealed(), keepNanos, keepBytes);
        if (trimmedBytes > 0) {
            compact();
        }
    }

    private void compact() {
        trimmedBytes = 0;
        base.compact(LogEntry.key(0, 0), LogEntry.key(trimmedTo, 0));
    }

    /** The first revision of the oldest entry left; -1 if none is left. The deletion of others is in the batch. */
    private synchronized long trim(long newSealed, long keepFrom, long keepBytes, WriteBatch batch) {
        sealed = newSealed;
        sealedBytes = 0;
        for (Entry entry : entries) {
            sealedBytes += entry.last <= sealed ? entry.bytes : 0;
        }
        Entry oldest = entries.peek();
        while (oldest != null && oldest.last <= sealed && (oldest.nanoTime - keepFrom < 0 || sealedBytes > keepBytes)) {
            for (int part = 0; part < oldest.parts; part++) {
                batch.delete(LogEntry.key(oldest.first, part));
            }
            bytes -= oldest.bytes;
            sealedBytes -= oldest.bytes;
            keptAfter = oldest.last;
            entries.remove();
            oldest = entries.peek();
        }
        return oldest == null ? -1 : oldest.first;
    }
}
