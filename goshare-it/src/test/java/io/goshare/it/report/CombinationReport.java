package io.goshare.it.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The last step of {@code mvn verify}: prints how many tests ran on each combination of engine, door and encoding, and
 * fails the build when one that {@code expected-combinations.txt} names ran on none. A run of chosen tests
 * ({@code -Dtest}, {@code -Dit.test}, {@code -Dgroups}, {@code -DskipTests}, {@code -DskipITs}) is only printed.
 */
public final class CombinationReport {
    private static final String EXPECTED = "expected-combinations.txt";
    private static final List<String> CHOICES =
            List.of("test", "it.test", "groups", "excludedGroups", "skipTests", "skipITs");

    private CombinationReport() {}

    /** Takes the directory of the files that {@link CombinationListener} wrote. */
    public static void main(String[] args) throws IOException {
        CombinationCounts counts = counted(Path.of(args[0]));
        List<Combination> expected = expected();
        List<Combination> missing =
                expected.stream().filter(one -> counts.of(one) == 0).toList();

        print(counts, expected.size() - missing.size(), expected.size());
        if (!missing.isEmpty() && !isChoice()) {
            throw new IllegalStateException(EXPECTED + " names what no test ran on: "
                    + missing.stream().map(Combination::print).collect(Collectors.joining("; ")));
        }
    }

    private static boolean isChoice() {
        return CHOICES.stream().anyMatch(name -> System.getProperty(name) != null);
    }

    private static CombinationCounts counted(Path directory) throws IOException {
        CombinationCounts counts = new CombinationCounts();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.txt")) {
                for (Path file : files) {
                    counts.read(file);
                }
            }
        }
        return counts;
    }

    private static List<Combination> expected() throws IOException {
        try (InputStream in = CombinationReport.class.getResourceAsStream(EXPECTED)) {
            String text = new String(requireNonNull(in, EXPECTED).readAllBytes(), UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .flatMap(line -> Combination.parse(line).stream())
                    .toList();
        }
    }

    private static void print(CombinationCounts counts, int ran, int expected) {
        String row = "%-10s %-10s %-12s %7s%n";
        System.out.printf("%n" + row, "engine", "door", "encoding", "tests");
        counts.all().forEach((on, tests) -> System.out.printf(row, on.engine(), on.door(), on.encoding(), tests));
        System.out.printf("%d of %d expected combinations ran%n%n", ran, expected);
    }
}
