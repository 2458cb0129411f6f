package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Copies of data directories, for tests that damage them. */
public final class Images {
    private Images() {}

    /** Copies a directory, also one in use: files that vanish meanwhile are left out. */
    public static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            try {
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            } catch (NoSuchFileException e) {
                assertThat(file).doesNotExist();
            }
        }
    }

    /** All files below a directory, sorted, but for those that hold no data. */
    public static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("LOCK")
                            && !file.getFileName().toString().startsWith("LOG"))
                    .sorted()
                    .toList();
        }
    }

    public static void flip(Path file, long bit) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bit / 8);
            int old = bytes.read();
            bytes.seek(bit / 8);
            bytes.write(old ^ 1 << bit % 8);
        }
    }

    public static void truncate(Path file, long bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(bytes);
        }
    }

    public static byte[] key(int i) {
        return String.format("key%06d", i).getBytes(UTF_8);
    }

    /** A value that tells its key and version, long enough to fill blocks, half of it compressible. */
    public static byte[] value(int i, int version) {
        return (i + "/" + version + "/" + "x".repeat(40) + Long.toHexString(i * 0x9e3779b97f4a7c15L)).getBytes(UTF_8);
    }

    /** The rows of an engine, as {@code key=value}. */
    public static List<String> rows(StorageEngine engine) {
        List<String> rows = new ArrayList<>();
        engine.scan(
                null,
                new byte[0],
                null,
                (key, value) -> rows.add(new String(key, UTF_8) + "=" + new String(value, UTF_8)));
        return rows;
    }

    public static void deleteTree(Path directory) {
        try {
            DirectoryFiles.deleteTree(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
