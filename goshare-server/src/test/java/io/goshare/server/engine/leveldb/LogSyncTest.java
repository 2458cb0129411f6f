package io.goshare.server.engine.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.DurableMark;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.Images;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A power cut right after a sync, simulated: of a log that was rotated away only the bytes that were forced survive;
 * the newest log, which LevelDB flushes itself, survives as it is.
 */
@Tag("engine:leveldb")
class LogSyncTest {
    private static final EngineOptions SMALL = EngineOptions.DEFAULTS.withWriteBufferBytes(64 << 10);

    @TempDir
    Path temp;

    private final ConcurrentMap<Path, byte[]> stable = new ConcurrentHashMap<>();

    private final LevelDbEngineProvider provider = new LevelDbEngineProvider(path -> {
        DirectoryFiles.force(path);
        if (Files.isRegularFile(path)) {
            stable.put(path.getFileName(), Files.readAllBytes(path));
        } else {
            stable.put(Path.of("."), new byte[0]);
        }
    });

    @Test
    void everythingWrittenIsThereAfterAPowerCutAlsoInRotatedLogs() throws IOException {
        Path directory = temp.resolve("live");
        Path image = temp.resolve("image");
        int written = 0;
        try (StorageEngine engine = provider.open(directory, SMALL, true)) {
            engine.suspendCompactions(); // so that the rotated log stays
            while (LevelDbFiles.logs(directory).size() < 2) {
                engine.write(new WriteBatch().put(Images.key(written), Images.value(written, 1)));
                written++;
            }
            engine.write(new WriteBatch().put(Images.key(written), Images.value(written, 1)));
            written++;
            stable.clear();

            engine.sync();

            cutPower(directory, image);
        }

        try (StorageEngine engine = provider.open(image, SMALL, false)) {
            assertThat(Images.rows(engine)).hasSize(written);
            assertThat(engine.recovery()).isEmpty();
        }
        assertThat(stable).containsKey(Path.of("."));
    }

    private void cutPower(Path directory, Path image) throws IOException {
        Images.copy(directory, image);
        var logs = LevelDbFiles.logs(directory);
        for (long log : logs) {
            Path file = LevelDbFiles.log(image, log);
            byte[] bytes = stable.get(file.getFileName());
            if (bytes != null) {
                Files.write(file, bytes);
            } else if (log != logs.last()) {
                Files.write(file, new byte[0]);
            }
        }
    }

    /** The library rotates its log in the middle of a sync: the rows before must be forced before the last no-op. */
    @Test
    void aRotationDuringTheSyncIsNoticed() throws IOException {
        Path directory = temp.resolve("live");
        provider.open(directory, SMALL, true).close();
        long oldest = LevelDbFiles.logs(directory).last();
        Path rotated = LevelDbFiles.log(directory, oldest);
        Path newest = LevelDbFiles.log(directory, oldest + 1);
        List<String> order = new ArrayList<>();
        try (LogSync sync = new LogSync(
                directory,
                path -> order.add("force " + path.getFileName()),
                DurableMark.File.open(directory.resolve(LevelDbFiles.MARK)).orElseThrow())) {
            sync.sync(() -> append(rotated, 1, 0));
            assertThat(order).startsWith("force live");
            order.clear();
            append(rotated, 1, 5);

            sync.sync(() -> {
                boolean first = !order.contains("no-op");
                order.add("no-op");
                append(newest, 6, first ? 3 : 0); // the first is merged with another thread's rows
            });
        }

        assertThat(order).containsExactly("no-op", "force " + rotated.getFileName(), "force live", "no-op");
        assertThat(DurableMark.File.peek(directory.resolve(LevelDbFiles.MARK)).orElseThrow())
                .satisfies(mark -> {
                    assertThat(mark.log()).isEqualTo(oldest + 1);
                    assertThat(mark.offset()).isEqualTo(19);
                    assertThat(mark.sequence()).isEqualTo(8);
                });
    }

    /** Appends a batch of {@code count} rows, whose bytes do not matter here, as LevelDB would. */
    private static void append(Path log, long sequence, int count) {
        ByteBuffer record = ByteBuffer.allocate(19).order(ByteOrder.LITTLE_ENDIAN);
        record.position(4).putShort((short) 12).put((byte) 1).putLong(sequence).putInt(count);
        CRC32C crc = new CRC32C();
        crc.update(record.array(), 6, 13);
        int value = (int) crc.getValue();
        record.putInt(0, Integer.rotateRight(value, 15) + 0xa282ead8);
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            LogReader records = new LogReader(file);
            while (records.next() != null) {}
            file.seek(records.goodEnd());
            file.write(record.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFailedForceEndsWritingUntilReopened() throws IOException {
        boolean[] fail = new boolean[1];
        LevelDbEngineProvider failing = new LevelDbEngineProvider(path -> {
            if (fail[0]) {
                throw new IOException("Input/output error");
            }
            DirectoryFiles.force(path);
        });
        Path directory = temp.resolve("live");
        try (StorageEngine engine = failing.open(directory, SMALL, true)) {
            engine.suspendCompactions();
            engine.write(new WriteBatch().put(Images.key(1), Images.value(1, 1)));
            fail[0] = true;

            assertThatThrownBy(engine::sync)
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("Input/output error");
            assertThatThrownBy(() -> engine.write(new WriteBatch().put(Images.key(2), Images.value(2, 1))))
                    .hasMessageContaining("open it again");
            assertThatThrownBy(engine::sync).hasMessageContaining("open it again");
            assertThat(engine.get(Images.key(1))).isPresent();
        }
        fail[0] = false;

        try (StorageEngine engine = failing.open(directory, SMALL, false)) {
            engine.write(new WriteBatch().put(Images.key(2), Images.value(2, 1)));
            engine.sync();
            assertThat(Images.rows(engine)).hasSize(2);
        }
    }
}
