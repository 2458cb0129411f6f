package io.goshare.server.engine.leveldb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.Images;
import io.goshare.server.engine.MemoryTempDir;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power cuts simulated page by page (C4, engine part): of what was written after the last sync any 4 KiB pages of the
 * logs reached the disk, in any order, and new logs may have lost their names. Tables and manifests LevelDB syncs
 * itself. The store opens by itself, with everything synced and a prefix of the rest.
 */
@Tag("engine:leveldb")
class PowerCutTest {
    private static final int IMAGES = Integer.getInteger("goshare.test.images", 100);
    private static final int PAGE = 4096;
    private static final EngineOptions SMALL = EngineOptions.DEFAULTS.withWriteBufferBytes(64 << 10);

    @TempDir(factory = MemoryTempDir.class)
    Path temp;

    private final LevelDbEngineProvider provider = new LevelDbEngineProvider();

    @Test
    void whatWasSyncedIsThereAndTheRestIsAPrefix() throws IOException {
        long seed = Long.getLong("goshare.test.seed", 4L);
        Random random = new Random(seed);
        int healed = 0;
        int lossless = 0;
        for (int run = 0; run < IMAGES; run++) {
            Path live = temp.resolve("live");
            Path synced = temp.resolve("synced");
            Path cut = temp.resolve("cut");
            List.of(live, synced, cut).forEach(Images::deleteTree);
            int durable = random.nextInt(600);
            int written = durable + 1 + random.nextInt(900);
            try (StorageEngine engine = provider.open(live, SMALL, true)) {
                write(engine, 0, durable);
                engine.sync();
                engine.suspendCompactions(); // nothing moves while it is copied; a rotated log stays
                Images.copy(live, synced);
                // one rotation at most: a second would wait for the suspended thread
                written = writeUntilRotated(engine, live, durable, written);
                Images.copy(live, cut);
            }
            mix(synced, cut, random);

            try (StorageEngine engine = provider.open(cut, SMALL, false)) {
                List<String> rows = Images.rows(engine);
                assertThat(rows.size())
                        .as("seed %d, run %d: synced rows", seed, run)
                        .isBetween(durable, written);
                assertThat(rows).as("seed %d, run %d", seed, run).isEqualTo(expected(rows.size()));
                healed += engine.recovery().isPresent() ? 1 : 0;
                lossless += rows.size() == written ? 1 : 0;
            }
        }
        assertThat(healed).as("images that needed mending").isGreaterThan(IMAGES / 4);
        assertThat(lossless).as("images that lost nothing").isLessThan(IMAGES);
    }

    private static void write(StorageEngine engine, int from, int to) {
        for (int i = from; i < to; i++) {
            engine.write(new WriteBatch().put(Images.key(i), Images.value(i, 1)));
        }
    }

    /** Stops 200 rows after a rotation. Returns the end of what was written. */
    private static int writeUntilRotated(StorageEngine engine, Path live, int from, int to) throws IOException {
        long log = LevelDbFiles.logs(live).last();
        int end = to;
        for (int i = from; i < end; i++) {
            write(engine, i, i + 1);
            if (end == to && LevelDbFiles.logs(live).last() != log) {
                end = Math.min(to, i + 200);
            }
        }
        return end;
    }

    private static List<String> expected(int count) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new String(Images.key(i), UTF_8) + "=" + new String(Images.value(i, 1), UTF_8));
        }
        return rows;
    }

    /** Takes back from the logs in {@code cut} a random part of what is not in {@code synced}. */
    private static void mix(Path synced, Path cut, Random random) throws IOException {
        double kept = random.nextDouble();
        for (long number : LevelDbFiles.logs(cut)) {
            Path after = LevelDbFiles.log(cut, number);
            Path before = LevelDbFiles.log(synced, number);
            if (!Files.exists(before) && random.nextInt(4) == 0) {
                Files.delete(after);
                continue;
            }
            byte[] old = Files.exists(before) ? Files.readAllBytes(before) : new byte[0];
            try (RandomAccessFile file = new RandomAccessFile(after.toFile(), "rw")) {
                for (long at = 0; at < file.length(); at += PAGE) {
                    if (random.nextDouble() >= kept) {
                        file.seek(at);
                        int length = (int) Math.min(PAGE, file.length() - at);
                        file.write(page(old, (int) at, length));
                    }
                }
                if (random.nextInt(3) == 0) {
                    file.setLength(Math.max(old.length, random.nextLong(file.length() + 1)));
                }
            }
        }
    }

    private static byte[] page(byte[] file, int at, int length) {
        return at >= file.length ? new byte[length] : Arrays.copyOfRange(file, at, at + length);
    }
}
