package io.goshare.it.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many tests ran on each combination. In a file, one line each: {@code 12 leveldb http csv}. For one thread. */
final class CombinationCounts {
    private final SortedMap<Combination, Integer> counts = new TreeMap<>();

    void add(Combination combination, int tests) {
        counts.merge(combination, tests, Integer::sum);
    }

    int of(Combination combination) {
        return counts.getOrDefault(combination, 0);
    }

    SortedMap<Combination, Integer> all() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /** Replaces {@code file}. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<Combination, Integer> entry : counts.entrySet()) {
            lines.add(entry.getValue() + " " + entry.getKey().print());
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    /** Adds what {@link #write} wrote. */
    void read(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            int blank = line.indexOf(' ');
            int tests = Integer.parseInt(line.substring(0, blank));
            Combination.parse(line.substring(blank + 1)).forEach(combination -> add(combination, tests));
        }
    }
}
