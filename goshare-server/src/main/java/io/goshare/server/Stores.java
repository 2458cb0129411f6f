package io.goshare.server;

import io.goshare.protocol.CommandHandler;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.datastore.Datastore;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.keyvalue.KeyValueStore;
import io.goshare.server.keyvalue.LocalKeyValueStore;
import io.goshare.server.namespace.LocalNamespaceStore;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.query.Budget;
import io.goshare.server.query.QueryService;
import io.goshare.server.query.StoreReader;
import io.goshare.server.series.InterimSeriesStore;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Everything below the doors: data directory, commit thread, stores, and the handler over them. */
final class Stores implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private CommandHandler handler = command -> {
        throw new IllegalStateException("the stores are not open");
    };

    private Stores() {}

    private void openAll(ServerConfig config, Clock clock) {
        EngineProvider provider = Engines.provider(config.engine());
        DataDirectory directory = keep(
                provider.persistent() ? DataDirectory.open(config.data(), provider) : DataDirectory.inMemory(provider));
        StorageEngine base =
                directory.engine(DataDirectory.BASE, Engines.base(config), !directory.hasStore(DataDirectory.BASE));
        GroupCommitter committer = keep(new GroupCommitter(base, clock, config.alwaysSync()));
        KeyValueStore keyValues = new LocalKeyValueStore(base, clock);
        NamespaceStore namespace = new LocalNamespaceStore(base);
        InterimSeriesStore series = new InterimSeriesStore();
        committer.replay(0, series);
        committer.start();
        QueryService queries = new QueryService(new StoreReader(series), () -> nanos(clock), Budget.Limits.DEFAULT);
        Datastore datastore = keep(new Datastore(
                base,
                committer,
                keyValues,
                namespace,
                series,
                queries::run,
                new Facts(config, directory, committer),
                clock));
        datastore.start();
        handler = datastore;
    }

    private static long nanos(Clock clock) {
        Instant time = clock.instant();
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }

    static Stores open(ServerConfig config, Clock clock) {
        Stores stores = new Stores();
        try {
            stores.openAll(config, clock);
            return stores;
        } catch (RuntimeException e) {
            try {
                stores.close();
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
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
