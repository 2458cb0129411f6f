package io.goshare.server.engine;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How far a store is known to be on stable storage: what is damaged before it was lost by the disk, what is missing
 * behind it by a power cut. Fields an engine does not use are 0.
 *
 * @param log number of the log file
 * @param offset end of the durable part of that log
 * @param sequence number of the last durable row
 * @param manifest number of the manifest file
 * @param manifestEnd end of the durable part of that manifest
 */
public record DurableMark(long log, long offset, long sequence, long manifest, long manifestEnd) {
    /** Of a store just made. */
    public static final DurableMark NONE = new DurableMark(0, 0, 0, 0, 0);

    /**
     * The mark's file: two slots written in turn, so that a torn write leaves the other. For one thread.
     *
     * <pre>
     *   slot 0 at 0, slot 1 at 4096; each, big-endian:
     *     magic "GSDM"   4 bytes
     *     turn           8 bytes   the higher is the newer
     *     log, offset, sequence, manifest, manifest end   8 bytes each
     *     crc32c         4 bytes   of all before
     * </pre>
     */
    public static final class File implements AutoCloseable {
        private static final int MAGIC = 0x4753444d;
        private static final int SLOT_BYTES = 56;
        private static final int SLOT_DISTANCE = 4096;

        private final RandomAccessFile file; // no channel, for an interrupt would close it
        private long turn;
        private DurableMark mark = NONE;

        private File(RandomAccessFile file) {
            this.file = file;
        }

        /** Makes the file with {@link #NONE} in it, on stable storage but for its directory. */
        public static void create(Path path) throws IOException {
            DirectoryFiles.create(path).close();
            try (File file = new File(new RandomAccessFile(path.toFile(), "rw"))) {
                file.write(NONE);
                file.write(NONE);
                file.force();
            }
        }

        /** Opens the file; empty if neither slot is whole. @throws java.io.FileNotFoundException if it is missing */
        public static Optional<File> open(Path path) throws IOException {
            if (!Files.exists(path)) {
                throw new FileNotFoundException(path.toString());
            }
            File file = new File(new RandomAccessFile(path.toFile(), "rw"));
            if (file.load()) {
                return Optional.of(file);
            }
            file.close();
            return Optional.empty();
        }

        /** The mark in the file at {@code path}, which is not changed. */
        public static Optional<DurableMark> peek(Path path) throws IOException {
            try (File file = new File(new RandomAccessFile(path.toFile(), "r"))) {
                return file.load() ? Optional.of(file.mark) : Optional.empty();
            }
        }

        /** The mark read or written last. */
        public DurableMark mark() {
            return mark;
        }

        /** Writes a mark over the older slot; {@link #force} makes it durable. What it tells of must be so already. */
        public void write(DurableMark next) throws IOException {
            turn++;
            ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES)
                    .putInt(MAGIC)
                    .putLong(turn)
                    .putLong(next.log)
                    .putLong(next.offset)
                    .putLong(next.sequence)
                    .putLong(next.manifest)
                    .putLong(next.manifestEnd);
            slot.putInt(crc(slot));
            file.seek(turn % 2 * SLOT_DISTANCE);
            file.write(slot.array());
            mark = next;
        }

        public void force() throws IOException {
            file.getFD().sync();
        }

        private boolean load() throws IOException {
            turn = -1;
            for (int slot = 0; slot < 2; slot++) {
                ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
                long start = (long) slot * SLOT_DISTANCE;
                if (file.length() >= start + SLOT_BYTES) {
                    file.seek(start);
                    file.readFully(bytes.array());
                    take(bytes);
                }
            }
            return turn >= 0;
        }

        private void take(ByteBuffer slot) {
            if (slot.getInt(0) != MAGIC || slot.getInt(SLOT_BYTES - 4) != crc(slot) || slot.getLong(4) <= turn) {
                return;
            }
            turn = slot.getLong(4);
            mark = new DurableMark(
                    slot.getLong(12), slot.getLong(20), slot.getLong(28), slot.getLong(36), slot.getLong(44));
        }

        private static int crc(ByteBuffer slot) {
            CRC32C crc = new CRC32C();
            crc.update(slot.duplicate().position(0).limit(SLOT_BYTES - 4));
            return (int) crc.getValue();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
