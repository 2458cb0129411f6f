package io.goshare.server.keyvalue;

import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Keys and values in one storage engine. */
public final class LocalKeyValueStore implements KeyValueStore {
    private final StorageEngine base;
    private final Clock clock;
    private final ExpirySweep sweep = new ExpirySweep();

    public LocalKeyValueStore(StorageEngine base, Clock clock) {
        this.base = base;
        this.clock = clock;
    }

    @Override
    public Optional<Entry> get(byte[] key) {
        return base.get(KeyValueRow.key(key)).map(KeyValueRow::decode).filter(this::isAlive);
    }

    @Override
    public List<Optional<Entry>> get(List<byte[]> keys) {
        if (keys.size() == 1) {
            return List.of(get(keys.get(0)));
        }
        List<Optional<Entry>> entries = new ArrayList<>(keys.size());
        ValueBytes bytes = new ValueBytes();
        try (Snapshot now = base.snapshot()) {
            for (byte[] key : keys) {
                Optional<Entry> entry = base.get(now, KeyValueRow.key(key))
                        .map(KeyValueRow::decode)
                        .filter(this::isAlive);
                entry.ifPresent(found -> bytes.add(found.value()));
                entries.add(entry);
            }
        }
        return entries;
    }

    @Override
    public Page<Row> scan(byte[] prefix, byte[] from, PageRequest request) {
        byte[] first = KeyValueRow.key(prefix);
        byte[] start = KeyValueRow.key(from);
        List<Row> rows = new ArrayList<>();
        AtomicReference<byte @Nullable []> next = new AtomicReference<>();
        PageRequest.Meter meter = request.meter();
        base.scan(
                null, Arrays.compareUnsigned(start, first) < 0 ? first : start, Tables.behind(first), (row, value) -> {
                    byte[] key = KeyValueRow.keyOf(row);
                    if (!meter.hasRoom() || !meter.look()) {
                        next.set(key);
                        return false;
                    }
                    Entry entry = KeyValueRow.decode(value);
                    if (isAlive(entry)) {
                        meter.take(row.length + value.length);
                        rows.add(new Row(key, entry));
                    }
                    return true;
                });
        return new Page<>(rows, Optional.ofNullable(next.get()));
    }

    private boolean isAlive(Entry entry) {
        return entry.expires() == Entry.NEVER || entry.expires() > nanos(clock.instant());
    }

    private static long nanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }

    @Override
    public Mutation put(byte[] key, Value value, OptionalLong lifetime, Condition condition) {
        return new KeyChange.Put(sweep, key, value, lifetime, condition);
    }

    @Override
    public Mutation delete(byte[] key, Condition condition) {
        return new KeyChange.Delete(sweep, key, condition);
    }

    @Override
    public Mutation increment(byte[] key, long delta, OptionalLong lifetime) {
        return new KeyChange.Increment(sweep, key, delta, lifetime);
    }

    @Override
    public Mutation sweepExpired(int rows) {
        return sweep.slice(rows);
    }
}
