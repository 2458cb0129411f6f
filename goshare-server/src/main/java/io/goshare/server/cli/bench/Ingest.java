package io.goshare.server.cli.bench;

import io.goshare.protocol.Durations;
import io.goshare.protocol.Format;
import io.goshare.protocol.format.Formats;
import io.goshare.protocol.format.PointOptions;
import io.goshare.protocol.format.WriteOptions;
import io.goshare.protocol.model.PointBatch;
import io.goshare.server.cli.bench.Lines.Batch;
import io.goshare.server.cli.bench.ServerProbe.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Writes a workload. Hosts are dealt out to the connections, so each series arrives in order of time. Slices of a few
 * million points are made first and sent then; the clock and the server's CPU are read around the sending alone. For
 * one thread.
 */
final class Ingest {
    private final Setup setup;
    private final Workload workload;
    private final Endpoint endpoint;
    private final int connections;

    Ingest(Setup setup, Endpoint endpoint) {
        this.setup = setup;
        this.workload = setup.workload();
        this.endpoint = endpoint;
        this.connections = Math.min(setup.connections("2").get(0), workload.hosts());
    }

    /** What one slice, or all of them, took. */
    private record Slice(long points, double seconds, Reading used, Histogram latency) {}

    void run() throws IOException, InterruptedException {
        setup.out()
                .printf(
                        "%nwrite  %,d hosts x %,d metrics x %,d steps of %s = %,d points, %s, seed %d%n       as %s to %s, %,d points a request, connections %d%n%n",
                        workload.hosts(),
                        workload.metrics(),
                        workload.steps(),
                        Durations.print(workload.interval().toNanos()),
                        workload.points(),
                        workload.values().word(),
                        workload.seed(),
                        setup.format().word(),
                        endpoint,
                        setup.batch(),
                        connections);
        Figures figures =
                new Figures("points", "points/s", "CPU s/M", "written B/pt", "p50 ms", "p99 ms", "max ms", "requests");
        Reading before = setup.probe().read();
        List<Slice> slices = new ArrayList<>();
        long peak;
        try (Progress progress = setup.progress("write", workload.points());
                Crew crew = new Crew(connections)) {
            slices(crew, progress, slices);
            peak = progress.peakBytes();
        }
        slices.forEach(slice -> row(figures, Figures.number(slice.points()), slice));
        if (slices.size() > 1) {
            row(figures, "first", slices.get(0));
            row(figures, "rest", sum(slices.subList(1, slices.size())));
        }
        Slice all = sum(slices);
        row(figures, "all", all);
        figures.print(setup.out());
        setup.out().println();
        settled(all, before, peak);
    }

    private void slices(Crew crew, Progress progress, List<Slice> slices) throws IOException, InterruptedException {
        List<Lines> lines = crew.all(i -> new Lines(workload, firstHost(i), firstHost(i + 1), setup.batch()));
        List<LoadClient> clients = crew.all(i -> endpoint.connect());
        try {
            long share = Math.max(1, setup.slice() / connections);
            List<List<Batch>> batches = crew.all(i -> requests(lines.get(i), share));
            while (batches.stream().anyMatch(some -> !some.isEmpty())) {
                slices.add(send(crew, clients, batches, progress));
                batches = crew.all(i -> requests(lines.get(i), share));
            }
        } finally {
            for (LoadClient client : clients) {
                client.close();
            }
        }
    }

    private int firstHost(int connection) {
        return (int) ((long) workload.hosts() * connection / connections);
    }

    private List<Batch> requests(Lines lines, long points) {
        return lines.next(points).stream()
                .map(batch -> new Batch(endpoint.write(setup.format(), body(batch)), batch.points()))
                .toList();
    }

    private byte[] body(Batch batch) {
        if (setup.format() == Format.LP) {
            return batch.body();
        }
        PointBatch points = Formats.readPoints(Format.LP, batch.body(), 0, batch.body().length, PointOptions.DEFAULT);
        return Formats.writePoints(points, setup.format(), WriteOptions.COLUMNS);
    }

    private Slice send(Crew crew, List<LoadClient> clients, List<List<Batch>> batches, Progress progress)
            throws IOException, InterruptedException {
        Reading before = setup.probe().read();
        long start = System.nanoTime();
        List<Histogram> latencies = crew.all(i -> send(clients.get(i), batches.get(i), progress));
        double seconds = (System.nanoTime() - start) / 1e9;
        Reading used = setup.probe().read().since(before);
        long points =
                batches.stream().flatMap(List::stream).mapToLong(Batch::points).sum();
        return new Slice(points, seconds, used, merged(latencies));
    }

    private static Histogram send(LoadClient client, List<Batch> batches, Progress progress) throws IOException {
        Histogram latency = new Histogram(3);
        for (Batch batch : batches) {
            long start = System.nanoTime();
            int status = client.exchange(batch.body());
            latency.recordValue(System.nanoTime() - start);
            if (status < 200 || status > 299) {
                throw new IOException("the server answered " + status + ": "
                        + client.bodyText().strip());
            }
            progress.add(batch.points());
        }
        return latency;
    }

    static Histogram merged(List<Histogram> parts) {
        Histogram all = new Histogram(3);
        parts.forEach(all::add);
        return all;
    }

    private static Slice sum(List<Slice> slices) {
        return new Slice(
                slices.stream().mapToLong(Slice::points).sum(),
                slices.stream().mapToDouble(Slice::seconds).sum(),
                new Reading(
                        slices.stream()
                                .mapToDouble(one -> one.used().cpuSeconds())
                                .sum(),
                        slices.stream()
                                .mapToLong(one -> one.used().bytesWritten())
                                .sum()),
                merged(slices.stream().map(Slice::latency).toList()));
    }

    private static void row(Figures figures, String title, Slice slice) {
        figures.row(
                title,
                Figures.number(slice.points() / slice.seconds(), 0),
                Figures.number(slice.used().cpuSeconds() * 1e6 / slice.points(), 3),
                Figures.perUnit(slice.used().bytesWritten(), slice.points(), 2),
                Figures.millis(slice.latency(), 50),
                Figures.millis(slice.latency(), 99),
                Figures.number(slice.latency().getMaxValue() / Figures.NANOS_PER_MILLI, 3),
                Figures.number(slice.latency().getTotalCount()));
    }

    /** Waits until the server is idle, so that what it put off is counted too. */
    private void settled(Slice all, Reading before, long peak) throws IOException, InterruptedException {
        if (setup.probe().pid().isEmpty()) {
            setup.out().println("server's CPU, memory and writes: not on this machine, or not this user's");
            return;
        }
        setup.idle().await();
        Reading used = setup.probe().read().since(before);
        setup.out()
                .printf(
                        "settled: CPU s/M %s, written B/pt %s, on disk B/pt %s, peak RssAnon %s MB%n",
                        Figures.number(used.cpuSeconds() * 1e6 / all.points(), 3),
                        Figures.perUnit(used.bytesWritten(), all.points(), 2),
                        Figures.perUnit(setup.probe().bytesOnDisk().orElse(-1), all.points(), 3),
                        Figures.number(peak / 1e6, 0));
    }
}
