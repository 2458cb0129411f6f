package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D3: hosts that refuse what a data directory needs, for a JVM of its own. Needs root, to make such hosts. */
@Tag("engine:leveldb")
class HostileHostTest {
    @TempDir
    Path temp;

    @BeforeEach
    void needsRoot() throws Exception {
        assumeTrue(shell("mount -t tmpfs none '" + temp + "'").startsWith("exit 0"), "no root");
    }

    private String shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("unshare", "-m", "sh", "-c", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return "exit " + process.waitFor() + "\n" + output;
    }

    /** Runs {@code script}, then opens a data directory in a new JVM, with {@code prefix} before its command. */
    private String open(String script, String prefix) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return shell(script + " && exec " + prefix + " '" + java + "' -XX:+PerfDisableSharedMem -cp '"
                + System.getProperty("java.class.path") + "' '" + Opener.class.getName() + "' '" + temp + "/data'");
    }

    @Test
    void aReadOnlyFileSystem() throws Exception {
        String said = open("mount -t tmpfs -o ro none '" + temp + "'", "");

        assertThat(said).contains("exit 3", "PERMISSION", temp + "/data").contains("left []");
    }

    @Test
    void aDirectoryOfAnotherUser() throws Exception {
        assumeTrue(shell("command -v setpriv").startsWith("exit 0"), "no setpriv");
        String said = open(
                "mount -t tmpfs -o mode=755,uid=65534 none '" + temp + "'",
                "setpriv --bounding-set -dac_override,-dac_read_search"); // root, but without root's way past modes

        assertThat(said).contains("exit 3", "PERMISSION", temp + "/data").contains("left []");
    }

    @Test
    void noInodeLeft() throws Exception {
        for (int inodes = 2; inodes <= 6; inodes++) {
            String said = open("mount -t tmpfs -o nr_inodes=" + inodes + " none '" + temp + "'", "");

            assertThat(said).contains("exit 3", "FAILED", "No space left on device");
        }
    }

    @Test
    void fewFileHandles() throws Exception {
        String said = open("mount -t tmpfs none '" + temp + "' && ulimit -n 256", "");

        assertThat(said).contains("exit 0", "opened");
    }

    /** Opens a data directory, fills it a little, and tells what came of it. */
    static final class Opener {
        public static void main(String[] args) throws IOException {
            Path path = Path.of(args[0]);
            EngineOptions small = EngineOptions.DEFAULTS.withWriteBufferBytes(64 << 10);
            try (DataDirectory data = DataDirectory.open(path, new LevelDbEngineProvider())) {
                StorageEngine engine = data.engine("base", small, true);
                for (int i = 0; i < 50_000; i++) {
                    engine.write(new WriteBatch().put(Images.key(i), Images.value(i, 1)));
                }
                engine.sync();
                if (Images.rows(engine).size() != 50_000) {
                    throw new AssertionError("rows are lost");
                }
                System.out.println("opened");
            } catch (EngineException e) {
                System.out.println(e.reason() + ": " + e.getMessage());
                System.out.println("left " + (Files.exists(path) ? DirectoryFiles.names(path) : "[]"));
                System.exit(3);
            }
        }
    }
}
