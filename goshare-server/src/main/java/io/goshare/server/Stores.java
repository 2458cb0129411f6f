package io.goshare.server;

import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.StorageEngine;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Everything below the doors: data directory, commit thread, stores, and the handler over them. */
final class Stores implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final CommandHandler handler;

    private Stores(ServerConfig config, Clock clock) {
        EngineProvider provider = Engines.provider(config.engine());
        DataDirectory directory = keep(
                provider.persistent() ? DataDirectory.open(config.data(), provider) : DataDirectory.inMemory(provider));
        StorageEngine base =
                directory.engine(DataDirectory.BASE, Engines.base(config), !directory.hasStore(DataDirectory.BASE));
        GroupCommitter committer = keep(new GroupCommitter(base, clock, config.alwaysSync()));
        committer.start();
        handler = command -> CompletableFuture.failedFuture(new GoShareException(ErrorCode.UNAVAILABLE, "not yet"));
    }

    static Stores open(ServerConfig config, Clock clock) {
        return new Stores(config, clock);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    CommandHandler handler() {
        return handler;
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        while (!open.isEmpty()) {
            closing.close(Optional.of(open.pop()));
        }
        closing.rethrow();
    }
}
