package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * D1: a file system of 256 MiB that really fills up, for a JVM of its own: a full disk kills the one that writes. Needs
 * root, for the file system lives in a mount namespace of its own; {@link DiskReserveTest} is its twin without.
 */
@Tag("engine:leveldb")
class DiskFullTest {
    private static final int RESERVE = 96 << 20;

    @TempDir
    Path temp;

    @Test
    void aFullDiskEndsWritesNotTheProcess() throws Exception {
        assumeTrue(run("unshare", "-m", "mount", "-t", "tmpfs", "none", temp.toString()).exit == 0, "no root");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "mount -t tmpfs -o size=256m none '" + temp + "' && exec '" + java + "' -Xmx256m -cp '"
                + System.getProperty("java.class.path") + "' '" + Ingest.class.getName() + "' '" + temp + "'";

        Result result = run("unshare", "-m", "sh", "-c", command);

        assertThat(result.exit).as(result.output).isZero();
        assertThat(result.output).contains("refused", "resumed", "all there");
        System.out.println("disk full: " + result.output.strip().replace('\n', ';'));
    }

    private record Result(int exit, String output) {}

    private static Result run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(127, e.toString());
        }
    }

    /** Writes until refused, goes on trying for a while, makes room, writes on; then every acknowledged row is read. */
    static final class Ingest {
        private static final EngineOptions OPTIONS =
                EngineOptions.DEFAULTS.withWriteBufferBytes(4 << 20).withDiskReserveBytes(RESERVE);

        public static void main(String[] args) throws IOException {
            Path root = Path.of(args[0]);
            Path ballast = root.resolve("ballast");
            Files.write(ballast, new byte[80 << 20]);
            int written = 0;
            try (DataDirectory data = DataDirectory.open(root.resolve("data"), new LevelDbEngineProvider())) {
                StorageEngine engine = data.engine("base", OPTIONS, true);
                written = writeUntilRefused(engine, written);
                System.out.println("refused after " + written + " rows, " + usable(root) + " bytes free");
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
                while (System.nanoTime() < end) {
                    written = writeUntilRefused(engine, written);
                    require(engine, new Random(end).nextInt(written));
                    engine.sync();
                }
                Files.delete(ballast);
                long start = System.nanoTime();
                while (!tryWrite(engine, written)) {
                    if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(2)) {
                        throw new AssertionError("writes do not resume");
                    }
                    Thread.onSpinWait();
                }
                written++;
                System.out.println("resumed after " + (System.nanoTime() - start) / 1_000_000 + " ms");
                written = writeUntilRefused(engine, written);
                System.out.println("refused after " + written + " rows, " + usable(root) + " bytes free");
                for (int i = 0; i < written; i++) {
                    require(engine, i);
                }
            }
            try (DataDirectory data = DataDirectory.open(root.resolve("data"), new LevelDbEngineProvider())) {
                StorageEngine engine = data.engine("base", OPTIONS, false);
                for (int i = 0; i < written; i++) {
                    require(engine, i);
                }
            }
            System.out.println("all there");
        }

        private static long usable(Path root) throws IOException {
            return Files.getFileStore(root).getUsableSpace();
        }

        private static int writeUntilRefused(StorageEngine engine, int written) {
            int next = written;
            while (tryWrite(engine, next)) {
                next++;
            }
            return next;
        }

        private static boolean tryWrite(StorageEngine engine, int row) {
            byte[] value = new byte[4096];
            new Random(row).nextBytes(value);
            try {
                engine.write(new WriteBatch().put(key(row), value));
                return true;
            } catch (EngineException e) {
                if (e.reason() != Reason.DISK_LOW) {
                    throw e;
                }
                return false;
            }
        }

        private static void require(StorageEngine engine, int row) {
            byte[] value = new byte[4096];
            new Random(row).nextBytes(value);
            if (!java.util.Arrays.equals(engine.get(key(row)).orElse(null), value)) {
                throw new AssertionError("row " + row + " is lost");
            }
        }

        /** Scattered, so that compactions have work. */
        private static byte[] key(int row) {
            return Images.key(row * 7919 % 1_000_003);
        }
    }
}
