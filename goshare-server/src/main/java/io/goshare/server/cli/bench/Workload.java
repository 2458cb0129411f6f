package io.goshare.server.cli.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is written: {@code hosts} x {@code metrics} series with a point each {@code interval}, {@code steps} times from
 * {@code start}. All values follow from {@code seed}, so what a server should answer can be told without keeping
 * anything.
 */
record Workload(int hosts, int metrics, int steps, Duration interval, Instant start, Values values, long seed) {
    private static final List<String> CPU_FIELDS = List.of(
            "usage_user",
            "usage_system",
            "usage_idle",
            "usage_nice",
            "usage_iowait",
            "usage_irq",
            "usage_softirq",
            "usage_steal",
            "usage_guest",
            "usage_guest_nice");

    int series() {
        return Math.multiplyExact(hosts, metrics);
    }

    long points() {
        return (long) series() * steps;
    }

    String host(int host) {
        return "host_" + host;
    }

    String metric(int metric) {
        return metric < CPU_FIELDS.size() ? CPU_FIELDS.get(metric) : "metric_" + metric;
    }

    /** Nanoseconds since 1970 of the points of {@code step}. */
    long time(int step) {
        return Math.addExact(
                Math.addExact(Math.multiplyExact(start.getEpochSecond(), 1_000_000_000L), start.getNano()),
                Math.multiplyExact(interval.toNanos(), (long) step));
    }

    /** The generator of the series of hosts {@code [from, to)}, host by host, metric by metric. */
    Walks walks(int from, int to) {
        return new Walks(this, from * metrics, (to - from) * metrics);
    }

    /** All mantissas of one series. */
    long[] model(int host, int metric) {
        Walks walks = new Walks(this, host * metrics + metric, 1);
        long[] all = new long[steps];
        for (int step = 0; step < steps; step++) {
            all[step] = walks.next(0);
        }
        return all;
    }
}
