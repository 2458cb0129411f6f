package io.goshare.server.engine.leveldb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.server.engine.DurableMark;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.Images;
import io.goshare.server.engine.Inspection;
import io.goshare.server.engine.MemoryTempDir;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of a store as a kill leaves it, with its log cut, torn or holed. Batch i puts two rows, i and i again. */
@Tag("engine:leveldb")
class LogVerifierTest {
    private static final int SYNCED = 300;
    private static final int BATCHES = 900;
    private static final EngineOptions OPTIONS = EngineOptions.DEFAULTS;

    @TempDir(factory = MemoryTempDir.class)
    Path temp;

    private final LevelDbEngineProvider provider = new LevelDbEngineProvider();
    private Path image;

    /** A store killed after 900 batches, 300 of them synced, all in one log. */
    @BeforeEach
    void kill() throws IOException {
        Path live = temp.resolve("live");
        image = temp.resolve("image");
        try (StorageEngine engine = provider.open(live, OPTIONS, true)) {
            for (int i = 0; i < BATCHES; i++) {
                engine.write(batch(i));
                if (i == SYNCED - 1) {
                    engine.sync();
                }
            }
            Images.copy(live, image);
        }
    }

    @AfterEach
    void noSavedFilesPileUp() throws IOException {
        Path saved = image.resolve(LevelDbFiles.SAVED);
        if (Files.exists(saved)) {
            try (var files = Files.list(saved)) {
                assertThat(files.count()).isLessThanOrEqualTo(16);
            }
        }
    }

    private static WriteBatch batch(int i) {
        return new WriteBatch().put(Images.key(i), Images.value(i, 1)).put(Images.key(BATCHES + i), Images.value(i, 2));
    }

    private Path log(Path directory) throws IOException {
        return LevelDbFiles.log(directory, LevelDbFiles.logs(directory).last());
    }

    private static long goodEnd(Path log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            LogReader records = new LogReader(file);
            while (records.next() != null) {}
            return records.goodEnd();
        }
    }

    private long durableEnd() throws IOException {
        return DurableMark.File.peek(image.resolve(LevelDbFiles.MARK))
                .orElseThrow()
                .offset();
    }

    /** Opens a copy and returns how many batches it holds; they must be the first ones, whole. */
    private int prefix(Path directory) {
        try (StorageEngine engine = provider.open(directory, OPTIONS, false)) {
            List<String> rows = Images.rows(engine);
            int batches = rows.size() / 2;
            List<String> expected = new ArrayList<>();
            for (int version = 1; version <= 2; version++) {
                for (int i = 0; i < batches; i++) {
                    byte[] key = Images.key(version == 1 ? i : BATCHES + i);
                    expected.add(new String(key, UTF_8) + "=" + new String(Images.value(i, version), UTF_8));
                }
            }
            assertThat(rows).isEqualTo(expected);
            return batches;
        }
    }

    private Path copy() throws IOException {
        Path copy = temp.resolve("copy");
        Images.deleteTree(copy);
        Images.copy(image, copy);
        return copy;
    }

    private static Reason refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
        Reason[] reason = new Reason[1];
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(EngineException.class, e -> reason[0] = e.reason())
                .hasMessageContainingAll(words);
        return reason[0];
    }

    @Test
    void aKilledStoreOpensWhole() throws IOException {
        assertThat(prefix(copy())).isEqualTo(BATCHES);
    }

    /** C5, every 97th byte. */
    @Test
    void aLogCutAnywhereBehindTheMarkGivesAPrefix() throws IOException {
        long end = goodEnd(log(image));
        int previous = Integer.MAX_VALUE;
        for (long cut = end; cut >= Math.max(durableEnd(), end - (64 << 10)); cut -= 97) {
            Path copy = copy();
            Images.truncate(log(copy), cut);

            int batches = prefix(copy);

            assertThat(batches).isBetween(SYNCED, previous);
            previous = batches;
        }
        assertThat(previous).isLessThan(BATCHES - 200);
    }

    @Test
    void aGarbageTailIsCutOffAndKept() throws IOException {
        Random random = new Random(5);
        long end = goodEnd(log(image));
        for (int run = 0; run < 60; run++) {
            Path copy = copy();
            long cut = durableEnd() + random.nextInt((int) (end - durableEnd()));
            byte[] garbage = new byte[1 + random.nextInt(3000)];
            random.nextBytes(garbage);
            try (RandomAccessFile log = new RandomAccessFile(log(copy).toFile(), "rw")) {
                log.setLength(cut);
                log.seek(cut);
                log.write(garbage);
            }

            assertThat(prefix(copy)).isBetween(SYNCED, BATCHES);
            assertThat(copy.resolve(LevelDbFiles.SAVED)).isNotEmptyDirectory();
        }
    }

    @Test
    void aHoleBehindTheMarkEndsTheLogThere() throws IOException {
        Random random = new Random(6);
        long end = goodEnd(log(image));
        for (int run = 0; run < 40; run++) {
            Path copy = copy();
            long hole = durableEnd() + random.nextInt((int) (end - durableEnd() - 5000));
            try (RandomAccessFile log = new RandomAccessFile(log(copy).toFile(), "rw")) {
                log.seek(hole);
                log.write(new byte[512]);
            }
            try (StorageEngine engine = provider.open(copy, OPTIONS, false)) {
                assertThat(engine.recovery().orElseThrow()).contains("hole behind the durable mark", "cut at");
            }

            assertThat(prefix(copy)).isBetween(SYNCED, BATCHES - 1);
        }
    }

    @Test
    void damageBeforeTheMarkIsRefusedAndChangesNothing() throws IOException {
        Random random = new Random(7);
        for (int run = 0; run < 40; run++) {
            Path copy = copy();
            Path log = log(copy);
            Images.flip(log, 8L * random.nextInt((int) durableEnd()) + random.nextInt(8));
            byte[] before = Files.readAllBytes(log);

            assertThat(refusal(() -> provider.open(copy, OPTIONS, false), log.toString(), "durable"))
                    .isEqualTo(Reason.DAMAGED);

            assertThat(Files.readAllBytes(log)).isEqualTo(before);
        }
        Path cut = copy();
        Images.truncate(log(cut), durableEnd() - 1);
        assertThat(refusal(() -> provider.open(cut, OPTIONS, false), "before its durable end"))
                .isEqualTo(Reason.DAMAGED);
    }

    @Test
    void aTornManifestTailIsCutOff() throws IOException {
        Path copy = copy();
        Path manifest = Manifest.read(copy).file();
        long end = Manifest.read(copy).goodEnd();
        try (RandomAccessFile file = new RandomAccessFile(manifest.toFile(), "rw")) {
            file.setLength(end);
            file.seek(end);
            file.write(new byte[] {1, 2, 3, 4, 90, 0, 1}); // a header whose data was never written
        }

        assertThat(prefix(copy)).isEqualTo(BATCHES);
        assertThat(copy.resolve(LevelDbFiles.SAVED)).isNotEmptyDirectory();
    }

    @Test
    void aFewZerosAtTheEndAreNoDamage() throws IOException {
        for (int zeros = 1; zeros <= 8; zeros++) {
            Path copy = copy();
            Images.truncate(log(copy), goodEnd(log(copy)));
            Images.truncate(log(copy), goodEnd(log(copy)) + zeros);

            assertThat(prefix(copy)).isEqualTo(BATCHES);
        }
    }

    @Test
    void theOfflineCheckTakesATornTailForNoDamageButAHoleAndALostEndForSome() throws IOException {
        long end = goodEnd(log(image));
        Path copy = copy();
        Images.truncate(log(copy), end - 10);
        Inspection torn = new LevelDbInspector(copy).inspect((key, value) -> true);
        assertThat(torn.findings()).isEmpty();
        assertThat(torn.rows()).isEqualTo(2L * (BATCHES - 1));

        Images.flip(log(copy), 8 * (end - 5_000));
        assertThat(new LevelDbInspector(copy).inspect((key, value) -> true).findings())
                .singleElement()
                .asString()
                .contains("rows behind it");

        Images.truncate(log(copy), durableEnd() - 1);
        assertThat(new LevelDbInspector(copy).inspect((key, value) -> true).findings())
                .singleElement()
                .asString()
                .contains("before its durable end");
    }

    @Test
    void aMissingMarkIsRefused() throws IOException {
        Path copy = copy();
        Files.delete(copy.resolve(LevelDbFiles.MARK));

        assertThat(refusal(() -> provider.open(copy, OPTIONS, false), "MARK", "missing"))
                .isEqualTo(Reason.DAMAGED);
    }

    @Test
    void sequenceNumbersTellOfAMissingLog() throws IOException {
        Path directory = temp.resolve("two");
        Path cut = temp.resolve("two-image");
        try (StorageEngine engine = provider.open(directory, OPTIONS.withWriteBufferBytes(64 << 10), true)) {
            engine.suspendCompactions();
            for (int i = 0; LevelDbFiles.logs(directory).size() < 2; i++) {
                engine.write(batch(i));
            }
            engine.write(batch(BATCHES - 1));
            Images.copy(directory, cut);
        }
        Files.delete(LevelDbFiles.log(cut, LevelDbFiles.logs(cut).first()));

        try (StorageEngine engine = provider.open(cut, OPTIONS, false)) {
            assertThat(engine.recovery().orElseThrow()).contains("rows are missing");
            assertThat(Images.rows(engine)).isEmpty();
        }
    }
}
