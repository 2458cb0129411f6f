package io.goshare.server.cli.bench;

import io.goshare.server.cli.bench.ServerProbe.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Sends the first GoShare's requests, each connection one after the other, and checks each reply. For one thread. */
final class Classic {
    private static final int CSV_REQUESTS_EACH = 20;

    private final Setup setup;
    private final Figures figures = new Figures(
            "first GoShare's",
            "door",
            "connections",
            "requests/s",
            "points/s",
            "CPU s/M",
            "written B/pt",
            "p50 ms",
            "p99 ms",
            "max ms");

    Classic(Setup setup) {
        this.setup = setup;
    }

    void run() throws IOException, InterruptedException {
        for (Endpoint endpoint : setup.endpoints("http,zmq")) {
            for (int connections : setup.connections(endpoint.zeroMq() ? "1,8" : "1,16")) {
                for (ClassicCase one : ClassicCase.values()) {
                    run(one, endpoint, connections);
                }
            }
        }
        setup.out().println();
        figures.print(setup.out());
    }

    private void run(ClassicCase one, Endpoint endpoint, int connections) throws IOException, InterruptedException {
        int requests = Math.max(connections, setup.requests(50_000) / (one.points() == 1 ? 1 : CSV_REQUESTS_EACH));
        int warmup = Math.max(connections, setup.warmup(requests));
        String door = endpoint.zeroMq() ? "zmq" : "http";
        String run = "bench" + door + connections;
        Share[] shares = new Share[connections];
        try (Progress progress = setup.progress(one.title() + " " + door, (long) warmup + requests);
                Crew crew = new Crew(connections)) {
            List<LoadClient> clients = crew.all(i -> endpoint.connect());
            try {
                crew.all(i -> shares[i] = new Share(one, endpoint, run, i, connections, warmup, warmup + requests));
                crew.all(i -> shares[i].send(clients.get(i), 0, shares[i].warm, progress));
                Reading before = setup.probe().read();
                long start = System.nanoTime();
                List<Histogram> latencies =
                        crew.all(i -> shares[i].send(clients.get(i), shares[i].warm, shares[i].size(), progress));
                double seconds = (System.nanoTime() - start) / 1e9;
                row(one, door, connections, seconds, setup.probe().read().since(before), Ingest.merged(latencies));
            } finally {
                for (LoadClient client : clients) {
                    client.close();
                }
            }
        }
    }

    private void row(ClassicCase one, String door, int connections, double seconds, Reading used, Histogram latency) {
        long points = latency.getTotalCount() * one.points();
        figures.row(
                one.title(),
                door,
                Integer.toString(connections),
                Figures.number(latency.getTotalCount() / seconds, 0),
                Figures.number(points / seconds, 0),
                Figures.number(used.cpuSeconds() * 1e6 / points, 2),
                Figures.perUnit(used.bytesWritten(), points, 1),
                Figures.millis(latency, 50),
                Figures.millis(latency, 99),
                Figures.number(latency.getMaxValue() / Figures.NANOS_PER_MILLI, 3));
    }

    /** The requests of one connection, every n-th of all, and the replies they should get. */
    private static final class Share {
        private final byte[][] requests;
        private final byte[][] replies;
        private final int warm;

        Share(ClassicCase one, Endpoint endpoint, String run, int first, int step, int warmup, int total) {
            List<byte[]> sent = new ArrayList<>();
            List<byte[]> wanted = new ArrayList<>();
            for (int i = first; i < total; i += step) {
                sent.add(one.request(endpoint, run, i));
                wanted.add(one.reply(endpoint.zeroMq(), run, i).getBytes(StandardCharsets.US_ASCII));
            }
            this.requests = sent.toArray(byte[][]::new);
            this.replies = wanted.toArray(byte[][]::new);
            this.warm = (warmup - first + step - 1) / step;
        }

        int size() {
            return requests.length;
        }

        Histogram send(LoadClient client, int from, int to, Progress progress) throws IOException {
            Histogram latency = new Histogram(3);
            for (int i = from; i < to; i++) {
                long start = System.nanoTime();
                int status = client.exchange(requests[i]);
                latency.recordValue(System.nanoTime() - start);
                progress.add(1);
                byte[] wanted = replies[i];
                if (status != 200 || !Arrays.equals(client.body(), 0, client.bodyLength(), wanted, 0, wanted.length)) {
                    throw new IOException("asked " + new String(requests[i], StandardCharsets.UTF_8).strip()
                            + ": answered " + status + " " + client.bodyText() + " instead of "
                            + new String(wanted, StandardCharsets.US_ASCII));
                }
            }
            return latency;
        }
    }
}
