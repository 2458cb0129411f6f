package io.goshare.it.bench;

import com.sun.management.OperatingSystemMXBean;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.Verb;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.GoShareServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What 100 subscriptions cost writers, in this process: rounds of ingest with and without them, by turns, told as
 * points a second and as CPU time per point, which neighbours on the machine disturb less. Run by hand.
 */
public final class WatchCost {
    private static final int HOSTS = 1_000;
    private static final int METRICS = 10;
    private static final int ROUNDS = 6;
    private static final long POINTS = 3_000_000;
    private static final int UNDER_WAY = 8;
    private static final long FIRST = 1_750_000_000_000_000_000L;

    private WatchCost() {}

    /** One round. */
    private record Round(double pointsPerSecond, double cpuNanosPerPoint) {}

    public static void main(String[] args) throws Exception {
        measure("one series of 10,000 each, every write", "node:h%d:m3", "on=writes");
        measure("one host of 1,000 each, transitions above what is written", "node:h%d:*", "to=never");
        measure("one host of 1,000 each, every write: a tenth of all points is told", "node:h%d:*", "on=writes");
    }

    private static void measure(String what, String selector, String mode) throws Exception {
        java.nio.file.Path data = Files.createTempDirectory("goshare-watch-cost-");
        try (GoShareServer server = GoShareServer.builder().data(data).open()) {
            long[] time = {FIRST};
            ingest(server.handler(), time);
            ingest(server.handler(), time);
            List<Round> without = new ArrayList<>();
            List<Round> with = new ArrayList<>();
            AtomicLong told = new AtomicLong();
            for (int round = 0; round < ROUNDS; round++) {
                without.add(ingest(server.handler(), time));
                List<Counter> counters = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    String[] pair = mode.split("=", 2);
                    Command watch = Command.of(Verb.WATCH)
                            .with("sel", String.format(Locale.ROOT, selector, i * 10))
                            .with("live_only", "true")
                            .with(pair[0], pair[1]);
                    Counter counter = new Counter(told);
                    server.watches().watch(watch, "").subscribe(counter);
                    counter.ready.join();
                    counters.add(counter);
                }
                with.add(ingest(server.handler(), time));
                counters.forEach(Counter::cancel);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s%n  without %.0f points/s, %.0f ns CPU a point; with %.0f points/s, %.0f ns; rows told %d%n",
                    what,
                    median(without, Round::pointsPerSecond),
                    median(without, Round::cpuNanosPerPoint),
                    median(with, Round::pointsPerSecond),
                    median(with, Round::cpuNanosPerPoint),
                    told.get());
        }
    }

    private static double median(List<Round> rounds, java.util.function.ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    private static Round ingest(CommandHandler handler, long[] time) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Deque<CompletableFuture<?>> underWay = new ArrayDeque<>();
        long began = System.nanoTime();
        long cpu = system.getProcessCpuTime();
        long points = 0;
        for (int host = 0; points < POINTS; host++) {
            PointBatch batch = batch(host % HOSTS, time[0]);
            time[0] += host % HOSTS == 0 ? 1_000_000_000L : 0;
            points += batch.rows();
            if (underWay.size() == UNDER_WAY) {
                underWay.remove().join();
            }
            underWay.add(handler.handle(Command.of(Verb.WRITE).with(new Body.Points(batch))));
        }
        underWay.forEach(CompletableFuture::join);
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Round(points / seconds, (double) (system.getProcessCpuTime() - cpu) / points);
    }

    /** 100 points of each metric of 10 hosts. */
    private static PointBatch batch(int host, long time) {
        PointBatch.Builder out = new PointBatch.Builder(METRICS * 1000);
        for (int h = 0; h < 10; h++) {
            for (int m = 0; m < METRICS; m++) {
                int series = out.series(SeriesKey.of(Path.parse("node:h" + (host + h) % HOSTS + ":m" + m))
                        .encoded());
                for (int i = 0; i < 10; i++) {
                    out.add(
                            series,
                            time + i * 1_000_000L,
                            Value.decimal(5000 + (time / 1_000_000_000L * 31 + i) % 977, 2));
                }
            }
        }
        return out.build();
    }

    private static final class Counter implements Flow.Subscriber<WatchEvent> {
        private final CompletableFuture<Void> ready = new CompletableFuture<>();
        private final AtomicLong rows;
        private Flow.Subscription subscription;

        Counter(AtomicLong rows) {
            this.rows = rows;
        }

        @Override
        public void onSubscribe(Flow.Subscription made) {
            subscription = made;
            made.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(WatchEvent event) {
            rows.addAndGet(event.rows().rows().size());
            if (event.kind() == WatchEvent.Kind.READY) {
                ready.complete(null);
            } else if (event.kind() == WatchEvent.Kind.BEHIND) {
                System.out.println("  behind");
            }
        }

        @Override
        public void onError(Throwable failure) {
            ready.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            // told by the last event
        }

        void cancel() {
            subscription.cancel();
        }
    }
}
