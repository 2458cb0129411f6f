package io.goshare.server.engine.leveldb;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A LevelDB table file, read in Java: every block's checksum is verified, and no byte is mapped, so that damage is an
 * exception. For one thread.
 *
 * <pre>
 *   data blocks   rows in order of key, each block with its trailer: packing (0 none, 1 Snappy), 1 byte;
 *                 masked CRC32C of block and packing, 4 bytes little-endian
 *   index block   one row per data block: a key at or behind its last, its offset and length as varints
 *   footer        48 bytes: handles of the meta index and the index as varints, zeros, magic, little-endian
 *
 *   block         rows: bytes shared with the key before, bytes not shared, bytes of the value (varints), then the two
 *                 parts; offsets of restarts, 4 bytes each; their number, 4 bytes
 *   key           user key; sequence and kind (1 value, 0 deletion), 8 bytes little-endian
 * </pre>
 */
final class TableFile implements AutoCloseable {
    private static final int FOOTER_BYTES = 48;
    private static final int TRAILER_BYTES = 5;
    private static final long MAGIC = 0xdb4775248b80fb57L;

    /** Where a data block lies. */
    record Handle(long offset, int length) {}

    /** A row as stored; {@code key} is LevelDB's. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(byte[] key, byte[] value) {}

    private final Path path;
    private final FileChannel file;
    private final List<Handle> blocks = new ArrayList<>();

    private TableFile(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Opens a table of {@code bytes} bytes (the file may be longer) and reads its index. @throws DamagedFile */
    static TableFile open(Path path, long bytes) throws IOException {
        FileChannel file;
        try {
            file = FileChannel.open(path);
        } catch (NoSuchFileException e) {
            throw new DamagedFile(path, "is missing");
        }
        TableFile table = new TableFile(path, file);
        try {
            table.readIndex(bytes);
            return table;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    List<Handle> blocks() {
        return blocks;
    }

    private void readIndex(long bytes) throws IOException {
        if (file.size() < bytes || bytes < FOOTER_BYTES) {
            throw new DamagedFile(path, "has " + file.size() + " bytes instead of " + bytes);
        }
        ByteBuffer footer = read(bytes - FOOTER_BYTES, FOOTER_BYTES);
        if (footer.getLong(FOOTER_BYTES - 8) != MAGIC) {
            throw new DamagedFile(path, "does not end as a table");
        }
        try {
            handle(footer, bytes);
            for (Row row : rows(handle(footer, bytes))) {
                blocks.add(handle(ByteBuffer.wrap(row.value), bytes));
            }
        } catch (BufferUnderflowException e) {
            throw new DamagedFile(path, "has a broken index");
        }
    }

    private Handle handle(ByteBuffer in, long bytes) throws DamagedFile {
        long offset = Varint.read(in);
        long length = Varint.read(in);
        if (offset < 0 || length < 4 || offset > bytes || length > bytes - offset) {
            throw new DamagedFile(path, "points outside of itself");
        }
        return new Handle(offset, (int) length);
    }

    /** The rows of one block. @throws DamagedFile if the block is not as written */
    List<Row> rows(Handle block) throws IOException {
        ByteBuffer stored = read(block.offset, block.length + TRAILER_BYTES);
        CRC32C crc = new CRC32C();
        crc.update(stored.duplicate().limit(block.length + 1));
        if (LogReader.unmask(stored.getInt(block.length + 1)) != (int) crc.getValue()) {
            throw new DamagedFile(path, "has a block with a wrong checksum at " + block.offset);
        }
        byte packing = stored.get(block.length);
        stored.limit(block.length);
        ByteBuffer rows = packing == 0 ? stored : ByteBuffer.wrap(Snappy.unpack(stored));
        try {
            return parse(rows.order(ByteOrder.LITTLE_ENDIAN));
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new DamagedFile(path, "has a block that is no list of rows at " + block.offset);
        }
    }

    private static List<Row> parse(ByteBuffer block) {
        int restarts = block.getInt(block.limit() - 4);
        block.limit(block.limit() - 4 - 4 * restarts);
        List<Row> rows = new ArrayList<>();
        byte[] key = new byte[0];
        while (block.hasRemaining()) {
            int shared = (int) Varint.read(block);
            int own = (int) Varint.read(block);
            byte[] value = new byte[checked(Varint.read(block), block)];
            byte[] next = Arrays.copyOf(key, checked(shared, key.length) + checked(own, block));
            block.get(next, shared, own);
            block.get(value);
            key = next;
            rows.add(new Row(key, value));
        }
        return rows;
    }

    private static int checked(long length, ByteBuffer in) {
        return checked(length, in.remaining());
    }

    private static int checked(long length, int limit) {
        if (length < 0 || length > limit) {
            throw new BufferUnderflowException();
        }
        return (int) length;
    }

    private ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new DamagedFile(path, "ends before " + (offset + length));
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
