package io.goshare.server.commit;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The operations of one group, in commit order; docs/storage-format.md, "Log".
 *
 * <pre>
 *   key      'G'  revision of the group's first request (8)  part (2)      big-endian
 *   value    format (1) = 1, parts in all (2), then this part's bytes, 256 KiB at most
 *   the parts joined are operations:
 *     revision (8)  tag (1)  length (4)  payload (length)
 * </pre>
 */
final class LogEntry {
    static final int PART_BYTES = 256 << 10;

    private static final byte FORMAT = 1;
    private static final int HEADER = 13;

    private LogEntry() {}

    static byte[] key(long revision, int part) {
        return ByteBuffer.allocate(11)
                .put(Tables.LOG)
                .putLong(revision)
                .putShort((short) part)
                .array();
    }

    static long revision(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    static void append(ByteArrayOutputStream operations, long revision, byte tag, byte[] payload) {
        operations.writeBytes(ByteBuffer.allocate(HEADER)
                .putLong(revision)
                .put(tag)
                .putInt(payload.length)
                .array());
        operations.writeBytes(payload);
    }

    /** Adds the rows of the entry to {@code batch}; how many these are. */
    static int write(long firstRevision, byte[] operations, WriteBatch batch) {
        int parts = (operations.length + PART_BYTES - 1) / PART_BYTES;
        if (parts > 0x7fff) {
            throw new IllegalArgumentException("a group of " + operations.length + " bytes is too large for the log");
        }
        for (int part = 0; part < parts; part++) {
            int from = part * PART_BYTES;
            int length = Math.min(PART_BYTES, operations.length - from);
            byte[] value = ByteBuffer.allocate(3 + length)
                    .put(FORMAT)
                    .putShort((short) parts)
                    .put(operations, from, length)
                    .array();
            batch.put(key(firstRevision, part), value);
        }
        return parts;
    }

    /** Takes the entries of a scan. */
    private interface EntryVisitor {
        boolean entry(long firstRevision, int parts, byte[] operations);
    }

    /**
     * Hands the operations behind {@code sealed} of entries from {@code firstRevision} on to {@code replayer}, in
     * order, and notes each entry in {@code index}.
     */
    static void replay(StorageEngine base, long firstRevision, long sealed, CommitLog index, LogReplayer replayer) {
        long opened = System.nanoTime();
        scan(base, firstRevision, (first, parts, operations) -> {
            index.add(first, each(operations, sealed, replayer), parts, operations.length, opened);
            return true;
        });
    }

    /**
     * Hands the operations behind {@code after} of the entry of {@code firstRevision} and those behind it to
     * {@code replayer}, until entries of {@code maxBytes} or one that reaches {@code upTo} were read.
     *
     * @return the revision up to which all were; -1 if the entry is not there
     */
    static long read(
            StorageEngine base, long firstRevision, long after, long upTo, long maxBytes, LogReplayer replayer) {
        long[] read = {-1, 0};
        scan(base, firstRevision, (first, parts, operations) -> {
            if (read[0] < 0 && first != firstRevision) {
                return false;
            }
            if (first > upTo) {
                read[0] = upTo;
                return false;
            }
            read[0] = Math.min(upTo, each(operations, after, replayer));
            read[1] += operations.length;
            return read[0] < upTo && read[1] < maxBytes;
        });
        return read[0] < 0 || read[1] >= maxBytes ? read[0] : upTo;
    }

    private static void scan(StorageEngine base, long firstRevision, EntryVisitor entries) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        int[] expected = {0};
        base.scan(null, key(firstRevision, 0), new byte[] {Tables.LOG + 1}, (key, value) -> {
            ByteBuffer row = ByteBuffer.wrap(value);
            int part = ByteBuffer.wrap(key).getShort(9);
            if (row.get() != FORMAT || part != expected[0]) {
                throw new EngineException(
                        EngineException.Reason.DAMAGED,
                        "log entry of revision " + revision(key) + ": part " + part + " where part " + expected[0]
                                + " of format " + FORMAT + " should stand; run verify");
            }
            int parts = row.getShort();
            joined.write(value, 3, value.length - 3);
            if (++expected[0] == parts) {
                byte[] operations = joined.toByteArray();
                joined.reset();
                expected[0] = 0;
                return entries.entry(revision(key), parts, operations);
            }
            return true;
        });
        if (expected[0] != 0) {
            throw new EngineException(EngineException.Reason.DAMAGED, "the last log entry has lost parts; run verify");
        }
    }

    private static long each(byte[] operations, long sealed, LogReplayer replayer) {
        ByteBuffer in = ByteBuffer.wrap(operations);
        long revision = 0;
        while (in.hasRemaining()) {
            revision = in.getLong();
            byte tag = in.get();
            int length = in.getInt();
            int from = in.position();
            if (revision > sealed && replayer.owns(tag)) {
                replayer.replay(revision, tag, Arrays.copyOfRange(operations, from, from + length));
            }
            in.position(from + length);
        }
        return revision;
    }
}
