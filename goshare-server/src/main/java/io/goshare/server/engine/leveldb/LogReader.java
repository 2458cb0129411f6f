package io.goshare.server.engine.leveldb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a LevelDB log (or MANIFEST, which has the same form) one after another, and tells where the good
 * part ends. It can go on from there when the file has grown. For one thread.
 *
 * <pre>
 *   block, 32 KiB     records; fewer than 7 bytes at its end are zero
 *   record            masked CRC32C of type and data, 4 bytes little-endian; length, 2 bytes little-endian; type; data
 *   type              1 whole, 2 first, 3 middle, 4 last part; 0 with length 0: space mapped ahead, never written
 * </pre>
 */
final class LogReader {
    static final int BLOCK_BYTES = 32 << 10;
    static final int HEADER_BYTES = 7;

    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;

    private final RandomAccessFile file;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private long blockStart = -1;
    private long recordStart;
    private long goodEnd;
    private long stop;
    private @Nullable String trouble;

    /** Reads {@code file}, which the caller closes: no channel, for an interrupt would close it. */
    LogReader(RandomAccessFile file) {
        this.file = file;
    }

    /** Where the last whole record ends. */
    long goodEnd() {
        return goodEnd;
    }

    /** Where the record returned last begins. */
    long recordStart() {
        return recordStart;
    }

    /** Why reading stopped before the end of what was written; null if only zeros, or nothing, follow. */
    @Nullable
    String trouble() throws IOException {
        if (trouble == null && !restIsZero(stop)) {
            trouble = "bytes after unwritten space at " + stop;
        }
        return trouble;
    }

    /** Forgets what was read ahead, for the file has grown. */
    void refresh() {
        blockStart = -1;
        trouble = null;
    }

    /** The data of the next record; null at the end or at {@link #trouble}. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream parts = null;
        long position = skipTrailer(goodEnd);
        long start = position;
        while (true) {
            if (!load(position) || zerosFrom(position)) {
                stop = position;
                trouble = parts == null ? null : "a record at " + start + " has no end";
                return null;
            }
            int at = (int) (position - blockStart);
            int length = lengthAt(at);
            String bad = check(at, length);
            int type = bad == null ? block.get(at + 6) : 0;
            if (bad == null && (parts == null) != (type == FULL || type == FIRST)) {
                bad = "a part out of order";
            }
            if (bad != null) {
                trouble = bad + " at " + position;
                return null;
            }
            if (type == FULL) {
                return take(start, position, at, length, new ByteArrayOutputStream(length));
            }
            parts = parts == null ? new ByteArrayOutputStream(2 * BLOCK_BYTES) : parts;
            if (type == LAST) {
                return take(start, position, at, length, parts);
            }
            parts.write(block.array(), at + HEADER_BYTES, length);
            position = skipTrailer(position + HEADER_BYTES + length);
        }
    }

    private byte[] take(long start, long position, int at, int length, ByteArrayOutputStream parts) {
        parts.write(block.array(), at + HEADER_BYTES, length);
        recordStart = start;
        goodEnd = position + HEADER_BYTES + length;
        return parts.toByteArray();
    }

    /**
     * Whether any whole part with a right checksum begins behind {@code offset}: then damage there is a hole, no tail.
     */
    boolean anyPartAfter(long offset) throws IOException {
        for (long position = offset + 1; load(position); position++) {
            int at = (int) (position - blockStart);
            if (block.limit() - at < HEADER_BYTES) {
                position = blockStart + BLOCK_BYTES - 1;
            } else if (block.get(at + 6) >= FULL && block.get(at + 6) <= LAST && check(at, lengthAt(at)) == null) {
                return true;
            }
        }
        return false;
    }

    /** Whether only zeros follow {@code offset}. */
    private boolean restIsZero(long offset) throws IOException {
        for (long position = offset; load(position); position = blockStart + BLOCK_BYTES) {
            for (int at = (int) (position - blockStart); at < block.limit(); at++) {
                if (block.get(at) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean zerosFrom(long position) {
        int at = (int) (position - blockStart);
        int end = Math.min(block.limit(), at + HEADER_BYTES);
        while (at < end && block.get(at) == 0) {
            at++;
        }
        return at == end;
    }

    private static long skipTrailer(long position) {
        long left = BLOCK_BYTES - position % BLOCK_BYTES;
        return left < HEADER_BYTES ? position + left : position;
    }

    private int lengthAt(int at) {
        return at + HEADER_BYTES > block.limit() ? 0 : block.getShort(at + 4) & 0xffff;
    }

    private @Nullable String check(int at, int length) {
        if (at + HEADER_BYTES + length > block.limit()) {
            return "a record reaches over the end of its block or file";
        }
        int type = block.get(at + 6);
        if (type < FULL || type > LAST) {
            return "a record of unknown type " + type;
        }
        crc.reset();
        crc.update(block.array(), at + 6, 1 + length);
        return unmask(block.getInt(at)) == (int) crc.getValue() ? null : "a record with a wrong checksum";
    }

    /** The checksum that LevelDB stored in masked form. */
    static int unmask(int masked) {
        return Integer.rotateLeft(masked - 0xa282ead8, 15);
    }

    private boolean load(long position) throws IOException {
        long start = position - position % BLOCK_BYTES;
        if (start != blockStart) {
            int length = 0;
            file.seek(start);
            for (int more = 0; more >= 0 && length < BLOCK_BYTES; length += Math.max(0, more)) {
                more = file.read(block.array(), length, BLOCK_BYTES - length);
            }
            block.limit(length);
            blockStart = start;
        }
        return position - blockStart < block.limit();
    }
}
