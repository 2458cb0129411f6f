package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuardedEngineTest {
    /** Takes a snapshot amid each write. */
    private static final class Interleaved extends GuardedEngine<Long> {
        private long versionAmid = -1;

        Interleaved() {
            super("interleaved");
        }

        @Override
        protected byte[] doGet(Long snapshot, byte[] key) {
            return key;
        }

        @Override
        protected void doWrite(WriteBatch batch) {
            try (Snapshot amid = snapshot()) {
                versionAmid = amid.version();
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
        protected void doCompact(byte[] from, byte[] to) {}

        @Override
        protected EngineStats doStats() {
            return new EngineStats(0, "");
        }

        @Override
        protected void doClose() {}
    }

    @Test
    void aSnapshotTakenAmidAWriteHasNoVersion() {
        try (Interleaved engine = new Interleaved()) {
            engine.write(new WriteBatch().put("a".getBytes(US_ASCII), new byte[0]));

            assertThat(engine.versionAmid).isEqualTo(Snapshot.UNKNOWN);
            try (Snapshot after = engine.snapshot()) {
                assertThat(after.version()).isNotEqualTo(Snapshot.UNKNOWN);
            }
        }
    }
}
