package io.goshare.server.keyvalue;

import io.goshare.protocol.GoShareException;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Receipt;
import io.goshare.server.commit.WriteRequest;
import io.goshare.server.engine.CheckedEngine;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;

/** A base store in memory with its commit thread and a clock. */
public final class CommitFixture implements AutoCloseable {
    public final SettableClock clock = new SettableClock(Instant.parse("2014-07-01T12:00:00Z"));
    public final StorageEngine base =
            new CheckedEngine("test", new MemoryEngineProvider().open(Path.of("base"), EngineOptions.DEFAULTS, true));
    public final GroupCommitter committer = new GroupCommitter(base, clock, false);

    public CommitFixture() {
        committer.start();
    }

    public Receipt commit(Mutation... mutations) {
        return commit(new WriteRequest(List.of(mutations), null, 0, false));
    }

    /** Commits and waits. */
    public Receipt commit(WriteRequest request) {
        try {
            return committer.commit(request).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof GoShareException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** The int64 that the only mutation told. */
    public long told(Mutation mutation) {
        return commit(mutation).outcomes().get(0).word();
    }

    /** How many rows a table has. */
    public long rows(byte table) {
        long[] rows = {0};
        base.scan(null, new byte[] {table}, new byte[] {(byte) (table + 1)}, (key, value) -> ++rows[0] > 0);
        return rows[0];
    }

    @Override
    public void close() {
        committer.close();
        base.close();
    }
}
