package io.goshare.it.durability;

import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.GoShareServer;
import io.goshare.server.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;

/**
 * Data directories of a release, kept in the test resources as zip files with what they must read as. {@link #main}
 * writes those of this build; a release that changes what is on the disk adds its own and keeps the older.
 */
public final class UpgradeFixture {
    private static final long FIRST_NANOS = 1_750_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private UpgradeFixture() {}

    /** Arguments: the directory of the resources, and the name of the release. */
    public static void main(String[] args) throws IOException {
        java.nio.file.Path resources = Files.createDirectories(java.nio.file.Path.of(args[0]));
        java.nio.file.Path data = Files.createTempDirectory("goshare-upgrade-").resolve("data");
        SteppingClock clock = new SteppingClock();
        GoShareServer.Builder builder =
                GoShareServer.builder().data(data).clock(clock).with(Setting.LOG_LIMIT, "8k");
        try (GoShareServer server = builder.open()) {
            fill(server.handler());
            Awaitility.await("points are in chunks and pages")
                    .until(() -> count(server.handler(), "chunk") > 0 && count(server.handler(), "page") > 0);
        }
        try (GoShareServer server =
                GoShareServer.builder().data(data).clock(clock).open()) {
            fillMore(server.handler());
            Files.writeString(resources.resolve(args[1] + ".txt"), dump(server.handler()));
            zip(data, resources.resolve(args[1] + "-killed.zip")); // while it is open, as a kill leaves it
        }
        zip(data, resources.resolve(args[1] + ".zip"));
    }

    /** A clock that goes on by a second whenever it is read, so that histories are the same in each run. */
    private static final class SteppingClock extends Clock {
        private long seconds = 1_760_000_000L;

        @Override
        public synchronized Instant instant() {
            return Instant.ofEpochSecond(seconds++);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static void fill(CommandHandler store) {
        for (String value : List.of("text", "0.50", "-17", "", "ключ \"quoted\"\nlines")) {
            put(store, "key:" + value.length(), Value.of(value));
        }
        put(store, "key:bytes", Value.of(new byte[] {0, 1, (byte) 0xff}));
        put(store, "key:large", Value.of("0123456789".repeat(2_000)));
        StoreReader.done(
                store,
                Command.of(Verb.PUT)
                        .with("key", "key:later")
                        .with("value", "expires")
                        .with("expire", "5000w"));
        for (int version = 0; version < 3; version++) {
            putPath(store, "host:web1:os", "debian " + (11 + version));
            putPath(store, "host:web1:rack", "r" + version);
            putPath(store, "host::odd:", "empty segments " + version);
            putPath(store, "host:web2:notes", "long ".repeat(1_000) + version);
        }
        points(store, 0, 1_200);
        StoreReader.done(store, Command.of(Verb.DEL).with(Param.FACE, "ns").with("path", "host:web1:rack"));
    }

    /** After a restart, so that chunks, log and heads all hold something. */
    private static void fillMore(CommandHandler store) {
        put(store, "key:after", Value.of("a restart"));
        putPath(store, "host:web1:rack", "back");
        points(store, 1_100, 1_400); // some late, some twice
        StoreReader.done(
                store,
                Command.of(Verb.ERASE)
                        .with("sel", "host:web1:cpu")
                        .with("from", FIRST_NANOS + 100 * SECOND + "ns")
                        .with("to", FIRST_NANOS + 110 * SECOND + "ns"));
    }

    private static void put(CommandHandler store, String key, Value value) {
        StoreReader.done(store, Command.of(Verb.PUT).with("key", key).with(new Body.Single(value)));
    }

    private static void putPath(CommandHandler store, String path, String value) {
        StoreReader.done(
                store,
                Command.of(Verb.PUT).with(Param.FACE, "ns").with("path", path).with(new Body.Single(Value.of(value))));
    }

    private static void points(CommandHandler store, int from, int to) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (int i = from; i < to; i++) {
            long time = FIRST_NANOS + i * SECOND;
            add(batch, "host:web1:cpu", time, Value.decimal(i * 37 % 10_000, 2));
            add(batch, "host:web1:requests", time, Value.of(i * 12_345L));
            add(batch, "host:web1:temperature", time, Value.of(Math.sin(i)));
            if (i % 100 == 0) {
                add(batch, "host:web1:state", time, Value.of(i % 300 == 0 ? "down" : "up"));
                add(batch, "host:web1:ready", time, Value.of(i % 200 == 0));
                add(batch, "host:web1:blob", time, Value.of(new byte[] {(byte) i, 0}));
                batch.add(
                        SeriesKey.of(Path.parse("disk:used"), Map.of("dc", "eu", "mount", "root")),
                        time,
                        Value.of((long) i));
            }
        }
        StoreReader.done(store, Command.of(Verb.WRITE).with(new Body.Points(batch.build())));
    }

    private static void add(PointBatch.Builder batch, String path, long time, Value value) {
        batch.add(SeriesKey.of(Path.parse(path)), time, value);
    }

    /** All that {@code store} holds, a line each. */
    public static String dump(CommandHandler store) {
        StoreReader reader = new StoreReader(store);
        Map<String, String> all = new TreeMap<>();
        reader.keys("").forEach((key, value) -> all.put("kv " + key, value));
        reader.paths("host").forEach((path, value) -> all.put("ns " + path, value));
        reader.points("**").forEach((point, value) -> all.put("pt " + point, value));
        for (long at = 1_760_000_000L; at < 1_760_000_060L; at += 5) {
            Command command = Command.of(Verb.GET)
                    .with(Param.FACE, "ns")
                    .with("path", "host:web1")
                    .with("recursive", "true")
                    .with("at", at + "s");
            all.put("at " + at, rows(StoreReader.done(store, command)));
        }
        Command states = Command.of(Verb.STATES)
                .with("sel", "host:**")
                .with("from", FIRST_NANOS + "ns")
                .with("to", FIRST_NANOS + 4_000 * SECOND + "ns");
        all.put("states", rows(StoreReader.done(store, states)));
        return all.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue().replace("\n", "\\n") + "\n")
                .collect(Collectors.joining());
    }

    private static long count(CommandHandler store, String table) {
        Command info = Command.of(Verb.INFO).with("storage", "true");
        Table tables = ((Result.Rows) StoreReader.done(store, info).result()).table();
        return tables.rows().stream()
                .filter(row -> row[0] != null && row[0].asText().equals(table))
                .mapToLong(row -> row[1] == null ? 0 : row[1].word())
                .sum();
    }

    private static String rows(Reply reply) {
        Table table = ((Result.Rows) reply.result()).table();
        return table.rows().stream()
                .map(row -> Stream.of(row)
                        .map(cell -> cell == null ? "-" : cell.asText())
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("; "));
    }

    private static void zip(java.nio.file.Path tree, java.nio.file.Path file) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file));
                Stream<java.nio.file.Path> files = Files.walk(tree)) {
            files.filter(Files::isRegularFile)
                    .filter(one -> !one.getFileName().toString().matches("LOCK|LOG|LOG.old"))
                    .sorted()
                    .forEach(one -> {
                        try {
                            ZipEntry entry = new ZipEntry(tree.relativize(one).toString());
                            entry.setTime(0);
                            out.putNextEntry(entry);
                            Files.copy(one, out);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    /** What {@link #dump} tells of {@code release}, killed or not. */
    public static String expected(String release) throws IOException {
        try (InputStream in =
                UpgradeFixture.class.getResourceAsStream("/upgrade/" + release.replace("-killed", "") + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Writes the directory that is kept of {@code release} to {@code target}. */
    public static void unzip(String release, java.nio.file.Path target) throws IOException {
        String resource = "/upgrade/" + release + ".zip";
        try (ZipInputStream in = new ZipInputStream(UpgradeFixture.class.getResourceAsStream(resource))) {
            ZipEntry entry;
            while ((entry = in.getNextEntry()) != null) {
                java.nio.file.Path file = target.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(in, file);
            }
        }
    }
}
