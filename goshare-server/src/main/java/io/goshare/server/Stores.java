package io.goshare.server;

import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.WatchHandler;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.datastore.Datastore;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.keyvalue.KeyValueStore;
import io.goshare.server.keyvalue.LocalKeyValueStore;
import io.goshare.server.namespace.LocalNamespaceStore;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.query.Budget;
import io.goshare.server.query.QueryService;
import io.goshare.server.query.StoreReader;
import io.goshare.server.series.LocalSeriesStore;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything below the doors: data directory, commit thread, stores, and the handler over them. */
final class Stores implements AutoCloseable {
    private final ServerConfig config;
    private final Clock clock;
    /** The last opened first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private volatile Supplier<Optional<String>> doors = Optional::empty;
    private @Nullable WatchHandler watches;
    private CommandHandler handler = command -> CompletableFuture.failedFuture(closed());

    private Stores(ServerConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * Opens the data directory, or makes it, and replays its log.
     *
     * @throws StartException if that cannot be; nothing is left open
     */
    static Stores open(ServerConfig config, Clock clock) {
        Stores stores = new Stores(config, clock);
        try {
            stores.open();
            return stores;
        } catch (RuntimeException e) {
            try {
                stores.close();
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e instanceof EngineException failed ? Engines.failed(failed) : e;
        }
    }

    private void open() {
        EngineProvider provider = Engines.provider(config.engine());
        DataDirectory directory = keep(
                provider.persistent() ? DataDirectory.open(config.data(), provider) : DataDirectory.inMemory(provider));
        boolean create = !directory.hasStore(DataDirectory.BASE);
        StorageEngine base = directory.engine(DataDirectory.BASE, Engines.base(config), create);
        GroupCommitter committer = new GroupCommitter(base, clock, config.alwaysSync());
        LocalSeriesStore series = keep(LocalSeriesStore.open(directory, base, committer, Engines.series(config)));
        keep(committer); // closed before the series, for its last groups are applied to them
        committer.replay(series.replayer());
        committer.start();
        series.start();
        KeyValueStore keys = new LocalKeyValueStore(base, clock);
        NamespaceStore names = new LocalNamespaceStore(base);
        QueryService queries = keep(new QueryService(new StoreReader(series), this::nowNanos, Budget.Limits.DEFAULT));
        Datastore datastore = keep(new Datastore(
                base,
                committer,
                keys,
                names,
                series,
                queries::run,
                new Facts(config, clock, directory, committer, series, () -> doors.get()),
                clock));
        datastore.start();
        handler = datastore;
        watches = datastore.watches();
    }

    private long nowNanos() {
        Instant now = clock.instant();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    }

    /** Who can tell what is wrong with the doors, once there are some. */
    void doors(Supplier<Optional<String>> ailment) {
        doors = ailment;
    }

    private static GoShareException closed() {
        return new GoShareException(ErrorCode.CLOSED, "the store is closed");
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    /** What turns commands into replies. */
    CommandHandler handler() {
        return handler;
    }

    /** Where subscriptions begin. Close it before the doors, which would wait for them. */
    WatchHandler watches() {
        return Objects.requireNonNull(watches, "open");
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
