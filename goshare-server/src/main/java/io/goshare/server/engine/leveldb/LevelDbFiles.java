package io.goshare.server.engine.leveldb;

import io.goshare.server.engine.DirectoryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Names of the files of one LevelDB store.
 *
 * <pre>
 *   CURRENT  MANIFEST-n  n.log  n.sst  LOCK  LOG  LOG.old   LevelDB's own
 *   MARK                                                    {@link io.goshare.server.engine.DurableMark}
 *   saved/                                                  bytes that the log verifier cut off
 * </pre>
 */
final class LevelDbFiles {
    static final String MARK = "MARK";
    static final String SAVED = "saved";

    private LevelDbFiles() {}

    static Path log(Path directory, long number) {
        return directory.resolve(String.format("%06d.log", number));
    }

    static Path table(Path directory, long number) {
        return directory.resolve(String.format("%06d.sst", number));
    }

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve("CURRENT"));
    }

    static NavigableSet<Long> logs(Path directory) throws IOException {
        return numbers(directory, ".log");
    }

    static NavigableSet<Long> tables(Path directory) throws IOException {
        return numbers(directory, ".sst");
    }

    private static NavigableSet<Long> numbers(Path directory, String ending) throws IOException {
        NavigableSet<Long> numbers = new TreeSet<>();
        for (String name : DirectoryFiles.names(directory)) {
            String number = name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : "";
            if (!number.isEmpty() && number.length() < 19 && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                numbers.add(Long.parseLong(number));
            }
        }
        return numbers;
    }
}
