package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import io.goshare.server.engine.rocksdb.RocksDbEngineProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine:leveldb")
class DataDirectoryTest {
    private static final EngineOptions OPTIONS = EngineOptions.DEFAULTS;
    private static final byte[] KEY = {1};

    @TempDir(factory = MemoryTempDir.class)
    Path temp;

    private final EngineProvider provider = new LevelDbEngineProvider();
    private Path root;

    @BeforeEach
    void root() {
        root = temp.resolve("data");
    }

    private DataDirectory open() {
        return DataDirectory.open(root, provider);
    }

    private void make() {
        try (DataDirectory data = open()) {
            data.engine("base", OPTIONS, true).write(new WriteBatch().put(KEY, KEY));
        }
    }

    private static void assertReason(Reason reason, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .satisfies(e -> assertThat(List.of(words))
                        .allSatisfy(word -> assertThat(e).hasMessageContaining(word)));
    }

    /** Every file with its bytes, to show that nothing was changed. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(
                        file.toString(),
                        new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    @Test
    void rowsStoresAndUuidsOutliveIt() {
        UUID period = UUID.randomUUID();
        UUID uuid;
        UUID base;
        try (DataDirectory data = open()) {
            assertThat(data.hasStore("base")).isFalse();
            StorageEngine engine = data.engine("base", OPTIONS, true);
            engine.write(new WriteBatch().put(KEY, KEY));
            data.create("data-2026-11", OPTIONS, period).write(new WriteBatch().put(KEY, new byte[0]));
            uuid = data.uuid();
            base = data.storeUuid("base").orElseThrow();
        }

        try (DataDirectory data = open()) {
            assertThat(data.uuid()).isEqualTo(uuid);
            assertThat(data.stores()).containsExactly("base", "data-2026-11");
            assertThat(data.storeUuid("base")).hasValue(base);
            assertThat(data.storeUuid("data-2026-11")).hasValue(period);
            assertThat(data.storeUuid("data-2026-12")).isEmpty();
            assertThat(data.engine("base", OPTIONS, false).get(KEY)).hasValue(KEY);
            assertThat(data.engine("data-2026-11", OPTIONS, false).get(KEY)).hasValue(new byte[0]);
        }
    }

    @Test
    void onlyTheOwnerMaySeeIt() throws IOException {
        make();

        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.filter(p -> Files.isDirectory(p)).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as("%s", path)
                        .isEqualTo("rwx------");
            }
        }
        for (String file : List.of("GOSHARE", "LOCK", "base/STORE", "base/leveldb/MARK")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
        try (Stream<Path> base = Files.list(root.resolve("base"))) {
            assertThat(base.map(p -> p.getFileName().toString()))
                    .doesNotContain("native")
                    .hasSize(2);
        }
    }

    @Test
    void aSecondOpenInThisProcessIsRefusedAndHarmless() throws IOException {
        try (DataDirectory data = open()) {
            StorageEngine engine = data.engine("base", OPTIONS, true);
            Path link = Files.createSymbolicLink(temp.resolve("link"), root);

            assertReason(
                    Reason.LOCKED,
                    this::open,
                    "in use",
                    "" + ProcessHandle.current().pid());
            assertReason(Reason.LOCKED, () -> DataDirectory.open(link, provider), "in use");
            assertReason(Reason.LOCKED, () -> data.engine("base", OPTIONS, false), "base", "open");
            engine.write(new WriteBatch().put(KEY, KEY));
            engine.close();
            assertThat(data.engine("base", OPTIONS, false).get(KEY)).hasValue(KEY);
        }
        open().close();
    }

    @Test
    void aSecondProcessIsToldWhoHoldsIt() throws Exception {
        try (DataDirectory data = open()) {
            data.engine("base", OPTIONS, true);
            assertReason(Reason.LOCKED, this::open);

            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Opener.class.getName(),
                            root.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), UTF_8);

            assertThat(said)
                    .contains("LOCKED", "process " + ProcessHandle.current().pid());
            assertThat(other.waitFor()).isEqualTo(73);
        }
    }

    /** Opens a data directory in a process of its own. */
    static final class Opener {
        public static void main(String[] args) {
            try (DataDirectory data = DataDirectory.open(Path.of(args[0]), new LevelDbEngineProvider())) {
                System.out.println("opened " + data.uuid());
            } catch (EngineException e) {
                System.out.println(e.reason() + ": " + e.getMessage());
                System.exit(73);
            }
        }
    }

    @Test
    void aForeignDirectoryIsLeftAlone() throws IOException {
        Files.createDirectories(root);
        Files.writeString(root.resolve("thesis.txt"), "years of work");
        Map<String, String> before = files();

        assertReason(Reason.REFUSED, this::open, "thesis.txt");
        assertThat(files()).isEqualTo(before);
        assertReason(Reason.REFUSED, () -> DataDirectory.open(root.resolve("thesis.txt"), provider), "no directory");
    }

    @Test
    void anotherFormatIsRefusedAndNothingChanged() throws IOException {
        make();
        Path marker = root.resolve("GOSHARE");
        String text = Files.readString(marker).replace("goshare 1", "goshare 2");
        String body = text.substring(0, text.lastIndexOf("crc32c"));
        var crc = new java.util.zip.CRC32C();
        crc.update(body.getBytes(UTF_8));
        Files.writeString(marker, body + String.format("crc32c %08x%n", crc.getValue()));
        Map<String, String> before = files();

        assertReason(Reason.REFUSED, this::open, "format 2", "nothing was changed");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void anotherEngineIsRefusedAndNothingChanged() throws IOException {
        make();
        Map<String, String> before = files();

        assertReason(
                Reason.REFUSED,
                () -> DataDirectory.open(root, new RocksDbEngineProvider()),
                "made with the engine leveldb");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aDirectoryEverybodyMayWriteIsRefused() throws IOException {
        make();
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertReason(Reason.REFUSED, this::open, "chmod o-w");
    }

    @Test
    void lostPartsAreDamageThatNamesTheRepair() throws IOException {
        make();
        for (String part : List.of("GOSHARE", "base", "base/STORE", "base/leveldb", "base/leveldb/CURRENT")) {
            Path copy = temp.resolve("copy");
            Images.deleteTree(copy);
            Images.copy(root, copy);
            Images.deleteTree(copy.resolve(part));
            Files.deleteIfExists(copy.resolve(part));

            assertReason(
                    Reason.DAMAGED,
                    () -> {
                        try (DataDirectory data = DataDirectory.open(copy, provider)) {
                            data.engine("base", OPTIONS, !data.hasStore("base"));
                        }
                    },
                    "missing",
                    "goshare repair");
            assertThat(copy.resolve(part)).doesNotExist();
        }
    }

    @Test
    void aMakingCutShortIsDoneAnew() throws IOException {
        make();
        Path full = temp.resolve("full");
        Images.copy(root, full);
        Marker base = Marker.read(root.resolve("base/STORE")).orElseThrow();
        Marker data = Marker.read(root.resolve("GOSHARE")).orElseThrow();
        for (String lost : List.of("base", "base/leveldb", "base/leveldb/CURRENT", "base/leveldb/MARK")) {
            Images.deleteTree(root);
            Images.copy(full, root);
            new Marker(data.uuid(), "leveldb", false).write(root.resolve("GOSHARE"));
            new Marker(base.uuid(), "leveldb", false).write(root.resolve("base/STORE"));
            Images.deleteTree(root.resolve(lost));
            Files.deleteIfExists(root.resolve(lost));

            try (DataDirectory again = open()) {
                assertThat(again.hasStore("base")).isFalse();
                assertThat(again.engine("base", OPTIONS, true).get(KEY)).isEmpty();
            }
            try (DataDirectory again = open()) {
                assertThat(again.uuid()).isEqualTo(data.uuid());
                assertThat(again.hasStore("base")).isTrue();
            }
        }
    }

    @Test
    void aDeletedStoreIsGoneAlsoWhenDeletingWasCutShort() throws IOException {
        make();
        try (DataDirectory data = open()) {
            data.engine("data-1", OPTIONS, true).close();
            data.engine("data-2", OPTIONS, true);
            assertReason(Reason.LOCKED, () -> data.deleteStore("data-2"));
            data.deleteStore("data-1");
            data.deleteStore("never-there");
            assertThat(data.stores()).containsExactly("base", "data-2");
            assertReason(Reason.DAMAGED, () -> data.engine("data-1", OPTIONS, false), "data-1", "missing");
        }
        Files.move(root.resolve("data-2"), root.resolve("data-2.gone-x"));

        try (DataDirectory data = open()) {
            assertThat(data.stores()).containsExactly("base");
            assertThat(root.resolve("data-2.gone-x")).doesNotExist();
        }
    }

    @Test
    void aStoreIsNotMadeTwiceAndNotOverUnknownFiles() throws IOException {
        try (DataDirectory data = open()) {
            data.engine("base", OPTIONS, true).close();
            assertReason(Reason.REFUSED, () -> data.engine("base", OPTIONS, true), "exists");
            Files.createDirectory(root.resolve("data-1"));
            Files.writeString(root.resolve("data-1/precious"), "rows");
            assertReason(Reason.DAMAGED, () -> data.engine("data-1", OPTIONS, true), "STORE is missing");
            assertThat(root.resolve("data-1/precious")).exists();
            assertThatThrownBy(() -> data.engine("../escape", OPTIONS, true))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nothingWorksAfterClose() {
        DataDirectory data = open();
        StorageEngine engine = data.engine("base", OPTIONS, true);
        data.close();
        data.close();

        assertReason(Reason.CLOSED, () -> engine.get(KEY));
        assertReason(Reason.CLOSED, () -> data.engine("base", OPTIONS, false));
    }

    @Test
    void inMemoryStoresLastAsLongAsTheDirectory() {
        try (DataDirectory data = DataDirectory.inMemory(new MemoryEngineProvider())) {
            try (StorageEngine engine = data.engine("base", OPTIONS, true)) {
                engine.write(new WriteBatch().put(KEY, KEY));
            }
            UUID uuid = data.storeUuid("base").orElseThrow();
            assertThat(data.engine("base", OPTIONS, false).get(KEY)).hasValue(KEY);
            assertThat(data.storeUuid("base")).hasValue(uuid);
            data.engine("data-1", OPTIONS, true).close();
            assertThat(data.stores()).containsExactly("base", "data-1");
            data.deleteStore("data-1");
            assertThat(data.hasStore("data-1")).isFalse();
            assertThat(data.engine("data-1", OPTIONS, true).get(KEY)).isEmpty();
        }
    }

    /** D3: a place that cannot be written is told as such, and nothing is left half made. */
    @Test
    void aReadOnlyPlaceIsAPermissionProblem() throws IOException {
        Path readOnly = Path.of("/proc/sys");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(readOnly), "no /proc here");

        assertThatThrownBy(() -> DataDirectory.open(readOnly.resolve("goshare"), provider))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("/proc/sys/goshare");
    }
}
