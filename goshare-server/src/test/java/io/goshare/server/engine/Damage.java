package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.goshare.server.engine.EngineException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** A data directory of two stores, and the judgement of what a damaged copy of it answers. */
final class Damage {
    static final String PERIOD = "data-2026-11";
    static final EngineOptions OPTIONS =
            EngineOptions.DEFAULTS.withWriteBufferBytes(64 << 10).withCacheBytes(1 << 20);

    /**
     * Keys read by get: a hundred would make LevelDB compact, and where that fails for damage it sleeps for seconds
     * before it may be closed.
     */
    private static final int GET_STEP = 11;

    /** What a copy did: every one but the last is allowed. */
    enum Outcome {
        RIGHT,
        REFUSED,
        ERROR,
        WRONG
    }

    private final EngineProvider provider;
    private final Map<String, TreeMap<String, String>> model = new TreeMap<>();
    private final Map<String, UUID> uuids = new TreeMap<>();

    Damage(EngineProvider provider) {
        this.provider = provider;
    }

    /** Makes the directory: rows overwritten and deleted, in tables and in the log, closed cleanly. */
    void make(Path directory) {
        try (DataDirectory data =
                DataDirectory.open(directory, provider, path -> new DiskReserve(() -> Long.MAX_VALUE))) {
            for (String store : List.of(DataDirectory.BASE, PERIOD)) {
                TreeMap<String, String> rows = new TreeMap<>();
                model.put(store, rows);
                StorageEngine engine = data.engine(store, OPTIONS, true);
                uuids.put(store, data.storeUuid(store).orElseThrow());
                for (int version = 0; version < 3; version++) {
                    for (int i = version; i < 900; i += 1 + version) {
                        put(engine, rows, i, version + (store.equals(PERIOD) ? 10 : 0));
                    }
                    for (int i = 0; i < 50; i++) {
                        engine.write(new WriteBatch().delete(Images.key(i * 7)));
                        rows.remove(new String(Images.key(i * 7), UTF_8));
                    }
                }
                engine.compact(new byte[0], null);
                for (int i = 0; i < 900; i += 9) {
                    put(engine, rows, i, 3);
                }
                engine.sync();
            }
        }
    }

    /** Opens, writes and closes again, so that copies made before are old. */
    void writeOn(Path directory) {
        try (DataDirectory data =
                DataDirectory.open(directory, provider, path -> new DiskReserve(() -> Long.MAX_VALUE))) {
            for (String store : model.keySet()) {
                StorageEngine engine = data.engine(store, OPTIONS, false);
                for (int i = 0; i < 900; i += 5) {
                    put(engine, model.get(store), i, 20);
                }
                engine.sync();
            }
        }
    }

    private static void put(StorageEngine engine, Map<String, String> rows, int i, int version) {
        engine.write(new WriteBatch().put(Images.key(i), Images.value(i, version)));
        rows.put(new String(Images.key(i), UTF_8), new String(Images.value(i, version), UTF_8));
    }

    /** Opens {@code directory} as the server would, and reads every row by scan and by get. */
    Outcome judge(Path directory, List<String> messages) {
        Outcome worst = Outcome.RIGHT;
        try (DataDirectory data =
                DataDirectory.open(directory, provider, path -> new DiskReserve(() -> Long.MAX_VALUE))) {
            for (String store : model.keySet()) {
                if (!data.storeUuid(store).equals(Optional.of(uuids.get(store)))) {
                    messages.add("another store where " + store + " should be");
                    return Outcome.REFUSED; // by the table of periods
                }
                Outcome outcome = judge(data.engine(store, OPTIONS, false), model.get(store), messages);
                worst = outcome.compareTo(worst) > 0 ? outcome : worst;
            }
            return worst;
        } catch (EngineException e) {
            messages.add(e.getMessage());
            return e.reason() == Reason.DAMAGED || e.reason() == Reason.REFUSED
                    ? Outcome.REFUSED
                    : wrong(messages, "" + e);
        }
    }

    private static Outcome judge(StorageEngine engine, Map<String, String> rows, List<String> messages) {
        Outcome outcome = Outcome.RIGHT;
        List<String> seen = new ArrayList<>();
        List<String> expected = rows.entrySet().stream().map(Object::toString).toList();
        try {
            engine.scan(
                    null,
                    new byte[0],
                    null,
                    (key, value) -> seen.add(new String(key, UTF_8) + "=" + new String(value, UTF_8)));
            if (!seen.equals(expected)) {
                return wrong(messages, "scan");
            }
        } catch (EngineException e) {
            messages.add(e.getMessage());
            outcome = Outcome.ERROR;
            if (e.reason() != Reason.DAMAGED
                    || !expected.subList(0, seen.size()).equals(seen)) {
                return wrong(messages, "scan before " + e);
            }
        }
        for (int i = 0; i < 900; i += GET_STEP) {
            String key = new String(Images.key(i), UTF_8);
            try {
                String value =
                        engine.get(Images.key(i)).map(v -> new String(v, UTF_8)).orElse("");
                if (!value.equals(rows.getOrDefault(key, ""))) {
                    return wrong(messages, key + " is " + value + " and not " + rows.get(key));
                }
            } catch (EngineException e) {
                if (e.reason() != Reason.DAMAGED) {
                    return wrong(messages, "" + e);
                }
                outcome = Outcome.ERROR;
            }
        }
        return outcome;
    }

    private static Outcome wrong(List<String> messages, String what) {
        messages.add("WRONG: " + what);
        return Outcome.WRONG;
    }

    /** Rows of all stores. */
    long rows() {
        return model.values().stream().mapToLong(Map::size).sum();
    }
}
