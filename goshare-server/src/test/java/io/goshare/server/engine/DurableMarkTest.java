package io.goshare.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableMarkTest {
    private static final DurableMark OLDER = new DurableMark(7, 1_000, 42, 5, 200);
    private static final DurableMark NEWER = new DurableMark(9, 10, 77, 5, 300);

    @TempDir
    Path temp;

    private Path path;

    @BeforeEach
    void write() throws IOException {
        path = temp.resolve("MARK");
        DurableMark.File.create(path);
        try (DurableMark.File file = DurableMark.File.open(path).orElseThrow()) {
            assertThat(file.mark()).isEqualTo(DurableMark.NONE);
            file.write(OLDER);
            file.write(NEWER);
        }
    }

    @Test
    void theNewerSlotCounts() throws IOException {
        assertThat(DurableMark.File.peek(path)).hasValue(NEWER);
    }

    @Test
    void aFlippedBitAnywhereLeavesTheOlderMark() throws IOException {
        for (long bit = 0; bit < 8 * Files.size(path); bit++) {
            Images.flip(path, bit);
            assertThat(DurableMark.File.peek(path).orElseThrow()).isIn(OLDER, NEWER);
            Images.flip(path, bit);
        }
        assertThat(DurableMark.File.peek(path)).hasValue(NEWER);
    }

    @Test
    void aTornWriteLeavesTheOneBefore() throws IOException {
        byte[] before = Files.readAllBytes(path);
        DurableMark next = new DurableMark(11, 12, 99, 6, 1);
        try (DurableMark.File file = DurableMark.File.open(path).orElseThrow()) {
            file.write(next);
        }
        byte[] after = Files.readAllBytes(path);
        int torn = 0;
        for (int written = 0; written <= after.length; written++) {
            byte[] bytes = before.clone();
            System.arraycopy(after, 0, bytes, 0, Math.min(written, bytes.length));
            Files.write(path, bytes);
            DurableMark seen = DurableMark.File.peek(path).orElseThrow();
            assertThat(seen).isIn(NEWER, next);
            torn += seen.equals(NEWER) ? 1 : 0;
        }
        assertThat(torn).isGreaterThan(40);
    }

    @Test
    void withoutAWholeSlotThereIsNoMark() throws IOException {
        Files.write(path, new byte[5_000]);
        assertThat(DurableMark.File.open(path)).isEmpty();
        Files.write(path, new byte[0]);
        assertThat(DurableMark.File.peek(path)).isEmpty();
    }
}
