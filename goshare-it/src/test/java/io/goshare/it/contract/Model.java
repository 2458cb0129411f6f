package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A store as three sorted maps, and random operations that are done to both. All names begin with the model's own, so
 * that many models share a server.
 */
final class Model {
    private static final List<String> SEGMENTS = List.of("a", "b", "", "ключ", "x y", "p,q", "\"q\"", "a.b", "0");
    private static final List<String> VALUES =
            List.of("", "0.50", "007", "1e5", "true", "-3", "9223372036854775807", " blank ", "two\nlines", "é,\"x\"");
    private static final long FIRST_NANOS = 1_750_000_000_000_000_000L;

    private final String name;
    private final Random random;
    private final Map<String, String> keys = new TreeMap<>();
    private final Map<String, String> paths = new TreeMap<>();
    private final Map<String, String> points = new TreeMap<>();
    private final List<String> story = new ArrayList<>();

    Model(String name, Random random) {
        this.name = name;
        this.random = random;
    }

    /** What was done, the last operation last. */
    String story() {
        return String.join("\n", story);
    }

    /** One random operation on both. */
    void step(CommandHandler store) {
        switch (random.nextInt(12)) {
            case 0, 1 -> put(store);
            case 2 -> putMany(store);
            case 3 -> delete(store);
            case 4 -> compareAndSet(store);
            case 5 -> increment(store);
            case 6 -> putPath(store);
            case 7 -> deletePaths(store);
            case 8, 9 -> writePoints(store);
            case 10 -> erasePoints(store);
            default -> read(store);
        }
    }

    private void put(CommandHandler store) {
        String key = path();
        String value = value();
        done(store, Command.of(Verb.PUT).with(Param.KEY, key).with(new Body.Single(Value.of(value))));
        keys.put(key, value);
    }

    private void putMany(CommandHandler store) {
        Table rows = Table.of("key", "value");
        for (int i = 0; i < 3; i++) {
            String key = path();
            String value = value();
            rows.add(Value.of(key), Value.of(value));
            keys.put(key, value); // the last of a repeated key wins
        }
        done(store, Command.of(Verb.PUT).with(new Body.Rows(rows)));
    }

    private void delete(CommandHandler store) {
        String key = path();
        done(store, Command.of(Verb.DEL).with(Param.KEY, key));
        keys.remove(key);
    }

    private void compareAndSet(CommandHandler store) {
        String key = path();
        String expect = random.nextBoolean() ? keys.getOrDefault(key, "none") : "none";
        Command command = Command.of(Verb.CAS)
                .with(Param.KEY, key)
                .with(Param.EXPECT, expect)
                .with(Param.VALUE, "swapped");
        if (expect.equals(keys.get(key))) {
            done(store, command);
            keys.put(key, "swapped");
        } else {
            refused(store, command, ErrorCode.CONFLICT);
        }
    }

    private void increment(CommandHandler store) {
        String key = name + ":count";
        long delta = random.nextInt(10) - 5;
        done(store, Command.of(Verb.INCR).with(Param.KEY, key).with(Param.DELTA, delta));
        keys.merge(key, String.valueOf(delta), (a, b) -> String.valueOf(Long.parseLong(a) + Long.parseLong(b)));
    }

    private void putPath(CommandHandler store) {
        String path = path();
        String value = value();
        done(store, ns(Verb.PUT, path).with(new Body.Single(Value.of(value))));
        paths.put(path, value);
    }

    private void deletePaths(CommandHandler store) {
        String path = path();
        boolean recursive = random.nextBoolean();
        done(store, ns(Verb.DEL, path).with(Param.RECURSIVE, recursive));
        paths.keySet().removeIf(one -> one.equals(path) || recursive && one.startsWith(path + ":"));
    }

    private void writePoints(CommandHandler store) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = 0; i < 10; i++) {
            String series = name + ":s" + random.nextInt(3);
            long nanos = FIRST_NANOS + random.nextInt(50) * 1_000_000_000L;
            String value = VALUES.get(random.nextInt(VALUES.size()));
            batch.add(SeriesKey.of(Path.parse(series)), nanos, Value.of(value));
            points.put(series + "@" + nanos, value);
        }
        done(store, Command.of(Verb.WRITE).with(new Body.Points(batch.build())));
    }

    private void erasePoints(CommandHandler store) {
        String series = name + ":s" + random.nextInt(3);
        long from = FIRST_NANOS + random.nextInt(50) * 1_000_000_000L;
        long to = from + random.nextInt(10) * 1_000_000_000L;
        done(
                store,
                Command.of(Verb.ERASE)
                        .with("sel", series)
                        .with("from", from + "ns")
                        .with("to", to + "ns"));
        points.keySet().removeIf(point -> {
            int at = point.lastIndexOf('@');
            long time = Long.parseLong(point.substring(at + 1));
            return point.substring(0, at).equals(series) && time >= from && time < to;
        });
    }

    private void read(CommandHandler store) {
        String path = path();
        story.add("read " + path);
        StoreReader reader = new StoreReader(store);
        assertThat(reader.keys(path)).isEqualTo(below(keys, path, ""));
        assertThat(reader.paths(path)).isEqualTo(below(paths, path, ":"));
    }

    private static Map<String, String> below(Map<String, String> all, String prefix, String separator) {
        Map<String, String> found = new TreeMap<>();
        all.forEach((key, value) -> {
            if (key.equals(prefix) || key.startsWith(prefix + separator)) {
                found.put(key, value);
            }
        });
        return found;
    }

    /** Reads everything and compares. */
    void verify(CommandHandler store) {
        StoreReader reader = new StoreReader(store);
        assertThat(reader.keys(name + ":")).isEqualTo(keys);
        assertThat(reader.paths(name)).isEqualTo(paths);
        assertThat(reader.points(name + ":**")).isEqualTo(points);
    }

    private Command ns(Verb verb, String path) {
        return Command.of(verb).with(Param.FACE, "ns").with(Param.PATH, Path.parse(path));
    }

    private String path() {
        StringBuilder path = new StringBuilder(name);
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            path.append(':').append(SEGMENTS.get(random.nextInt(SEGMENTS.size())));
        }
        return path.toString();
    }

    private String value() {
        return random.nextInt(3) == 0 ? "v" + random.nextInt(1000) : VALUES.get(random.nextInt(VALUES.size()));
    }

    private void done(CommandHandler store, Command command) {
        story.add(command.verb().word() + " " + command.printed());
        StoreReader.done(store, command);
    }

    private void refused(CommandHandler store, Command command, ErrorCode code) {
        story.add(command.verb().word() + " " + command.printed() + " is to be refused");
        Optional<ErrorCode> told = Optional.empty();
        try {
            StoreReader.done(store, command);
        } catch (GoShareException e) {
            told = Optional.of(e.code());
        }
        assertThat(told).contains(code);
    }
}
