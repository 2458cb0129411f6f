package io.goshare.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskReserveTest {
    private static final byte[] KEY = {1};

    @TempDir(factory = MemoryTempDir.class)
    Path temp;

    private final AtomicLong usable = new AtomicLong(10_000);
    private final AtomicInteger probes = new AtomicInteger();
    private final DiskReserve reserve = new DiskReserve(() -> {
        probes.incrementAndGet();
        return usable.get();
    });

    private static WriteBatch batch(int bytes) {
        return new WriteBatch().put(KEY, new byte[bytes - 1]);
    }

    private static void assertLow(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DISK_LOW));
    }

    private StorageEngine engine(String store, DataDirectory data) {
        return data.engine(store, EngineOptions.DEFAULTS.withDiskReserveBytes(4_000), true);
    }

    private DataDirectory directory() {
        return DataDirectory.open(temp.resolve("data"), new LevelDbEngineProvider(), path -> reserve);
    }

    @Test
    void writesStopAtTheReserveAndGoOnAtOneAndAHalf() {
        try (DataDirectory data = directory()) {
            StorageEngine engine = engine("base", data);
            engine.write(batch(100));
            usable.set(4_000);
            reserve.look();

            assertThat(reserve.low()).isTrue();
            assertLow(() -> engine.write(batch(1)));
            engine.write(batch(1).givingSpaceBack());
            assertThat(engine.get(KEY)).hasValue(new byte[0]);
            usable.set(5_999);
            reserve.look();
            assertLow(() -> engine.write(batch(1)));
            usable.set(6_000);
            reserve.look();
            engine.write(batch(1));
        }
    }

    @Test
    void bytesPromisedSinceTheLastLookCountForAllStores() {
        try (DataDirectory data = directory()) {
            StorageEngine base = engine("base", data);
            StorageEngine period = engine("data-1", data);
            usable.set(5_200);
            reserve.look();
            int looks = probes.get();
            base.write(batch(400));
            period.write(batch(400));
            assertThat(probes).hasValue(looks);

            usable.set(4_400);
            assertLow(
                    () -> base.write(batch(500))); // a quarter of the reserve is promised: it looks, too little is left
            assertThat(probes).hasValue(looks + 1);
        }
    }

    @Test
    void aWriteLargerThanWhatIsLeftIsRefusedBeforeItIsMade() {
        try (DataDirectory data = directory()) {
            StorageEngine engine = engine("base", data);

            assertLow(() -> engine.write(batch(6_001)));
            assertThat(engine.get(KEY)).isEmpty();
        }
    }

    @Test
    void heldBytesCount() {
        reserve.set(4_000);
        reserve.hold(6_000);
        assertLow(() -> reserve.begin(1, false));
        reserve.free(6_000);
        reserve.look();
        reserve.begin(1, false);
        reserve.end();
    }

    @Test
    void belowHalfNothingIsWrittenAndCompactionsEndOnceNoWriteIsUnderWay() throws InterruptedException {
        AtomicInteger suspended = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        StorageEngine engine = new ReservedEngine(new Suspendable(suspended, entered, leave), reserve);
        reserve.set(4_000);
        Thread writer = new Thread(() -> engine.write(batch(1)));
        writer.start();
        entered.await();
        usable.set(2_000);

        reserve.look();
        assertThat(suspended).as("a write is under way").hasValue(0);
        assertLow(() -> engine.write(batch(1).givingSpaceBack()));
        leave.countDown();
        writer.join();
        reserve.look();
        assertThat(suspended).hasValue(1);
        reserve.look();
        assertThat(suspended).hasValue(1);
        engine.sync();
        engine.compact(KEY, null); // not begun: it would wait for the suspended thread
        usable.set(2_010);
        reserve.look();
        assertThat(suspended).hasValue(0);
        engine.write(batch(1).givingSpaceBack());
        engine.close();
    }

    @Test
    @Tag("engine:leveldb")
    void suspendedCompactionsKeepNeitherSyncNorCloseFromEnding() {
        try (DataDirectory data = directory()) {
            StorageEngine engine = data.engine(
                    "base",
                    EngineOptions.DEFAULTS.withWriteBufferBytes(64 << 10).withDiskReserveBytes(4_000),
                    true);
            usable.set(1L << 40);
            reserve.look();
            for (int i = 0; i < 500; i++) {
                engine.write(new WriteBatch().put(Images.key(i), Images.value(i, 1)));
            }
            usable.set(0);
            reserve.look();

            assertLow(() -> engine.write(batch(1)));
            engine.sync();
            engine.compact(KEY, null);
            assertThat(engine.get(Images.key(7))).isPresent();
        }
        try (DataDirectory data = DataDirectory.open(temp.resolve("data"), new LevelDbEngineProvider())) {
            assertThat(Images.rows(data.engine("base", EngineOptions.DEFAULTS, false)))
                    .hasSize(500);
        }
    }

    @Test
    void theLargestNeedWinsAndZeroTurnsItOff() {
        reserve.require(4_000);
        reserve.require(100);
        assertThat(reserve.bytes()).isEqualTo(4_000);
        usable.set(0);
        reserve.look();
        reserve.set(0);

        reserve.begin(1 << 20, false);
        reserve.end();
    }

    @Test
    void itsThreadSeesSpaceGoAndComeBack() {
        reserve.set(4_000);
        reserve.watch();
        usable.set(3_000);
        await().until(reserve::low);
        usable.set(6_000);
        await().until(() -> !reserve.low());

        reserve.close();
    }

    @Test
    void theRealFileSystemIsAsked() {
        try (DiskReserve real = DiskReserve.of(temp)) {
            real.set(Long.MAX_VALUE / 4);
            assertLow(() -> real.begin(1, false));
            real.set(1);
            real.begin(1, false);
            real.end();
        }
    }

    /** Waits inside a write, counts suspensions; compacting would fail the test. */
    private static final class Suspendable extends GuardedEngine<Long> {
        private final AtomicInteger suspended;
        private final CountDownLatch entered;
        private final CountDownLatch leave;

        Suspendable(AtomicInteger suspended, CountDownLatch entered, CountDownLatch leave) {
            super("suspendable");
            this.suspended = suspended;
            this.entered = entered;
            this.leave = leave;
        }

        @Override
        protected byte[] doGet(Long snapshot, byte[] key) {
            return key;
        }

        @Override
        protected void doWrite(WriteBatch batch) {
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        protected void doSync() {}

        @Override
        protected void doScan(Long snapshot, byte[] from, byte[] to, RowVisitor rows) {}

        @Override
        protected Long openSnapshot() {
            return 0L;
        }

        @Override
        protected void releaseSnapshot(Long snapshot) {}

        @Override
        protected void doCompact(byte[] from, byte[] to) {
            throw new AssertionError("compacted");
        }

        @Override
        protected void doSuspendCompactions() {
            suspended.incrementAndGet();
        }

        @Override
        protected void doResumeCompactions() {
            suspended.decrementAndGet();
        }

        @Override
        protected EngineStats doStats() {
            return new EngineStats(0, "");
        }

        @Override
        protected void doClose() {}
    }
}
