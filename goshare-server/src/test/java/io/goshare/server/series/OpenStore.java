package io.goshare.server.series;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Receipt;
import io.goshare.server.commit.WriteRequest;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A series store with all below it, opened, closed and opened again over the same rows. */
final class OpenStore implements AutoCloseable {
    /** No checkpoint but those asked for, and no log entry kept for watchers. */
    static final SeriesConfig BY_HAND = SeriesConfig.defaults()
            .withCheckpointAge(Duration.ofDays(1))
            .withWatch(Duration.ZERO, 0)
            .withBounds(1L << 40, 1L << 40);

    /** Why a store ended, without a stack trace: there are many. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended(String why) {
            super(why, null, false, false);
        }
    }

    final DataDirectory directory;
    final SeriesConfig config;
    StorageEngine base;
    GroupCommitter committer;
    LocalSeriesStore series;

    OpenStore(DataDirectory directory, SeriesConfig config) {
        this.directory = directory;
        this.config = config;
        open();
    }

    static OpenStore inMemory(SeriesConfig config) {
        return new OpenStore(DataDirectory.inMemory(new MemoryEngineProvider()), config);
    }

    private void open() {
        boolean create = !directory.hasStore(DataDirectory.BASE);
        base = directory.engine(DataDirectory.BASE, EngineOptions.DEFAULTS, create);
        committer = new GroupCommitter(base, Clock.systemUTC(), false);
        series = LocalSeriesStore.open(directory, base, committer, config);
        committer.replay(series.replayer());
        committer.start();
        series.start();
    }

    void reopen() {
        shut();
        open();
    }

    /** Opens again after an end that left no time for anything. */
    void crash() {
        committer.failed(new Ended("crash of a test"));
        reopen();
    }

    /** Opens again after {@code cut} took what was not yet on stable storage. */
    void powerCut(Runnable cut) {
        committer.failed(new Ended("power cut of a test"));
        shut();
        cut.run();
        open();
    }

    private void shut() {
        committer.close();
        series.close();
        base.close();
    }

    Receipt commit(Mutation... mutations) {
        return committer.commit(WriteRequest.of(mutations)).join();
    }

    void write(PointBatch batch) {
        commit(series.points(batch));
    }

    void write(String path, long time, Value value) {
        write(new PointBatch.Builder().add(key(path), time, value).build());
    }

    RetentionReport retain(List<RetentionRule> rules, long now) {
        return series.retain(rules, now, () -> false);
    }

    static SeriesKey key(String path) {
        return SeriesKey.of(Path.parse(path));
    }

    NavigableMap<Long, Value> read(String path, TimeRange range) {
        return read(key(path), range);
    }

    NavigableMap<Long, Value> read(SeriesKey key, TimeRange range) {
        try (SeriesView view = series.view(SeriesFilter.of(key), range)) {
            return view.size() == 0 ? new TreeMap<>() : map(view.read(0));
        }
    }

    NavigableMap<Long, Value> readWithPrevious(SeriesKey key, TimeRange range) {
        try (SeriesView view = series.view(SeriesFilter.of(key), range)) {
            return view.size() == 0 ? new TreeMap<>() : map(view.readWithPrevious(0, range));
        }
    }

    NavigableMap<Long, Value> read(String path) {
        return read(path, TimeRange.ALL);
    }

    NavigableMap<Long, Value> asOf(String path, long time) {
        return asOf(key(path), time);
    }

    NavigableMap<Long, Value> asOf(SeriesKey key, long time) {
        try (SeriesView view = series.view(SeriesFilter.of(key), new TimeRange(time, time))) {
            return view.size() == 0 ? new TreeMap<>() : map(view.asOf(0, time));
        }
    }

    static NavigableMap<Long, Value> map(Points points) {
        NavigableMap<Long, Value> map = new TreeMap<>();
        for (int i = 0; i < points.count(); i++) {
            Map.Entry<Long, Value> last = map.lastEntry();
            if (last != null && last.getKey() >= points.times()[i]) {
                throw new AssertionError("times " + last.getKey() + ", " + points.times()[i]);
            }
            map.put(points.times()[i], points.value(i));
        }
        return map;
    }

    @Override
    public void close() {
        shut();
        directory.close();
    }
}
