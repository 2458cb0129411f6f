package io.goshare.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.server.engine.Damage.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** K1 and K2: whatever happens to a file of a closed directory ends as refusal, error or right answer. */
abstract class DamageContract {
    @TempDir(factory = MemoryTempDir.class)
    Path temp;

    private final EngineProvider provider;
    private final Damage damage;
    private Path image;

    DamageContract(EngineProvider provider) {
        this.provider = provider;
        this.damage = new Damage(provider);
    }

    /** Bits flipped; nightly runs set the property {@code goshare.test.flips}. */
    int flips() {
        return Integer.getInteger("goshare.test.flips", 300);
    }

    @BeforeEach
    void make() {
        image = temp.resolve("image");
        damage.make(image);
    }

    private Path copy() throws IOException {
        Path copy = temp.resolve("copy");
        Images.deleteTree(copy);
        Images.copy(image, copy);
        return copy;
    }

    @Test
    void theWholeImageIsRight() throws IOException {
        List<String> messages = new ArrayList<>();

        assertThat(damage.judge(copy(), messages)).as("%s", messages).isEqualTo(Outcome.RIGHT);
    }

    /** K1. */
    @Test
    void aFlippedBitIsNeverAWrongAnswer() throws IOException {
        long seed = Long.getLong("goshare.test.seed", 1L);
        Random random = new Random(seed);
        List<Path> files = Images.files(image);
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (int run = 0; run < flips(); run++) {
            Path copy = copy();
            Path file = files.get(run % files.size());
            if (Files.size(file) == 0) {
                continue;
            }
            long bit = random.nextLong(8 * Files.size(file));
            Path flipped = copy.resolve(image.relativize(file).toString());
            Images.flip(flipped, bit);
            List<String> messages = new ArrayList<>();

            Outcome outcome = damage.judge(copy, messages);

            assertThat(outcome)
                    .as(
                            "seed %d, run %d: bit %d of %s (%d bytes): %s",
                            seed, run, bit, flipped, Files.size(file), messages)
                    .isNotEqualTo(Outcome.WRONG);
            outcomes.merge(outcome, 1, Integer::sum);
        }
        System.out.println(provider.name() + ": flipped bits of " + files.size() + " files: " + outcomes);
        assertThat(outcomes).containsKeys(Outcome.REFUSED, Outcome.RIGHT);
    }

    /** K2: each file missing, empty, cut in half, swapped with its like in the other store, or old. */
    @Test
    void aFileThatIsNotItselfIsNeverASilentLoss() throws IOException {
        List<Path> files = Images.files(image);
        Path old = temp.resolve("old");
        Images.copy(image, old);
        age();
        int cases = 0;
        for (Path file : Images.files(image)) {
            for (String what : List.of("missing", "empty", "half", "old", "foreign")) {
                Path copy = copy();
                Path changed = copy.resolve(image.relativize(file).toString());
                Path twin =
                        what.equals("old") ? old.resolve(image.relativize(file).toString()) : twin(copy, changed);
                switch (what) {
                    case "missing" -> Files.delete(changed);
                    case "empty" -> Images.truncate(changed, 0);
                    case "half" -> Images.truncate(changed, Files.size(changed) / 2);
                    default -> {
                        if (!Files.exists(twin)) {
                            continue;
                        }
                        Files.copy(twin, changed, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
                List<String> messages = new ArrayList<>();

                Outcome outcome = damage.judge(copy, messages);

                cases++;
                assertThat(outcome).as("%s %s: %s", changed, what, messages).isNotEqualTo(Outcome.WRONG);
                if (what.equals("missing") && !harmless(changed)) {
                    assertThat(outcome).as("%s %s", changed, what).isNotEqualTo(Outcome.RIGHT);
                }
            }
        }
        assertThat(files).isNotEmpty();
        assertThat(cases).isGreaterThan(30);
    }

    /** Whether the engine can do without this file. */
    boolean harmless(Path file) {
        return false;
    }

    /** The same file of the other store. */
    private static Path twin(Path root, Path file) {
        String relative = root.relativize(file).toString();
        return root.resolve(
                relative.startsWith(DataDirectory.BASE)
                        ? relative.replaceFirst(DataDirectory.BASE, Damage.PERIOD)
                        : relative.replaceFirst(Damage.PERIOD, DataDirectory.BASE));
    }

    /** Writes on, so that what was copied before is old. */
    private void age() {
        damage.writeOn(image);
    }

    /** K3: a repair keeps every row that can be read, tells of the rest, and leaves the source alone. */
    @Test
    void aRepairKeepsWhatCanBeReadAndTellsOfTheRest() throws IOException {
        assertThat(OfflineCheck.verify(image, provider).sound()).isTrue();
        Random random = new Random(3);
        List<Path> files = Images.files(image);
        for (int run = 0; run < 20; run++) {
            Path copy = copy();
            Path file = copy.resolve(
                    image.relativize(files.get(random.nextInt(files.size()))).toString());
            if (Files.size(file) == 0) {
                continue;
            }
            Images.flip(file, random.nextLong(8 * Files.size(file)));
            byte[] before = Files.readAllBytes(file);
            Path repaired = temp.resolve("repaired-" + run);

            OfflineCheck.Report found = OfflineCheck.verify(copy, provider);
            OfflineCheck.Report report = OfflineCheck.repair(copy, repaired, provider);

            assertThat(Files.readAllBytes(file)).isEqualTo(before);
            long kept =
                    report.stores().stream().mapToLong(OfflineCheck.Store::rows).sum();
            long lost =
                    report.stores().stream().mapToLong(OfflineCheck.Store::lost).sum();
            assertThat(report.stores().toString()).isEqualTo(found.stores().toString());
            if (kept < damage.rows()) {
                assertThat(report.sound()).as("%s: kept %d", file, kept).isFalse();
                assertThat(lost).as("%s", file).isPositive();
            }
            if (report.sound()) {
                assertThat(kept).isEqualTo(damage.rows());
            }
            assertThat(OfflineCheck.verify(repaired, provider).stores().stream()
                            .mapToLong(OfflineCheck.Store::rows)
                            .sum())
                    .isEqualTo(kept);
        }
    }
}
