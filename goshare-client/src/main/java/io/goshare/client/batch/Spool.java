package io.goshare.client.batch;

import io.goshare.client.error.ConfigurationException;
import io.goshare.protocol.Format;
import io.goshare.protocol.format.Formats;
import io.goshare.protocol.format.PointOptions;
import io.goshare.protocol.format.WriteOptions;
import io.goshare.protocol.model.PointBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches on disk until they are acknowledged. A file stands there whole or not at all: it is written under another
 * name, synced and renamed. A directory has one writer at a time. For one thread at a time.
 *
 * <pre>
 *   file   NUMBER.batch, twenty digits: the order of sending
 *   bytes  "GSB1"  CRC-32C of all behind it (4, big-endian)  body (columns)
 * </pre>
 *
 * A file that is damaged is renamed to {@code ….damaged} and passed over.
 */
final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int MAGIC = 0x47534231;
    private static final int HEAD = 8;

    private final Path directory;
    private final FileChannel lockFile;
    private long next;

    private Spool(Path directory, FileChannel lockFile, long next) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.next = next;
    }

    /** @throws ConfigurationException if the directory cannot be used, or another writer uses it */
    static Spool open(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel lockFile =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(lockFile)) {
                lockFile.close();
                throw new ConfigurationException(null, "the spool " + directory + " is in use by another writer");
            }
            long last = files(directory).stream().mapToLong(Spool::number).max().orElse(0);
            return new Spool(directory, lockFile, last + 1);
        } catch (IOException e) {
            throw new ConfigurationException(null, "the spool " + directory + " cannot be used: " + e, e);
        }
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]{20}\\.batch"))
                    .sorted()
                    .toList();
        }
    }

    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(0, 20));
    }

    /** The batches that an earlier writer left, in order. */
    List<Batch> left() {
        try {
            List<Batch> batches = new ArrayList<>();
            for (Path file : files(directory)) {
                read(file).ifPresent(batches::add);
            }
            return batches;
        } catch (IOException e) {
            throw new UncheckedIOException("the spool " + directory + " cannot be read", e);
        }
    }

    private static Optional<Batch> read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (bytes.length >= HEAD && in.getInt() == MAGIC && in.getInt() == crc(bytes)) {
                PointBatch points = Formats.readPoints(
                        Format.COLUMNS,
                        bytes,
                        in.position(),
                        in.remaining(),
                        PointOptions.DEFAULT.withMaxPoints(Integer.MAX_VALUE));
                return Optional.of(new Batch(points, Optional.of(file)));
            }
        } catch (RuntimeException e) {
            LOG.debug("{} is damaged", file, e);
        }
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        LOG.error("{} is damaged; it is passed over and kept as {}", file, aside);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        return Optional.empty();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 8, bytes.length - 8);
        return (int) crc.getValue();
    }

    /** Stores a batch; it is there after a crash once this returns. */
    Path store(PointBatch points) {
        byte[] body = Formats.writePoints(points, Format.COLUMNS, WriteOptions.COLUMNS);
        ByteBuffer out = ByteBuffer.allocate(HEAD + body.length);
        out.putInt(MAGIC).putInt(0).put(body).flip();
        out.putInt(4, crc(out.array()));
        String name = String.format("%020d.batch", next++);
        Path whole = directory.resolve(name);
        Path part = directory.resolve(name + ".part");
        try {
            try (FileChannel file = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                while (out.hasRemaining()) {
                    file.write(out);
                }
                file.force(true);
            }
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
                entry.force(true);
            }
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException("the spool " + directory + " takes no more", e);
        }
    }

    /** The batch of {@code file} is done with. */
    void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the spool " + directory + " cannot be cleared", e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            LOG.debug("the lock of {} closed badly", directory, e);
        }
    }
}
