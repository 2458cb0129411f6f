package io.goshare.server.series;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.commit.LogReplayer;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Numbers;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/**
 * Series on storage engines of this process. Opening order: {@link #open}, the committer's replay with
 * {@link #replayer}, the committer's start, {@link #start}. Close the committer first, then this, then the base store;
 * the data directory stays the caller's.
 */
public final class LocalSeriesStore implements SeriesStore, AutoCloseable {
    /** Of the heap, for what was read of chunks. */
    private static final int CACHED_PART = 16;

    final StorageEngine base;
    final GroupCommitter committer;
    final SeriesConfig config;
    final ChunkCache chunkCache = new ChunkCache(Runtime.getRuntime().maxMemory() / CACHED_PART);
    final Cardinality cardinality;
    final Catalog catalog;
    final Periods periods;
    final Presence presence;
    final LastKept lastKept;
    final PeriodStores stores;
    final Numbers writeNumbers;
    final ChunkEnds chunkEnds;
    final Rollups rollups = new Rollups(this);

    private final NameHash hashKey = new NameHash();
    private final Numbers ids;
    private final Checkpointer checkpointer;
    private final Retention retention = new Retention(this);
    final Reclaim reclaim = new Reclaim(this);
    private long lastServerTime = Long.MIN_VALUE;
    private boolean replaying = true;
    private volatile Supplier<Floors> floors = () -> Floors.NONE;

    final UnsealedPoints unsealed = new UnsealedPoints();
    private final AtomicLong version = new AtomicLong();

    private LocalSeriesStore(
            DataDirectory directory, StorageEngine base, GroupCommitter committer, SeriesConfig config) {
        this.base = base;
        this.committer = committer;
        this.config = config;
        this.cardinality = new Cardinality(config.maxSeries(), config.maxNamespaceSeries());
        this.catalog = Catalog.open(base, newHash(), cardinality);
        this.periods = Periods.open(base, config.period());
        this.presence = new Presence(base);
        this.chunkEnds = new ChunkEnds(periods, presence);
        this.lastKept = new LastKept(base);
        this.stores = new PeriodStores(directory, config.stores());
        periods.leftOver().forEach(period -> {
            directory.deleteStore(period.store());
            periods.forget(period);
        });
        stores.check(periods.all(), period -> !presence.isEmpty(period));
        this.ids = Numbers.open(base, "series");
        this.writeNumbers = Numbers.open(base, "writes");
        this.checkpointer = new Checkpointer(this);
        committer.gate(this::mayCommit);
    }

    /**
     * Opens the series of {@code directory}, whose base store is {@code base}.
     *
     * @throws io.goshare.server.engine.EngineException {@code DAMAGED} if the store of a listed period is missing or
     *     another one
     */
    public static LocalSeriesStore open(
            DataDirectory directory, StorageEngine base, GroupCommitter committer, SeriesConfig config) {
        return new LocalSeriesStore(directory, base, committer, config);
    }

    /** Takes the operations of series from the log. */
    public LogReplayer replayer() {
        return new LogReplayer() {
            @Override
            public boolean owns(byte tag) {
                return switch (tag) {
                    case Operations.REGISTER,
                            Operations.SETTINGS,
                            Operations.POINTS,
                            Operations.ERASE,
                            Operations.EXPIRE,
                            Operations.DROP -> true;
                    default -> false;
                };
            }

            @Override
            public void replay(long revision, byte tag, byte[] payload) {
                switch (tag) {
                    case Operations.REGISTER -> applyRegister(payload);
                    case Operations.SETTINGS -> applySettings(payload);
                    case Operations.POINTS -> replayPoints(revision, PointsOperation.decode(payload));
                    case Operations.ERASE -> applyErase(payload, revision, false);
                    case Operations.EXPIRE -> applyErase(payload, revision, true);
                    default -> applyDrop(payload, revision);
                }
            }
        };
    }

    /** Begins to make checkpoints by itself. */
    public void start() {
        replaying = false;
        checkpointer.start();
    }

    /**
     * Runs {@code step} in each checkpoint, after data is in place and before log entries go. Before {@link #start}.
     */
    public void atCheckpoint(CheckpointStep step) {
        checkpointer.add(step);
    }

    /** Brings everything acknowledged so far into its place, and returns once it is. */
    public void checkpoint() {
        checkpointer.run();
    }

    NameHash newHash() {
        return hashKey.sameKey();
    }

    @Override
    public Mutation points(PointBatch batch) {
        return new PointsMutation(this, batch);
    }

    @Override
    public List<RejectedRow> refusals(PointBatch batch) {
        NameHash hash = newHash();
        Map<String, Integer> ahead = new HashMap<>();
        List<Optional<Kind>> strict = new ArrayList<>();
        List<Optional<String>> refused = new ArrayList<>();
        for (int i = 0; i < batch.seriesCount(); i++) {
            byte[] name = batch.name(i);
            hash.of(name);
            int id = catalog.find(hash.high, hash.low);
            strict.add(id == 0 ? Optional.empty() : strict(id));
            refused.add(id == 0 ? cardinality.refusal(name, ahead) : Optional.empty());
        }
        List<RejectedRow> refusals = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            int series = batch.series()[row];
            Optional<Kind> only = strict.get(series);
            if (batch.times()[row] == Long.MAX_VALUE) {
                refusals.add(new RejectedRow(row + 1L, "time", PackedBatch.TOO_LATE));
            } else if (refused.get(series).isPresent()) {
                refusals.add(
                        new RejectedRow(row + 1L, "path", refused.get(series).get()));
            } else if (only.isPresent() && !PointsMutation.takes(only.get(), PointBatch.kind(batch.tags()[row]))) {
                refusals.add(new RejectedRow(row + 1L, "value", PointsMutation.mismatch(batch, row, only.get())));
            }
        }
        return refusals;
    }

    @Override
    public Mutation erase(SeriesFilter filter, TimeRange range) {
        RoaringBitmap found = resolve(filter);
        return new IdsMutation(
                Operations.ERASE,
                found,
                Operations.erase(found, range),
                (payload, revision) -> applyErase(payload, revision, false),
                staging -> lastKept.erase(found, range, staging));
    }

    /** As {@link #erase}, but what {@link LastKept} and {@link Rollups} keep stays. */
    Mutation expire(RoaringBitmap ids, TimeRange range) {
        return new IdsMutation(
                Operations.EXPIRE,
                ids,
                Operations.erase(ids, range),
                (payload, revision) -> applyErase(payload, revision, true),
                staging -> {});
    }

    @Override
    public Mutation drop(SeriesFilter filter) {
        RoaringBitmap found = resolve(filter);
        return new IdsMutation(
                Operations.DROP,
                found,
                Operations.drop(found),
                this::applyDrop,
                staging -> lastKept.erase(found, TimeRange.ALL, staging));
    }

    @Override
    public Mutation settings(SeriesFilter filter, SeriesSettings settings) {
        RoaringBitmap found = resolve(filter);
        return new IdsMutation(
                Operations.SETTINGS,
                found,
                Operations.settings(found, settings),
                (payload, revision) -> applySettings(payload),
                staging -> {});
    }

    @Override
    public void clip(List<RetentionRule> rules, LongSupplier now) {
        List<RetentionRule> own = List.copyOf(rules);
        floors = () -> Floors.at(own, now);
    }

    @Override
    public void rollups(List<RollupRule> rules, Summariser summariser) {
        rollups.ask(rules, summariser);
    }

    @Override
    public RetentionReport retain(List<RetentionRule> rules, long now, BooleanSupplier stopping) {
        return retention.run(rules, now, stopping);
    }

    /** Runs {@code work} while no checkpoint is made. */
    <T> T exclusively(Supplier<T> work) {
        return checkpointer.exclusively(work);
    }

    /** Takes a period out of the table, lets its readers end, and deletes its store; the bytes that it had. */
    long drop(Period period) {
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        periods.gone(period, batch);
        presence.delete(period, batch);
        base.write(batch);
        base.sync();
        config.failPoints().reach("retention.gone");
        committer.excludingReads(() -> {
            periods.remove(period);
            version.incrementAndGet();
        });
        long bytes = stores.remove(period);
        presence.forget(period);
        rollups.forget(period);
        config.failPoints().reach("retention.deleted");
        periods.forget(period);
        return bytes;
    }

    RoaringBitmap resolve(SeriesFilter filter) {
        return catalog.ids(filter, newHash());
    }

    /** An id for a name that no live series has. The same until the series is registered. Commit thread. */
    int assign(byte[] name, long high, long low) {
        return catalog.assign(name, high, low, () -> {
            int id = Math.toIntExact(ids.take());
            ids.reserve(base);
            return id;
        });
    }

    Optional<Kind> strict(int id) {
        return catalog.declared(id).flatMap(SeriesSettings::strict);
    }

    void promise(long[] times, int count) {
        periods.promise(times, count, rollups.emptied());
    }

    /** The server's time for points without one: never the same twice, though the clock may stand or step back. */
    long serverTime(long now, int rows) {
        long time = Math.max(now, lastServerTime + 1);
        lastServerTime = time + rows - 1;
        return time;
    }

    private void applyRegister(byte[] payload) {
        NameHash hash = newHash();
        Operations.readRegister(payload, (id, kind, name) -> {
            hash.of(name);
            register(id, kind, name, hash.high, hash.low);
        });
    }

    /** Makes a series known that the log has. */
    void register(int id, SeriesKind kind, byte[] name, long high, long low) {
        catalog.register(id, name, kind, high, low);
    }

    void applyPoints(long revision, PointsOperation operation) {
        int[] ids = operation.ids().clone();
        catalog.keepLive(ids);
        unsealed.append(ids, revision, operation);
        if (!replaying) {
            checkpointer.wakeIfDue();
        }
    }

    /** As {@link #applyPoints}; chunks may hold these points already, though presence does not tell yet. */
    private void replayPoints(long revision, PointsOperation operation) {
        applyPoints(revision, operation);
        int total = 0;
        for (int count : operation.counts()) {
            total += count;
        }
        periods.promiseAgain(operation.points().times(), total);
        int row = 0;
        for (int i = 0; i < operation.ids().length; i++) {
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (int end = row + operation.counts()[i]; row < end; row++) {
                first = Math.min(first, operation.points().times()[row]);
                last = Math.max(last, operation.points().times()[row]);
            }
            for (Period period : periods.in(new TimeRange(first, last + 1))) {
                presence.add(period, operation.ids()[i]);
            }
        }
    }

    private void applyErase(byte[] payload, long revision, boolean expired) {
        var in = Operations.open(payload);
        TimeRange range = Operations.readRange(in);
        unsealed.erase(Operations.readIds(in), range, revision, expired);
    }

    private void applyDrop(byte[] payload, long revision) {
        RoaringBitmap dropped = Operations.readIds(Operations.open(payload));
        catalog.drop(dropped);
        unsealed.erase(dropped, TimeRange.ALL, revision, false);
        version.incrementAndGet();
    }

    private void applySettings(byte[] payload) {
        var in = Operations.open(payload);
        RoaringBitmap set = Operations.readIds(in);
        catalog.set(set, SettingsCodec.read(in));
    }

    /** What a checkpoint has set aside. */
    record Frozen(long revision, List<Heads> generations, Erasures erasures, Catalog.Changes changes) {}

    /** Sets aside all that is in memory, to be brought into place. */
    Frozen freeze() {
        Frozen[] out = new Frozen[1];
        committer.excludingReads(() -> {
            long revision = committer.revision();
            Erasures erasures = unsealed.erasures().upTo(revision);
            out[0] = new Frozen(revision, unsealed.freeze(), erasures, catalog.freeze());
        });
        return out[0];
    }

    /** Lets go of what a checkpoint brought into place. */
    void release(Frozen done) {
        committer.excludingReads(() -> {
            unsealed.release(done.generations, done.revision);
            version.incrementAndGet();
        });
        committer.gateOpened();
    }

    private boolean mayCommit() {
        return committer.log().unsealedBytes() < config.logBytes()
                && unsealed.bytes() < config.unsealedBytes()
                && catalog.unsaved() < 4 * Checkpointer.MOST_NAMES;
    }

    @Override
    public SeriesView view(SeriesFilter filter, TimeRange range) {
        return LocalSeriesView.open(this, filter, range, floors.get());
    }

    /** As {@link #view}; it sees below the floors of retention too. */
    SeriesView viewOfAll(SeriesFilter filter, TimeRange range) {
        return LocalSeriesView.open(this, filter, range, Floors.NONE);
    }

    @Override
    public boolean isShort(SeriesFilter filter, TimeRange range) {
        return ShortReads.isShort(this, filter, range);
    }

    long version() {
        return version.get();
    }

    @Override
    public List<Path> children(Optional<Path> parent, byte[] from, int most) {
        return catalog.children(parent.map(Path::subtreePrefix).orElseGet(() -> new byte[0]), from, most);
    }

    /** What monitoring asks for, by name, with labels. Cheap. */
    public Map<String, Double> gauges() {
        Map<String, Double> gauges = new TreeMap<>();
        gauges.put("goshare_series", (double) catalog.size());
        gauges.put("goshare_series_limit", (double) config.maxSeries());
        gauges.put("goshare_namespace_series_limit", (double) config.maxNamespaceSeries());
        cardinality
                .largest(20)
                .forEach((name, series) -> gauges.put(
                        "goshare_namespace_series{namespace=\""
                                + name.replace("\\", "\\\\")
                                        .replace("\"", "\\\"")
                                        .replace("\n", "\\n") + "\"}",
                        (double) series));
        gauges.put("goshare_unsealed_bytes", (double) unsealed.bytes());
        gauges.put("goshare_reclaimed_bytes", (double) reclaim.bytes());
        return gauges;
    }

    @Override
    public void read(byte tag, byte[] operation, LoggedSeries reader) {
        switch (tag) {
            case Operations.POINTS -> PointsOperation.read(operation, reader);
            case Operations.ERASE, Operations.EXPIRE -> {
                var in = Operations.open(operation);
                TimeRange range = Operations.readRange(in);
                each(Operations.readIds(in), reader, id -> reader.erased(id, range));
            }
            case Operations.DROP -> each(Operations.readIds(Operations.open(operation)), reader, reader::dropped);
            default -> {
                // names and settings, or another store's
            }
        }
    }

    private static void each(RoaringBitmap ids, LoggedSeries reader, IntConsumer told) {
        ids.forEach((org.roaringbitmap.IntConsumer) id -> {
            if (reader.wants(id)) {
                told.accept(id);
            }
        });
    }

    @Override
    public SeriesKey name(int id) {
        return SeriesKey.decode(catalog.name(id));
    }

    @Override
    public SeriesReport report() {
        return StorageReport.of(this, committer.startRead(unsealed::points));
    }

    /** Stops checkpoints and closes the stores of periods. What is only in memory stands in the log. */
    @Override
    public void close() {
        checkpointer.close();
        stores.close();
        if (!committer.isReadOnly()) {
            ids.close(base);
            writeNumbers.close(base);
        }
    }
}
