package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Durations;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.WatchHandler;
import io.goshare.server.commit.Committer;
import io.goshare.server.commit.Failures;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.history.HistoryService;
import io.goshare.server.keyvalue.KeyValueStore;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.watch.WatchPages;
import io.goshare.server.watch.Watches;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a command into the reply of the feature that serves it. What is quick runs on the caller's thread, what may
 * take more than some 3 ms on threads of its own. A query whose reply is cancelled, because nobody waits for it, ends.
 * Safe for many threads.
 */
public final class Datastore implements CommandHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Datastore.class);
    /** Rows of a page, and keys of a multi-get, that the caller's thread reads itself. */
    private static final int QUICK_ROWS = 100;

    private final KeyValueCommands keyValues;
    private final NamespaceCommands namespace;
    private final ChildrenCommand children;
    private final SeriesCommands series;
    private final HistoryService history;
    private final Watches watches;
    private final WatchPages watchPages;
    private final ClassicCommands classic;
    private final ServerCommands server;
    private final BiFunction<Command, BooleanSupplier, Reply> queries;
    private final Clock clock;
    private final Metrics metrics = new Metrics();
    private final ReadThreads reads = new ReadThreads();
    private final Housekeeping housekeeping;
    private final RetentionRules retention;
    private final RollupRules rollups;

    /**
     * A datastore over stores that stay the caller's to close, after it.
     *
     * @param base where all tables but chunks stand
     * @param queries answers {@code query}, {@code states}, {@code census} and {@code at}, and gives up where nobody
     *     waits any more
     */
    public Datastore(
            StorageEngine base,
            Committer committer,
            KeyValueStore keyValueStore,
            NamespaceStore namespaceStore,
            SeriesStore seriesStore,
            BiFunction<Command, BooleanSupplier, Reply> queries,
            ServerFacts facts,
            Clock clock) {
        Writes writes = new Writes(committer);
        this.clock = clock;
        this.queries = queries;
        this.keyValues = new KeyValueCommands(keyValueStore, writes);
        this.namespace = new NamespaceCommands(namespaceStore, writes, this::now);
        this.children = new ChildrenCommand(namespaceStore, seriesStore);
        this.retention = new RetentionRules(base, seriesStore, writes, this::now);
        this.rollups = new RollupRules(base, seriesStore, writes);
        this.series = new SeriesCommands(seriesStore, retention, writes, this::now);
        this.history = new HistoryService(namespaceStore, seriesStore, this::now);
        this.watches = new Watches(committer, namespaceStore, seriesStore, this::now);
        this.watchPages = new WatchPages(watches);
        this.classic = new ClassicCommands(keyValueStore, namespaceStore, seriesStore, writes, this::now);
        this.server = new ServerCommands(base, committer, seriesStore, facts, metrics);
        this.housekeeping = new Housekeeping(committer, keyValueStore, namespaceStore);
    }

    /** Begins to sweep what expires, and to serve subscriptions. */
    public void start() {
        housekeeping.start();
        retention.start();
        watches.start();
    }

    /** Where subscriptions begin. Closed with this, or before it. */
    public WatchHandler watches() {
        return watches;
    }

    private long now() {
        Instant time = clock.instant();
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }

    @Override
    public CompletableFuture<Reply> handle(Command command) {
        long began = System.nanoTime();
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        CompletableFuture<Reply> work;
        try {
            work = serve(command, reply::isDone);
        } catch (RuntimeException | StackOverflowError e) {
            work = CompletableFuture.failedFuture(e);
        }
        if (command.has(Param.TIMEOUT) && !work.isDone()) {
            work = work.copy().orTimeout(command.require(Param.TIMEOUT), TimeUnit.NANOSECONDS);
        }
        work.whenComplete((result, failure) -> {
            if (failure == null) {
                metrics.record(command.verb(), "ok", System.nanoTime() - began);
                reply.complete(result);
            } else {
                GoShareException told = told(command, failure);
                metrics.record(command.verb(), told.code().word(), System.nanoTime() - began);
                reply.completeExceptionally(told);
            }
        });
        return reply;
    }

    private CompletableFuture<Reply> serve(Command command, BooleanSupplier abandoned) {
        boolean tree = command.verb().takes(Param.FACE) && Requests.isNamespace(command);
        return switch (command.verb()) {
            case PUSH -> classic.push(command);
            case READ -> readClassic(command);
            case DELETE -> classic.delete(command);
            case WRITE -> series.write(command);
            case QUERY, AT ->
                series.isShort(command)
                        ? quick(command, asked -> queries.apply(asked, abandoned))
                        : slow(command, asked -> queries.apply(asked, abandoned));
            case STATES, CENSUS -> slow(command, asked -> queries.apply(asked, abandoned));
            case LOG -> slow(command, asked -> history.log(asked, abandoned));
            case DIFF -> slow(command, asked -> history.diff(asked, abandoned));
            case EXPLAIN -> slow(command, asked -> history.explain(asked, abandoned));
            case WATCH -> watchPages.page(command);
            case SERIES -> slow(command, series::list);
            case CHILDREN -> command.has(Param.AT) ? slow(command, this::children) : page(command, this::children);
            case SETTINGS -> reads.compose(() -> series.settings(command));
            case RETENTION -> retention.run(command);
            case ROLLUP -> rollups.run(command);
            case ERASE -> reads.compose(() -> series.erase(command));
            case DROP -> drop(command);
            case GET -> get(command, tree);
            case PUT -> tree ? namespace.put(command) : keyValues.put(command);
            case DEL -> delete(command, tree);
            case CAS -> tree ? namespace.compareAndSet(command) : keyValues.compareAndSet(command);
            case INCR -> keyValues.increment(command);
            case SCAN -> page(command, tree ? namespace::scan : keyValues::scan);
            case INFO -> command.require(Param.STORAGE) ? slow(command, server::info) : quick(command, server::info);
            case HEALTH -> quick(command, asked -> server.health());
            case METRICS -> quick(command, asked -> server.metrics(reads.queued(), watches.count()));
        };
    }

    private Reply children(Command command) {
        return children.run(command, Requests.at(command, now()));
    }

    private static CompletableFuture<Reply> quick(Command command, Function<Command, Reply> feature) {
        return CompletableFuture.completedFuture(feature.apply(command));
    }

    private CompletableFuture<Reply> slow(Command command, Function<Command, Reply> feature) {
        return reads.run(() -> feature.apply(command));
    }

    private CompletableFuture<Reply> page(Command command, Function<Command, Reply> feature) {
        return command.require(Param.LIMIT) <= QUICK_ROWS ? quick(command, feature) : slow(command, feature);
    }

    private CompletableFuture<Reply> readClassic(Command command) {
        Optional<Reply> read = classic.readIfQuick(command);
        return read.map(CompletableFuture::completedFuture).orElseGet(() -> slow(command, classic::read));
    }

    private CompletableFuture<Reply> get(Command command, boolean tree) {
        Function<Command, Reply> feature = tree ? namespace::get : keyValues::get;
        boolean many = Requests.table(command)
                .filter(table -> table.rows().size() > QUICK_ROWS)
                .isPresent();
        return many || command.require(Param.RECURSIVE) ? slow(command, feature) : quick(command, feature);
    }

    private CompletableFuture<Reply> delete(Command command, boolean tree) {
        if (!tree) {
            return keyValues.delete(command);
        }
        return command.require(Param.RECURSIVE)
                ? reads.compose(() -> namespace.delete(command))
                : namespace.delete(command);
    }

    private CompletableFuture<Reply> drop(Command command) {
        if (command.has(Param.SEL) == command.has(Param.PATH)) {
            throw GoShareException.badField(
                    "sel", "drop takes either sel=… (series) or path=… (namespace values and their history)");
        }
        return command.has(Param.PATH) ? slow(command, namespace::drop) : reads.compose(() -> series.drop(command));
    }

    /** The failure as clients see it; what is no refusal is logged, for it is ours. */
    private static GoShareException told(Command command, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof GoShareException known) {
            return known;
        }
        if (cause instanceof EngineException engine) {
            return Failures.of(engine);
        }
        if (cause instanceof TimeoutException) {
            String outcome = command.verb().access() == Verb.Access.READ ? "" : "; it may still be applied";
            return new GoShareException(
                    ErrorCode.TIMEOUT,
                    command.verb().word() + " takes longer than timeout="
                            + Durations.print(command.require(Param.TIMEOUT)) + outcome,
                    cause);
        }
        LOG.error("{} failed", command.verb().word(), cause);
        return new GoShareException(
                ErrorCode.INTERNAL,
                command.verb().word() + " failed: " + cause.getClass().getSimpleName(),
                cause);
    }

    /** Ends sweeps and reads under way. Commands after it are refused as closed where they need a thread. */
    @Override
    public void close() {
        retention.close();
        watches.close();
        watchPages.close();
        housekeeping.close();
        reads.close();
    }
}
