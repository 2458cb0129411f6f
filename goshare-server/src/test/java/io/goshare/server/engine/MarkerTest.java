package io.goshare.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkerTest {
    private static final Marker MARKER =
            new Marker(UUID.fromString("0a1b2c3d-0000-4000-8000-00000000000f"), "leveldb", true);

    @TempDir
    Path temp;

    @Test
    void itIsReadAsWritten() throws IOException {
        Path file = temp.resolve("GOSHARE");
        assertThat(Marker.read(file)).isEmpty();

        MARKER.write(file);

        assertThat(Marker.read(file)).hasValue(MARKER);
        assertThat(Files.readString(file))
                .startsWith("goshare 1\ncreated-by GoShare ")
                .contains("\nengine leveldb\nstate ready\nuuid 0a1b2c3d-0000-4000-8000-00000000000f\ncrc32c ");
    }

    @Test
    void everyFlipAndEveryTruncationIsSeen() throws IOException {
        Path file = temp.resolve("GOSHARE");
        MARKER.write(file);
        byte[] whole = Files.readAllBytes(file);
        for (long bit = 0; bit < 8L * whole.length; bit++) {
            Images.flip(file, bit);
            assertUnreadable(file);
            Images.flip(file, bit);
        }
        for (int length = 0; length < whole.length; length++) {
            Images.truncate(file, length);
            assertUnreadable(file);
            Files.write(file, whole);
        }
    }

    private static void assertUnreadable(Path file) {
        assertThatThrownBy(() -> Marker.read(file))
                .isInstanceOfSatisfying(
                        Marker.Unreadable.class,
                        e -> assertThat(e.otherFormat()).isFalse());
    }
}
