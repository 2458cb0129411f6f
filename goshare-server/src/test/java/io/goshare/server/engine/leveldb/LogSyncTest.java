package io.goshare.server.engine.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.Images;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
