package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goshare.server.engine.EngineException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine promises, run behind {@link CheckedEngine} as it is in the server. */
abstract class StorageEngineContract {
    private static final byte[] FIRST = new byte[0];

    @TempDir(factory = MemoryTempDir.class)
    Path temp;

    private static final Snapshot FOREIGN = new Snapshot() {
        @Override
        public long version() {
            return UNKNOWN;
        }

        @Override
        public void close() {}
    };

    private final EngineProvider provider;
    private StorageEngine engine;

    StorageEngineContract(EngineProvider provider) {
        this.provider = provider;
    }

    @BeforeEach
    void open() {
        engine = new CheckedEngine("test", provider.open(temp.resolve("store"), small(), true));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** A write buffer so small that tables are written and compacted in a test. */
    static EngineOptions small() {
        return EngineOptions.DEFAULTS.withWriteBufferBytes(64 << 10).withCacheBytes(1 << 20);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> rows(StorageEngine engine, Snapshot snapshot, byte[] from, byte[] to) {
        List<String> rows = new ArrayList<>();
        engine.scan(
                snapshot, from, to, (key, value) -> rows.add(new String(key, UTF_8) + "=" + new String(value, UTF_8)));
        return rows;
    }

    private void put(String key, String value) {
        engine.write(new WriteBatch().put(bytes(key), bytes(value)));
    }

    private String get(String key) {
        return engine.get(bytes(key)).map(v -> new String(v, UTF_8)).orElse(null);
    }

    @Test
    void aPutIsReadADeleteIsNot() {
        put("a", "1");
        put("b", "");
        engine.write(new WriteBatch().delete(bytes("a")).delete(bytes("never")));

        assertThat(get("a")).isNull();
        assertThat(get("b")).isEmpty();
        assertThat(get("c")).isNull();
    }

    @Test
    void laterRowsOfABatchWin() {
        engine.write(new WriteBatch()
                .put(bytes("k"), bytes("1"))
                .delete(bytes("k"))
                .put(bytes("k"), bytes("2"))
                .put(bytes("gone"), bytes("1"))
                .delete(bytes("gone")));
        engine.write(new WriteBatch());

        assertThat(rows(engine, null, FIRST, null)).containsExactly("k=2");
    }

    @Test
    void keysAreInUnsignedByteOrder() {
        byte[][] keys = {{0}, {0, 0}, {0, (byte) 0xff}, {1}, {0x7f}, {(byte) 0x80}, {(byte) 0xff}, {(byte) 0xff, 0}};
        WriteBatch batch = new WriteBatch();
        for (int i = keys.length - 1; i >= 0; i--) {
            batch.put(keys[i], keys[i]);
        }
        engine.write(batch);

        List<byte[]> seen = new ArrayList<>();
        engine.scan(null, FIRST, null, (key, value) -> {
            assertThat(value).isEqualTo(key);
            return seen.add(key);
        });

        assertThat(seen).containsExactly(keys);
    }

    @Test
    void aScanIsHalfOpenAndEndsWhenTold() {
        for (String key : List.of("a", "b", "c", "d")) {
            put(key, key);
        }
        List<String> two = new ArrayList<>();
        engine.scan(null, FIRST, null, (key, value) -> {
            two.add(new String(key, UTF_8));
            return two.size() < 2;
        });

        assertThat(rows(engine, null, bytes("b"), bytes("d"))).containsExactly("b=b", "c=c");
        assertThat(rows(engine, null, bytes("bb"), null)).containsExactly("c=c", "d=d");
        assertThat(rows(engine, null, bytes("c"), bytes("c"))).isEmpty();
        assertThat(rows(engine, null, bytes("d"), bytes("a"))).isEmpty();
        assertThat(two).containsExactly("a", "b");
    }

    @Test
    void aVisitorMayReadAndScanTheEngineButNotCloseIt() {
        put("a", "1");
        put("b", "2");

        List<String> seen = new ArrayList<>();
        engine.scan(null, FIRST, null, (key, value) -> {
            seen.add(get("b") + rows(engine, null, FIRST, null).size());
            assertThatThrownBy(engine::close).isInstanceOf(IllegalStateException.class);
            return true;
        });

        assertThat(seen).containsExactly("22", "22");
        assertThatThrownBy(() -> engine.scan(null, FIRST, null, (key, value) -> {
                    throw new ArithmeticException("the visitor's own");
                }))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aSnapshotStandsStill() {
        put("a", "old");
        put("b", "old");
        try (Snapshot before = engine.snapshot()) {
            put("a", "new");
            put("c", "new");
            engine.write(new WriteBatch().delete(bytes("b")));
            engine.compact(FIRST, null);

            assertThat(rows(engine, before, FIRST, null)).containsExactly("a=old", "b=old");
            assertThat(engine.get(before, bytes("b"))).hasValue(bytes("old"));
            assertThat(engine.get(before, bytes("c"))).isEmpty();
            assertThat(rows(engine, null, FIRST, null)).containsExactly("a=new", "c=new");
        }
    }

    @Test
    void aScanDoesNotSeeWritesMadeMeanwhile() {
        put("a", "1");
        put("c", "1");
        List<String> seen = new ArrayList<>();

        engine.scan(null, FIRST, null, (key, value) -> {
            put("b", "2");
            put("c", "2");
            return seen.add(new String(key, UTF_8) + new String(value, UTF_8));
        });

        assertThat(seen).containsExactly("a1", "c1");
    }

    @Test
    void callersMayChangeTheirArrays() {
        put("k", "value");
        byte[] read = engine.get(bytes("k")).orElseThrow();
        Arrays.fill(read, (byte) 'x');
        engine.scan(null, FIRST, null, (key, value) -> {
            Arrays.fill(key, (byte) 'x');
            Arrays.fill(value, (byte) 'x');
            return true;
        });

        assertThat(get("k")).isEqualTo("value");
    }

    @Test
    void rowsOutliveTheEngine() {
        for (int i = 0; i < 5_000; i++) {
            put("key" + i, "value " + i);
        }
        engine.sync();
        put("last", "unsynced");
        engine.close();

        engine = new CheckedEngine("test", provider.open(temp.resolve("store"), small(), false));

        assertThat(rows(engine, null, FIRST, null)).hasSize(5_001).contains("key4999=value 4999", "last=unsynced");
        assertThat(engine.recovery()).isEmpty();
    }

    /** A copy of the files of a running engine is what a kill leaves. */
    @Test
    void aKilledEngineLosesNothing() throws IOException {
        assumeTrue(provider.persistent(), "no files");
        for (int i = 0; i < 5_000; i++) {
            put("key" + i, "value " + i);
        }
        Path image = temp.resolve("image");
        engine.suspendCompactions(); // a copy takes time, a kill does not
        Images.copy(temp.resolve("store"), image);
        engine.resumeCompactions();

        try (StorageEngine killed = new CheckedEngine("test", provider.open(image, small(), false))) {
            assertThat(rows(killed, null, FIRST, null)).hasSize(5_000).contains("key4999=value 4999");
        }
    }

    @Test
    void bigRowsAreKept() {
        byte[] big = new byte[3 << 20];
        new Random(7).nextBytes(big);
        byte[] key = Arrays.copyOf(big, 70_000);

        engine.write(new WriteBatch().put(key, big));

        assertThat(engine.get(key)).hasValue(big);
    }

    @Test
    void openingIsNeverACreationByAccident() {
        Path missing = temp.resolve("missing");

        assertThatThrownBy(() -> provider.open(missing, small(), false))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED));
        assertThat(missing).doesNotExist();
        engine.close();
        assertThatThrownBy(() -> provider.open(temp.resolve("store"), small(), true))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void oneOwnerOnly() {
        assertThatThrownBy(() -> provider.open(temp.resolve("store"), small(), false))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOCKED));

        put("still", "usable");
        assertThat(get("still")).isEqualTo("usable");
    }

    @Test
    void anEmptyKeyIsRefused() {
        assertThatThrownBy(() -> engine.get(FIRST)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WriteBatch().put(FIRST, FIRST)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WriteBatch().delete(FIRST)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void snapshotsAndScansAreCapped() {
        put("a", "1");
        List<Snapshot> open = new ArrayList<>();
        for (int i = 0; i < GuardedEngine.LEASES; i++) {
            open.add(engine.snapshot());
        }

        assertBusy(() -> engine.snapshot());
        open.get(0).close();
        open.set(0, engine.snapshot());
        open.forEach(Snapshot::close);
        assertBusy(() -> nest(GuardedEngine.LEASES + 1));
        nest(GuardedEngine.LEASES);
    }

    private void nest(int depth) {
        if (depth > 0) {
            engine.scan(null, FIRST, null, (key, value) -> {
                nest(depth - 1);
                return false;
            });
        }
    }

    private static void assertBusy(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BUSY));
    }

    @Test
    void everyMisuseIsAnException() {
        put("a", "1");
        Snapshot closed = engine.snapshot();
        closed.close();
        closed.close();
        Snapshot openAtClose = engine.snapshot();

        assertClosed(() -> engine.get(closed, bytes("a")));
        assertClosed(() -> engine.scan(closed, FIRST, null, (key, value) -> true));
        assertThatThrownBy(() -> engine.get(FOREIGN, bytes("a"))).isInstanceOf(IllegalArgumentException.class);
        engine.close();
        engine.close();
        openAtClose.close();
        openAtClose.close();
        assertClosed(() -> engine.get(bytes("a")));
        assertClosed(() -> engine.get(openAtClose, bytes("a")));
        assertClosed(() -> engine.scan(null, FIRST, null, (key, value) -> true));
        assertClosed(() -> put("a", "2"));
        assertClosed(() -> engine.sync());
        assertClosed(() -> engine.snapshot());
        assertClosed(() -> engine.compact(FIRST, null));
        assertClosed(() -> engine.stats());
        engine.suspendCompactions();
        engine.resumeCompactions();
    }

    private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    }

    @Test
    void aSnapshotClosedUnderAScanIsFreedAfterIt() {
        for (int i = 0; i < 1_000; i++) {
            put("k" + i, "v");
        }
        Snapshot snapshot = engine.snapshot();
        int[] seen = new int[1];

        engine.scan(snapshot, FIRST, null, (key, value) -> {
            snapshot.close();
            return ++seen[0] > 0;
        });

        assertThat(seen[0]).isEqualTo(1_000);
    }

    @Test
    void closingWithCompactionsSuspendedDoesNotHang() {
        engine.suspendCompactions();
        engine.suspendCompactions();
        put("a", "1");
        engine.sync();
        engine.close();

        engine = new CheckedEngine("test", provider.open(temp.resolve("store"), small(), false));
        engine.suspendCompactions();
        engine.resumeCompactions();
        for (int i = 0; i < 3_000; i++) {
            put("k" + i, "value that fills the write buffer a few times over: " + i);
        }
        assertThat(get("a")).isEqualTo("1");
    }

    @Test
    void anInterruptHarmsNoCall() {
        Thread.currentThread().interrupt();
        put("a", "1");
        engine.sync();
        engine.sync();

        assertThat(Thread.interrupted()).isTrue();
        put("b", "2");
        engine.sync();
        assertThat(get("a") + get("b")).isEqualTo("12");
    }

    @Test
    void statsTellOfDisk() {
        put("a", "1");

        assertThat(engine.stats().diskBytes()).matches(bytes -> bytes > 0 == provider.persistent());
        assertThat(engine.stats().detail()).isNotEmpty();
    }

    @Test
    void snapshotsShareAVersionUntilSomethingIsWritten() {
        put("a", "1");
        try (Snapshot one = engine.snapshot();
                Snapshot other = engine.snapshot()) {
            assertThat(one.version()).isNotEqualTo(Snapshot.UNKNOWN).isEqualTo(other.version());
            put("a", "2");

            try (Snapshot written = engine.snapshot()) {
                assertThat(written.version()).isNotEqualTo(Snapshot.UNKNOWN).isNotEqualTo(one.version());
            }
        }
    }

    @Test
    void storesShareNoVersion() {
        try (StorageEngine second = provider.open(temp.resolve("second"), small(), true);
                Snapshot one = engine.snapshot();
                Snapshot other = second.snapshot()) {
            assertThat(one.version()).isNotEqualTo(other.version());
        }
    }

    /** M7: the oracle for google/leveldb#320, snapshots against compactions. */
    @Test
    void snapshotsAgreeWithAModelThroughCompactions() {
        Random random = new Random(320);
        TreeMap<String, String> model = new TreeMap<>();
        List<Snapshot> snapshots = new ArrayList<>();
        List<Map<String, String>> models = new ArrayList<>();
        for (int write = 0; write < 64_000; write++) {
            String key = "key" + random.nextInt(64);
            if (random.nextInt(4) == 0) {
                model.remove(key);
                engine.write(new WriteBatch().delete(bytes(key)));
            } else {
                model.put(key, "value " + write);
                put(key, "value " + write);
            }
            if (write % 1_000 == 0) {
                snapshots.add(engine.snapshot());
                models.add(new TreeMap<>(model));
            }
            if (write % 4_000 == 999) {
                engine.compact(FIRST, null);
            }
            if (write % 2_000 == 1_999) {
                int which = random.nextInt(snapshots.size());
                assertThat(rows(engine, snapshots.get(which), FIRST, null)).isEqualTo(lines(models.get(which)));
                snapshots.remove(which).close();
                models.remove(which);
            }
        }
        for (int i = 0; i < snapshots.size(); i++) {
            assertThat(rows(engine, snapshots.get(i), FIRST, null)).isEqualTo(lines(models.get(i)));
            snapshots.get(i).close();
        }
        assertThat(rows(engine, null, FIRST, null)).isEqualTo(lines(model));
    }

    private static List<String> lines(Map<String, String> model) {
        return model.entrySet().stream().map(Object::toString).toList();
    }

    @Test
    void aBatchIsSeenWholeOrNotAtAll() throws InterruptedException {
        byte[] a = bytes("a");
        byte[] z = bytes("z");
        engine.write(new WriteBatch().put(a, bytes("0")).put(z, bytes("0")));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<String> torn = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            while (!stop.get()) {
                List<String> rows = rows(engine, null, FIRST, null);
                if (!rows.get(0).substring(2).equals(rows.get(1).substring(2))) {
                    torn.set(rows.toString());
                }
            }
        });
        reader.start();
        for (int i = 1; i <= 5_000; i++) {
            engine.write(new WriteBatch().put(a, bytes("" + i)).put(z, bytes("" + i)));
        }
        stop.set(true);
        reader.join();

        assertThat(torn.get()).isNull();
    }

    /**
     * O8: close while 16 threads write, read, scan and take snapshots; each call ends in a result or {@code CLOSED}.
     */
    @Test
    void closingUnderLoadHarmsNobody() throws InterruptedException {
        engine.close();
        for (int round = 0; round < closes(); round++) {
            Path store = temp.resolve("o8-" + round % 4);
            boolean create = round < 4;
            StorageEngine busy = new CheckedEngine("o8", provider.open(store, small(), create));
            CountDownLatch running = new CountDownLatch(16);
            List<Throwable> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int kind = t % 4;
                Thread thread = new Thread(() -> useUntilClosed(busy, kind, running, wrong));
                threads.add(thread);
                thread.start();
            }
            running.await();
            busy.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(wrong).isEmpty();
        }
    }

    /** How often {@link #closingUnderLoadHarmsNobody} closes. */
    int closes() {
        return 60;
    }

    private static void useUntilClosed(StorageEngine engine, int kind, CountDownLatch running, List<Throwable> wrong) {
        try {
            for (int i = 0; ; i++) {
                byte[] key = bytes("key" + i % 500);
                switch (kind) {
                    case 0 -> engine.write(new WriteBatch().put(key, new byte[100]));
                    case 1 -> engine.get(key);
                    case 2 -> engine.scan(null, key, null, (k, v) -> k.length > 4);
                    default -> {
                        try (Snapshot snapshot = engine.snapshot()) {
                            engine.get(snapshot, key);
                            if (i % 8 == 0) {
                                engine.sync();
                            }
                        }
                    }
                }
                running.countDown(); // more than once is harmless: 16 calls have been made
            }
        } catch (EngineException e) {
            if (e.reason() != Reason.CLOSED) {
                wrong.add(e);
            }
            running.countDown();
        } catch (RuntimeException | Error e) {
            wrong.add(e);
            running.countDown();
        }
    }
}
