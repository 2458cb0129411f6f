package io.goshare.server.commit;

import io.goshare.server.engine.WriteBatch;
import java.util.ArrayDeque;
import java.util.Iterator;

/** Which entries the log holds, so that trimming reads none of them. Safe for many threads. */
final class LogIndex {
    private record Entry(long first, long last, int parts, long bytes, long nanoTime) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private long sealed;
    private long sealedBytes;

    /** Entries up to this revision may be gone. */
    private long keptAfter;

    LogIndex(long sealed, long keptAfter) {
        this.sealed = sealed;
        this.keptAfter = keptAfter;
    }

    synchronized long keptAfter() {
        return keptAfter;
    }

    /** The newest revision that an entry, there or trimmed, is known to have reached. */
    synchronized long newest() {
        Entry newest = entries.peekLast();
        return newest == null ? sealed : Math.max(sealed, newest.last);
    }

    /** The first revision of the oldest entry that reaches behind {@code revision}; -1 if there is none. */
    synchronized long entryBehind(long revision) {
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

    synchronized long bytes() {
        return bytes;
    }

    synchronized long unsealedBytes() {
        return bytes - sealedBytes;
    }

    synchronized long sealed() {
        return sealed;
    }

    /** Whether the oldest entry stands in its place and was written before {@code time}. */
    synchronized boolean hasSealed(long time) {
        Entry oldest = entries.peek();
        return oldest != null && oldest.last <= sealed && oldest.nanoTime - time < 0;
    }

    /**
     * When the oldest entry behind {@link #sealed} was written, by {@link System#nanoTime}; {@code now} without one.
     */
    synchronized long oldestUnsealed(long now) {
        for (Entry entry : entries) {
            if (entry.last > sealed) {
                return entry.nanoTime;
            }
        }
        return now;
    }

    /**
     * Moves {@code sealed} on and adds the deletion of entries up to it that are older than {@code keepFrom} or over
     * {@code keepBytes}.
     *
     * @return the first revision of the oldest entry left; -1 if none is left
     */
    synchronized long trim(long newSealed, long keepFrom, long keepBytes, WriteBatch batch) {
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

    synchronized int rows() {
        return entries.stream().mapToInt(Entry::parts).sum();
    }
}
