package io.goshare.it.durability;

import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * One client of a mixed load: puts, deletes, batches, compare-and-set, namespace values and points on keys of its own,
 * one request after the other, until the server is gone. For one thread at a time.
 */
public final class LoadClient {
    private static final long FIRST_NANOS = 1_750_000_000_000_000_000L;

    private final String name;
    private final String door;
    private final Random random;
    private final Expected expected = new Expected();
    private final int largeValues;
    private long number;

    /** @param largeValues number of values of almost 1 MiB that a put has at most; 0: puts are small */
    public LoadClient(String name, String door, long seed, int largeValues) {
        this.name = name;
        this.door = door;
        this.random = new Random(seed);
        this.largeValues = largeValues;
    }

    public String door() {
        return door;
    }

    public long acknowledged() {
        return expected.acknowledged();
    }

    /** Sends requests until one is not answered. */
    public void run(CommandHandler store) {
        while (!Thread.currentThread().isInterrupted() && request(store)) {
            number++;
        }
    }

    private boolean request(CommandHandler store) {
        Map<String, Optional<String>> changes = new TreeMap<>();
        Command command = switch (random.nextInt(8)) {
            case 0 -> delete(changes);
            case 1 -> batch(changes);
            case 2 -> compareAndSet(changes);
            case 3 -> putPath(changes);
            case 4 -> deletePaths(changes);
            case 5, 6 -> points(changes);
            default -> put(changes);
        };
        expected.begin(changes);
        try {
            StoreReader.done(store, command);
            expected.acknowledge();
            return true;
        } catch (GoShareException e) {
            boolean unknown =
                    e.code() == ErrorCode.TIMEOUT || e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.CLOSED;
            if (!unknown) {
                throw new AssertionError(name + ": " + command + " was refused", e);
            }
            return false;
        }
    }

    private Command put(Map<String, Optional<String>> changes) {
        if (largeValues > 0) {
            return putLarge(changes);
        }
        String key = name + ":k" + random.nextInt(20);
        String value = "v" + number;
        changes.put("kv " + key, Optional.of(value));
        return Command.of(Verb.PUT).with(Param.KEY, key).with(new Body.Single(Value.of(value)));
    }

    /** One request, which is one record of the log, of 1 to 8 values of almost 1 MiB. */
    private Command putLarge(Map<String, Optional<String>> changes) {
        Table rows = Table.of("key", "value");
        for (int i = random.nextInt(largeValues); i >= 0; i--) {
            String key = name + ":large" + i;
            String value = "v" + number + "x".repeat(1_000_000 + random.nextInt(40_000));
            changes.put("kv " + key, Optional.of(value));
            rows.add(Value.of(key), Value.of(value));
        }
        return Command.of(Verb.PUT).with("fmt", "csv").with(new Body.Rows(rows));
    }

    private Command delete(Map<String, Optional<String>> changes) {
        String key = name + ":k" + random.nextInt(20);
        changes.put("kv " + key, Optional.empty());
        return Command.of(Verb.DEL).with(Param.KEY, key);
    }

    private Command batch(Map<String, Optional<String>> changes) {
        Table rows = Table.of("key", "value");
        for (int i = 0; i < 5; i++) {
            String key = name + ":b" + random.nextInt(10) + ":" + i;
            String value = "b" + number;
            if (changes.put("kv " + key, Optional.of(value)) == null) {
                rows.add(Value.of(key), Value.of(value));
            }
        }
        return Command.of(Verb.PUT).with(new Body.Rows(rows));
    }

    private Command compareAndSet(Map<String, Optional<String>> changes) {
        String key = name + ":cas";
        String value = "c" + number;
        changes.put("kv " + key, Optional.of(value));
        Command command = Command.of(Verb.CAS).with(Param.KEY, key).with(Param.VALUE, value);
        Optional<String> before = expected.value("kv " + key);
        return before.isPresent() ? command.with(Param.EXPECT, before.get()) : command.with(Param.REV, 0L);
    }

    private Command putPath(Map<String, Optional<String>> changes) {
        String path = name + ":" + (char) ('a' + random.nextInt(3)) + ":" + random.nextInt(5);
        String value = "n" + number;
        changes.put("ns " + path, Optional.of(value));
        return Command.of(Verb.PUT).with(Param.FACE, "ns").with("path", path).with(Param.VALUE, value);
    }

    private Command deletePaths(Map<String, Optional<String>> changes) {
        String path = name + ":" + (char) ('a' + random.nextInt(3));
        expected.all().keySet().stream()
                .filter(key -> key.startsWith("ns " + path + ":"))
                .forEach(key -> changes.put(key, Optional.empty()));
        return Command.of(Verb.DEL).with(Param.FACE, "ns").with("path", path).with(Param.RECURSIVE, true);
    }

    /** Ten points of two series; now and then at a time that had one before. */
    private Command points(Map<String, Optional<String>> changes) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < 10; i++) {
            String series = name + ":s" + i % 2;
            long slot = random.nextInt(20) == 0 ? random.nextInt(100) : number * 10 + i;
            long nanos = FIRST_NANOS + slot * 1_000_000L;
            String value = String.valueOf(number * 10 + i);
            changes.put("pt " + series + "@" + nanos, Optional.of(value));
            batch.add(SeriesKey.of(Path.parse(series)), nanos, Value.of(number * 10 + i));
        }
        return Command.of(Verb.WRITE).with(new Body.Points(batch.build()));
    }

    /** Reads all of its keys back and holds them against what it was told. */
    public void verify(CommandHandler store) {
        StoreReader reader = new StoreReader(store, "csv");
        Map<String, String> found = new TreeMap<>();
        reader.keys(name + ":").forEach((key, value) -> found.put("kv " + key, value));
        reader.paths(name).forEach((path, value) -> found.put("ns " + path, value));
        reader.points(name + ":**").forEach((point, value) -> found.put("pt " + point, value));
        expected.verify(name + " over " + door, found);
    }
}
