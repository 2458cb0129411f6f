package io.goshare.server.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.keyvalue.CommitFixture;
import io.goshare.server.keyvalue.Condition;
import io.goshare.server.keyvalue.Page;
import io.goshare.server.keyvalue.PageRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random changes against a map of timelines. The model knows nothing of cuts: a subtree that is cut off, swept or not,
 * must read as if each value had been ended by itself.
 */
final class NamespaceModelTest {
    private static final int STEPS = 500;
    private static final int CUT_ABOVE = 4;
    private static final List<String> SEGMENTS = List.of("a", "b", "", "\0", "c1", "\1x");

    private final NavigableMap<Path, NavigableMap<Long, Optional<Value>>> model = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theStoreReadsAsTheModel(long seed) {
        Random random = new Random(seed);
        try (CommitFixture fixture = new CommitFixture()) {
            NamespaceStore store = new LocalNamespaceStore(fixture.base, CUT_ABOVE);
            long begin = fixture.clock.nanos();
            for (int step = 0; step < STEPS; step++) {
                fixture.clock.move(Duration.ofNanos(random.nextInt(8) == 0 ? -random.nextInt(50) : random.nextInt(20)));
                change(random, fixture, store);
                if (random.nextInt(4) == 0) {
                    fixture.commit(store.sweepCuts(1 + random.nextInt(3)));
                }
                if (random.nextInt(50) == 0) {
                    store = new LocalNamespaceStore(fixture.base, CUT_ABOVE);
                }
                OptionalLong at = random.nextInt(3) == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(begin - 50 + random.nextInt((int) (fixture.clock.nanos() - begin + 100)));
                compare(store, at, path(random), random, "seed " + seed + ", step " + step + ", at " + at);
            }
        }
    }

    private static Path path(Random random) {
        Path path = Path.of(List.of(segment(random)));
        for (int depth = random.nextInt(3); depth > 0; depth--) {
            path = path.child(segment(random));
        }
        return path;
    }

    private static byte[] segment(Random random) {
        return SEGMENTS.get(random.nextInt(SEGMENTS.size())).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private void change(Random random, CommitFixture fixture, NamespaceStore store) {
        List<Change> changes = new ArrayList<>();
        long now = fixture.clock.nanos();
        long ended = 0;
        boolean mayCut = false;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            Path path = path(random);
            switch (random.nextInt(8)) {
                case 0 -> {
                    changes.add(new Change.End(path, Condition.none()));
                    ended += end(path, now);
                }
                case 1 -> {
                    mayCut = true;
                    changes.add(new Change.EndTree(path));
                    for (Path below : List.copyOf(model.keySet())) {
                        ended += path.contains(below) ? end(below, now) : 0;
                    }
                }
                default -> {
                    Value value = value(random);
                    changes.add(new Change.Put(path, value, Condition.none()));
                    put(path, value, now);
                }
            }
        }
        long told = fixture.told(store.change(changes));
        if (!mayCut) {
            assertThat(told).isEqualTo(ended);
        }
    }

    private static Value value(Random random) {
        return random.nextInt(10) == 0
                ? Value.of("x".repeat(5000) + random.nextInt(3))
                : Value.of((long) random.nextInt(3));
    }

    private void put(Path path, Value value, long now) {
        NavigableMap<Long, Optional<Value>> line = model.computeIfAbsent(path, missing -> new TreeMap<>());
        if (line.isEmpty() || !line.lastEntry().getValue().equals(Optional.of(value))) {
            line.put(after(line, now), Optional.of(value));
        }
    }

    private int end(Path path, long now) {
        NavigableMap<Long, Optional<Value>> line = model.getOrDefault(path, new TreeMap<>());
        if (line.isEmpty() || line.lastEntry().getValue().isEmpty()) {
            return 0;
        }
        line.put(after(line, now), Optional.empty());
        return 1;
    }

    private static long after(NavigableMap<Long, Optional<Value>> line, long now) {
        return line.isEmpty() ? now : Math.max(now, line.lastKey() + 1);
    }

    private Map<Path, Value> at(OptionalLong at) {
        Map<Path, Value> held = new LinkedHashMap<>();
        model.forEach((path, line) -> {
            var entry = line.floorEntry(at.orElse(Long.MAX_VALUE));
            if (entry != null) {
                entry.getValue().ifPresent(value -> held.put(path, value));
            }
        });
        return held;
    }

    private void compare(NamespaceStore store, OptionalLong at, Path root, Random random, String where) {
        Map<Path, Value> held = at(at);
        Map<Path, Value> below = new LinkedHashMap<>();
        held.forEach((path, value) -> {
            if (root.contains(path)) {
                below.put(path, value);
            }
        });
        int rows = 1 + random.nextInt(5);

        assertThat(store.get(root, at).map(NamespaceValue::value))
                .as(where)
                .isEqualTo(Optional.ofNullable(held.get(root)));
        Map<Path, Value> scanned = new LinkedHashMap<>();
        all(from -> store.subtree(Optional.of(root), at, from, PageRequest.of(rows)))
                .forEach(value -> assertThat(scanned.put(value.path(), value.value()))
                        .as(where)
                        .isNull());
        assertThat(shortened(scanned)).as(where).containsExactlyElementsOf(shortened(below));
        Map<Path, Value> everything = new LinkedHashMap<>();
        all(from -> store.subtree(Optional.empty(), at, from, PageRequest.of(rows)))
                .forEach(value -> everything.put(value.path(), value.value()));
        assertThat(shortened(everything)).as(where).containsExactlyElementsOf(shortened(held));
        assertThat(all(from -> store.children(Optional.of(root), at, from, PageRequest.of(rows))))
                .as(where)
                .isEqualTo(children(Optional.of(root), below));
        assertThat(all(from -> store.children(Optional.empty(), at, from, PageRequest.of(rows))))
                .as(where)
                .isEqualTo(children(Optional.empty(), held));
        if (at.isEmpty()) {
            assertThat(store.count(root, 1000)).as(where).isEqualTo(below.size());
        }
        List<Era> eras = new ArrayList<>();
        model.getOrDefault(root, new TreeMap<>()).forEach((time, value) -> eras.add(0, new Era(time, value, 0)));
        assertThat(all(from -> store.history(root, from, PageRequest.of(rows))).stream()
                        .map(era -> new Era(era.from(), era.value(), 0)))
                .as(where)
                .containsExactlyElementsOf(eras);
        compareChanges(store, at, root, random, where);
    }

    private void compareChanges(NamespaceStore store, OptionalLong at, Path root, Random random, String where) {
        TimeRange range =
                at.isEmpty() ? TimeRange.ALL : new TimeRange(at.getAsLong(), at.getAsLong() + random.nextInt(200));
        List<String> expected = new ArrayList<>();
        model.forEach((path, line) -> {
            if (root.contains(path)) {
                line.descendingMap().forEach((time, value) -> {
                    Map.Entry<Long, Optional<Value>> before = line.lowerEntry(time);
                    if (range.contains(time)) {
                        expected.add(path + "@" + time + ": " + (before == null ? Optional.empty() : before.getValue())
                                + " -> " + value);
                    }
                });
            }
        });
        List<String> found = new ArrayList<>();

        boolean all = store.changes(
                Optional.of(root),
                range,
                Long.MAX_VALUE,
                change ->
                        found.add(change.path() + "@" + change.time() + ": " + change.old() + " -> " + change.value()));

        assertThat(all).isTrue();
        assertThat(found).as(where + " " + range).containsExactlyElementsOf(expected);
    }

    /** For people, in the order of {@code values}. */
    private static List<String> shortened(Map<Path, Value> values) {
        List<String> texts = new ArrayList<>();
        values.forEach((path, value) -> {
            String text = value.asText();
            texts.add(path + "=" + (text.length() > 9 ? text.length() + text.substring(text.length() - 1) : text));
        });
        return texts;
    }

    private static List<Child> children(Optional<Path> parent, Map<Path, Value> below) {
        Map<Path, Child> children = new TreeMap<>();
        int depth = parent.map(Path::depth).orElse(0);
        for (Path path : below.keySet()) {
            if (path.depth() > depth) {
                Path child = Path.of(path.segments().subList(0, depth + 1));
                Child before = children.getOrDefault(child, new Child(child, false, false));
                boolean own = path.equals(child);
                children.put(child, new Child(child, before.hasValue() || own, before.hasChildren() || !own));
            }
        }
        return List.copyOf(children.values());
    }

    private static <R> List<R> all(Function<Optional<byte[]>, Page<R>> read) {
        List<R> rows = new ArrayList<>();
        Optional<byte[]> from = Optional.empty();
        do {
            Page<R> page = read.apply(from);
            rows.addAll(page.rows());
            from = page.next();
        } while (from.isPresent());
        return rows;
    }
}
