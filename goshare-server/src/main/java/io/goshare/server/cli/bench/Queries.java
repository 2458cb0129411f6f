package io.goshare.server.cli.bench;

import io.goshare.server.cli.bench.ServerProbe.Reading;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads back what {@link Ingest} wrote, over one keep-alive HTTP connection, and holds every answer against the model.
 * The clock stands still while that is done. For one thread.
 */
final class Queries {
    /** No kind of question is asked for longer, its checks included. */
    private static final long LONGEST_NANOS = 10_000_000_000L;

    /** Means may differ in the last digits, by the order of their sums. */
    private static final double TOLERANCE = 1e-9;

    private final Setup setup;
    private final Workload workload;
    private final Endpoint endpoint;

    Queries(Setup setup) {
        this.setup = setup;
        this.workload = setup.workload();
        this.endpoint = setup.http();
    }

    void run() throws IOException {
        Figures figures = new Figures("query", "p50 ms", "p99 ms", "max ms", "CPU ms", "rows", "asked, all right");
        try (LoadClient client = endpoint.connect()) {
            for (Question.Kind kind : Question.Kind.values()) {
                if (kind.suits(workload.values())) {
                    row(kind, client, figures);
                }
            }
        }
        setup.out().println();
        figures.print(setup.out());
    }

    private void row(Question.Kind kind, LoadClient client, Figures figures) throws IOException {
        int requests = setup.requests(1_000);
        int warmup = setup.warmup(requests);
        Random random = new Random(workload.seed());
        Histogram latency = new Histogram(3);
        double cpu = 0;
        long rows = 0;
        try (Progress progress = setup.progress(kind.title(), (long) requests + warmup)) {
            long began = System.nanoTime();
            boolean warm = false;
            for (int i = 0; i < requests + warmup && System.nanoTime() - began < LONGEST_NANOS; i++) {
                Question question = kind.ask(workload, random);
                byte[] request = endpoint.get(question.target());
                Reading before = setup.probe().read();
                long start = System.nanoTime();
                int status = client.exchange(request);
                long nanos = System.nanoTime() - start;
                if (warm) {
                    cpu += setup.probe().read().since(before).cpuSeconds();
                    latency.recordValue(nanos);
                    rows += question.answers().size();
                }
                check(question, status, client.bodyText());
                warm = i + 1 >= warmup || System.nanoTime() - began > LONGEST_NANOS / 4;
                progress.add(1);
            }
        }
        double count = latency.getTotalCount();
        figures.row(
                kind.title(),
                Figures.millis(latency, 50),
                Figures.millis(latency, 99),
                Figures.number(latency.getMaxValue() / Figures.NANOS_PER_MILLI, 3),
                Figures.number(cpu * 1e3 / count, 2),
                Figures.number(rows / count, 0),
                Figures.number(count, 0));
    }

    private static void check(Question question, int status, String body) throws IOException {
        if (status != 200) {
            throw new IOException(question.target() + " was answered " + status + ": " + body.strip());
        }
        Map<String, String> missing = new HashMap<>(question.answers());
        try (CSVParser rows = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new StringReader(body))) {
            for (CSVRecord row : rows) {
                String key = key(row);
                String wanted = missing.remove(key);
                String got = row.get(question.column());
                if (wanted == null || !same(wanted, got)) {
                    throw new IOException(question.target() + ": answer for " + key + " is " + got + " instead of "
                            + (wanted == null ? "none" : wanted));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(question.target() + ": no table of answers: " + body, e);
        }
        if (!missing.isEmpty()) {
            throw new IOException(question.target() + ": no answer for " + missing.size() + " of "
                    + question.answers().size() + ", one of them "
                    + missing.keySet().iterator().next());
        }
    }

    /** Rows name their host in the path, {@code cpu:usage_user{host=host_1}}, or in a column of its own. */
    private static String key(CSVRecord row) {
        String path = row.get("path");
        int brace = path.indexOf('{');
        String host = row.isMapped("host") ? row.get("host") : path.substring(path.indexOf('=') + 1, path.length() - 1);
        String bare = brace < 0 ? path : path.substring(0, brace);
        return Question.key(host, bare.substring(bare.lastIndexOf(':') + 1), Long.parseLong(row.get("time")));
    }

    private static boolean same(String wanted, String got) {
        if (wanted.equals(got)) {
            return true;
        }
        try {
            double value = Double.parseDouble(wanted);
            return Math.abs(value - Double.parseDouble(got)) <= TOLERANCE * Math.abs(value);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
