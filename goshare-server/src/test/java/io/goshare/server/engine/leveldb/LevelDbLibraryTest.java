package io.goshare.server.engine.leveldb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.StorageEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Loading happens once per process, so each case has one of its own. */
@Tag("engine:leveldb")
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class LevelDbLibraryTest {
    @TempDir
    Path temp;

    @Test
    void itIsUnpackedBesideTheStoreAndRemoved() throws Exception {
        Files.createDirectories(temp.resolve("data/native-123"));

        String said = open();

        assertThat(said)
                .contains("mapped " + temp.resolve("data/native-"), "(deleted)")
                .doesNotContain("failed");
        assertThat(DirectoryFiles.names(temp.resolve("data"))).containsExactly("store");
        assertThat(DirectoryFiles.names(temp.resolve("tmp"))).isEmpty();
    }

    @Test
    void aPlacedLibraryIsUsedAsItIs() throws Exception {
        Path placed = Files.createDirectory(temp.resolve("placed"));
        try (InputStream library =
                getClass().getClassLoader().getResourceAsStream("META-INF/native/linux64/libleveldbjni.so")) {
            Files.write(placed.resolve("libleveldbjni.so"), library.readAllBytes());
        }

        assertThat(open("-Dlibrary.leveldbjni.path=" + placed)).contains("mapped " + placed);
        assertThat(open("-Djava.library.path=" + placed)).contains("mapped " + placed);
        assertThat(placed.resolve("libleveldbjni.so")).exists();
    }

    @Test
    void aLibraryThatCannotBeLoadedIsAClearError() throws Exception {
        Path placed = Files.createDirectory(temp.resolve("placed"));
        Files.writeString(placed.resolve("libleveldbjni.so"), "no library");

        String said = open("-Dlibrary.leveldbjni.path=" + placed, "-Djava.io.tmpdir=/nowhere");

        assertThat(said).contains("failed").contains("-Dlibrary.leveldbjni.path=DIR");
    }

    private String open(String... flags) throws IOException, InterruptedException {
        Files.createDirectories(temp.resolve("data"));
        Files.createDirectories(temp.resolve("tmp"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temp.resolve("tmp")));
        command.addAll(List.of(flags));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Opener.class.getName(),
                temp.resolve("data/store").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        DirectoryFiles.deleteTree(temp.resolve("data/store"));
        Files.createDirectories(temp.resolve("data/store"));
        return said;
    }

    /** Opens a store and tells where its library was mapped from. */
    static final class Opener {
        public static void main(String[] args) throws IOException {
            try (StorageEngine engine =
                    new LevelDbEngineProvider().open(Path.of(args[0]), EngineOptions.DEFAULTS, true)) {
                engine.sync();
                for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                    if (line.contains("libleveldbjni")) {
                        System.out.println("mapped " + line.substring(line.indexOf('/')));
                    }
                }
            } catch (EngineException e) {
                System.out.println("failed: " + e.getMessage());
            }
        }
    }
}
