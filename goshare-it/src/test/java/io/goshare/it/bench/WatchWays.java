package io.goshare.it.bench;

import io.goshare.client.GoShare;
import io.goshare.client.statement.Changes;
import io.goshare.client.statement.Row;
import io.goshare.it.fixture.EventClient;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Format;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.format.Formats;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.GoShareServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How soon and how fast a subscriber is told, by pages and by server-sent events, of writes at a pace and of a flood;
 * server and subscriber in this process. Run by hand.
 */
public final class WatchWays {
    private static final int SERIES = 10_000;
    private static final int WARM = 2_000;
    private static final int PACED = 5_000;
    private static final int FLOOD_BATCH = 200;
    private static final int FLOOD_BATCHES = 5_000;
    private static final int UNDER_WAY = 8;

    private WatchWays() {}

    /** Reads values, which are times of {@link System#nanoTime} as they were written. */
    private interface Reader extends AutoCloseable {
        /** The values of the next rows; perhaps none. */
        long[] next() throws IOException;

        @Override
        void close();
    }

    private interface Opener {
        Reader open() throws IOException;
    }

    public static void main(String[] args) throws Exception {
        for (String on : List.of("writes", "transitions")) {
            try (GoShareServer server = GoShareServer.builder()
                    .data(Files.createTempDirectory("goshare-watch-ways-"))
                    .httpPort(0)
                    .zmqPorts(0)
                    .start()) {
                String http = "127.0.0.1:" + server.httpPort();
                String zmq = "127.0.0.1:" + server.zmqPorts().get(0);
                prepare(server.handler());
                for (int round = 0; round < 2; round++) {
                    measure(on + " pages http", server.handler(), () -> pages("goshare:http://" + http, on));
                    measure(on + " events http", server.handler(), () -> events(http, on));
                    measure(on + " pages zmq", server.handler(), () -> pages("goshare:zmq://" + zmq, on));
                }
            }
        }
    }

    private static void prepare(CommandHandler handler) {
        PointBatch.Builder out = new PointBatch.Builder(SERIES);
        for (int i = 0; i < SERIES; i++) {
            out.add(SeriesKey.of(Path.parse("way:s" + i)), time, Value.of(i));
        }
        handler.handle(Command.of(Verb.WRITE).with(new Body.Points(out.build())))
                .join();
    }

    private static Reader pages(String url, String on) {
        GoShare db = GoShare.connect(url);
        Changes changes = db.watch("way:**").liveOnly().with("on", on).open();
        return new Reader() {
            @Override
            public long[] next() {
                return changes.next(Duration.ofMillis(300)).stream()
                        .mapToLong(WatchWays::value)
                        .toArray();
            }

            @Override
            public void close() {
                db.close();
            }
        };
    }

    private static long value(Row row) {
        return row.integer("value");
    }

    private static Reader events(String address, String on) throws IOException {
        EventClient client = new EventClient(address, "sel=way:**&live_only=true&on=" + on, Optional.empty());
        return new Reader() {
            @Override
            public long[] next() throws IOException {
                EventClient.Event event = client.next().orElseThrow();
                if (event.name().equals("behind")) {
                    throw new IOException("behind");
                }
                if (!event.name().equals("change")) {
                    return new long[0];
                }
                byte[] lines = String.join("\n", event.data()).getBytes(StandardCharsets.UTF_8);
                Table table = Formats.readTable(Format.NDJSON, lines, 0, lines.length, TimeUnit.NANOSECONDS);
                int value = table.column("value");
                return table.rows().stream().mapToLong(row -> row[value].word()).toArray();
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    private static void measure(String what, CommandHandler handler, Opener opener) throws Exception {
        try (Reader reader = opener.open()) {
            reader.next();
            long[] late = new long[WARM + PACED];
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> pace(handler));
            for (int read = 0; read < late.length; ) {
                for (long written : reader.next()) {
                    late[read++] = System.nanoTime() - written;
                }
            }
            writer.join();
            long[] sorted = Arrays.copyOfRange(late, WARM, late.length);
            Arrays.sort(sorted);
            long began = System.nanoTime();
            CompletableFuture<Long> flood = CompletableFuture.supplyAsync(() -> flood(handler));
            long rows = 0;
            String end = "";
            try {
                while (rows < (long) FLOOD_BATCH * FLOOD_BATCHES) {
                    rows += reader.next().length;
                }
            } catch (IOException behind) {
                end = " then " + behind.getMessage();
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%-24s p50 %4d us, p99 %5d us; flood %,9.0f rows/s of %,9.0f written%s%n",
                    what,
                    sorted[sorted.length / 2] / 1000,
                    sorted[sorted.length / 100 * 99] / 1000,
                    rows / seconds,
                    FLOOD_BATCH * FLOOD_BATCHES / (flood.join() / 1e9),
                    end);
        }
    }

    private static void pace(CommandHandler handler) {
        for (int i = 0; i < WARM + PACED; i++) {
            handler.handle(write(1)).join();
            LockSupport.parkNanos(900_000);
        }
    }

    private static long flood(CommandHandler handler) {
        long began = System.nanoTime();
        List<CompletableFuture<?>> underWay = new ArrayList<>();
        for (int i = 0; i < FLOOD_BATCHES; i++) {
            underWay.add(handler.handle(write(FLOOD_BATCH)));
            if (underWay.size() == UNDER_WAY) {
                underWay.remove(0).join();
            }
        }
        underWay.forEach(CompletableFuture::join);
        return System.nanoTime() - began;
    }

    private static long time = 1_750_000_000_000_000_000L;

    private static Command write(int rows) {
        PointBatch.Builder out = new PointBatch.Builder(rows);
        int series = out.series(SeriesKey.of(Path.parse("way:a")).encoded());
        for (int i = 0; i < rows; i++) {
            out.add(series, time++, Value.of(System.nanoTime()));
        }
        return Command.of(Verb.WRITE).with(new Body.Points(out.build()));
    }
}
