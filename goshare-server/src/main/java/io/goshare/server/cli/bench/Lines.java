package io.goshare.server.cli.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bodies of Influx lines for the hosts of one connection, step by step, so each series is sent in the order of time. A
 * line holds all metrics of a host. For one thread.
 */
final class Lines {
    private final Workload workload;
    private final int firstHost;
    private final int hosts;
    private final int linesPerBatch;
    private final Walks walks;
    private final byte[][] fields;
    private byte[] buffer = new byte[1 << 16];
    private int length;
    private int step;
    private int host;

    /** Lines of hosts {@code [from, to)}, about {@code batch} points in each body. */
    Lines(Workload workload, int from, int to, int batch) {
        this.workload = workload;
        this.firstHost = from;
        this.hosts = to - from;
        this.linesPerBatch = Math.max(1, batch / workload.metrics());
        this.walks = workload.walks(from, to);
        this.fields = new byte[workload.metrics()][];
        for (int metric = 0; metric < fields.length; metric++) {
            fields[metric] =
                    ((metric == 0 ? " " : ",") + workload.metric(metric) + "=").getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** The next bodies, of {@code points} points or what is left. */
    List<Batch> next(long points) {
        List<Batch> batches = new ArrayList<>();
        long made = 0;
        while (made < points && step < workload.steps()) {
            Batch batch = batch();
            batches.add(batch);
            made += batch.points();
        }
        return batches;
    }

    /** One request's body and the points in it. */
    record Batch(byte[] body, int points) {}

    private Batch batch() {
        length = 0;
        int lines = 0;
        while (lines < linesPerBatch && step < workload.steps()) {
            line();
            lines++;
            if (++host == hosts) {
                host = 0;
                step++;
            }
        }
        return new Batch(Arrays.copyOf(buffer, length), lines * workload.metrics());
    }

    private void line() {
        put(workload.values().measurement());
        put(",host=");
        put(workload.host(firstHost + host));
        for (int metric = 0; metric < fields.length; metric++) {
            put(fields[metric]);
            put(workload.values().text(walks.next(host * fields.length + metric)));
        }
        put(" ");
        put(Long.toString(workload.time(step)));
        put("\n");
    }

    private void put(String ascii) {
        put(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private void put(byte[] bytes) {
        if (length + bytes.length > buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }
}
