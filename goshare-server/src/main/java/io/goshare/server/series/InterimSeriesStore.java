package io.goshare.server.series;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.LogReplayer;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Staging;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Series in memory and in the log, until the series engine lands. */
public final class InterimSeriesStore implements SeriesStore, LogReplayer {
    private static final byte TAG = 'i';

    private static final class One {
        final long id;
        SeriesSettings settings;
        final TreeMap<Long, Value> points = new TreeMap<>();

        One(long id, SeriesSettings settings) {
            this.id = id;
            this.settings = settings;
        }
    }

    private final TreeMap<SeriesKey, One> all = new TreeMap<>();
    private long ids;

    private static Mutation mutation(long bytes, Function<Staging, Value> stage) {
        return new Mutation() {
            @Override
            public Value stage(Staging staging) {
                return stage.apply(staging);
            }

            @Override
            public long bytes() {
                return bytes;
            }
        };
    }

    @Override
    public Mutation points(PointBatch batch) {
        return mutation(32L * batch.rows(), staging -> {
            Map<Integer, Long> extra = new HashMap<>();
            for (int row = 0; row < batch.rows(); row++) {
                long time = batch.times()[row];
                int series = batch.series()[row];
                if (time == PointBatch.NO_TIME) {
                    time = staging.now() + extra.merge(series, 1L, Long::sum) - 1;
                }
                Value value = batch.value(row);
                byte[] name = batch.name(series);
                ByteBuffer out = ByteBuffer.allocate(1 + 2 + name.length + 8 + 10 + value.bytes().length)
                        .put((byte) 0)
                        .putShort((short) name.length)
                        .put(name)
                        .putLong(time)
                        .put((byte) value.kind().code())
                        .put((byte) value.scale());
                if (value.kind().isBytes()) {
                    out.put(value.bytes());
                } else {
                    out.putLong(value.word());
                }
                byte[] payload = Arrays.copyOf(out.array(), out.position());
                staging.log(TAG, payload);
                staging.afterWrite(() -> apply(payload));
            }
            return Value.of((long) batch.rows());
        });
    }

    private synchronized List<SeriesKey> matching(SeriesFilter filter) {
        return all.keySet().stream().filter(filter::matches).toList();
    }

    private Mutation each(SeriesFilter filter, byte what, byte[] argument) {
        return mutation(100, staging -> {
            List<SeriesKey> keys = matching(filter);
            for (SeriesKey key : keys) {
                byte[] name = key.encoded();
                byte[] payload = ByteBuffer.allocate(3 + name.length + argument.length)
                        .put(what)
                        .putShort((short) name.length)
                        .put(name)
                        .put(argument)
                        .array();
                staging.log(TAG, payload);
                staging.afterWrite(() -> apply(payload));
            }
            return Value.of((long) keys.size());
        });
    }

    @Override
    public Mutation erase(SeriesFilter filter, TimeRange range) {
        return each(
                filter,
                (byte) 1,
                ByteBuffer.allocate(16)
                        .putLong(range.from())
                        .putLong(range.to())
                        .array());
    }

    @Override
    public Mutation drop(SeriesFilter filter) {
        return each(filter, (byte) 2, new byte[0]);
    }

    @Override
    public Mutation settings(SeriesFilter filter, SeriesSettings settings) {
        return mutation(100, staging -> {
            List<SeriesKey> keys = matching(filter);
            staging.afterWrite(() -> {
                synchronized (this) {
                    all.forEach((key, one) -> {
                        if (keys.contains(key)) {
                            one.settings = settings;
                        }
                    });
                }
            });
            return Value.of((long) keys.size());
        });
    }

    private synchronized void apply(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        byte what = in.get();
        byte[] name = new byte[in.getShort()];
        in.get(name);
        SeriesKey key = SeriesKey.decode(name);
        if (what == 0) {
            long time = in.getLong();
            Kind kind = Kind.of(in.get());
            int scale = in.get();
            byte[] bytes = new byte[kind.isBytes() ? in.remaining() : 0];
            long word = kind.isBytes() ? 0 : in.getLong();
            in.get(bytes);
            all.computeIfAbsent(key, k -> new One(++ids, SeriesSettings.inferred(kind)))
                    .points
                    .put(time, Value.fromColumns(kind, scale, word, bytes));
        } else if (what == 1 && all.containsKey(key)) {
            all.get(key).points.subMap(in.getLong(), in.getLong()).clear();
        } else if (what == 2) {
            all.remove(key);
        }
    }

    @Override
    public boolean owns(byte tag) {
        return tag == TAG;
    }

    @Override
    public void replay(long revision, byte tag, byte[] payload) {
        apply(payload);
    }

    @Override
    public synchronized SeriesView view(SeriesFilter filter, TimeRange range) {
        List<SeriesKey> keys = new ArrayList<>();
        List<One> ones = new ArrayList<>();
        all.forEach((key, one) -> {
            if (filter.matches(key)) {
                keys.add(key);
                ones.add(one);
            }
        });
        return new SeriesView() {
            @Override
            public long revision() {
                return 0;
            }

            @Override
            public TimeRange range() {
                return range;
            }

            @Override
            public int size() {
                return keys.size();
            }

            @Override
            public SeriesInfo series(int index) {
                return new SeriesInfo(ones.get(index).id, keys.get(index), ones.get(index).settings);
            }

            @Override
            public Points read(int index, TimeRange part) {
                synchronized (InterimSeriesStore.this) {
                    return points(ones.get(index).points.subMap(part.from(), part.to()));
                }
            }

            @Override
            public Points asOf(int index, long time) {
                synchronized (InterimSeriesStore.this) {
                    Map.Entry<Long, Value> entry = ones.get(index).points.floorEntry(time);
                    return points(entry == null ? Map.of() : Map.of(entry.getKey(), entry.getValue()));
                }
            }

            @Override
            public void close() {}
        };
    }

    private static Points points(Map<Long, Value> rows) {
        PointBatch.Builder builder = new PointBatch.Builder(rows.size());
        int series = builder.series(SeriesKey.of(Path.parse("x")));
        rows.forEach((time, value) -> builder.add(series, time, value));
        PointBatch batch = builder.build();
        return new Points(batch.rows(), batch.times(), batch.tags(), batch.words(), batch.heap());
    }

    @Override
    public synchronized List<Path> children(Path path) {
        TreeSet<Path> children = new TreeSet<>();
        all.keySet().stream()
                .map(SeriesKey::path)
                .filter(below -> path.contains(below) && !path.equals(below))
                .forEach(below -> children.add(Path.of(below.segments().subList(0, path.depth() + 1))));
        return List.copyOf(children);
    }

    @Override
    public synchronized SeriesReport report() {
        return new SeriesReport(all.size(), 0, 0, 0, 0, new TreeMap<>());
    }
}
