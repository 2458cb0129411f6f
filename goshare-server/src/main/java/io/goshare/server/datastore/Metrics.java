package io.goshare.server.datastore;

import io.goshare.protocol.Verb;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by verb and outcome, and how long they took. Safe for many threads. */
final class Metrics {
    private record Key(Verb verb, String code) {}

    private static final class Cell {
        final LongAdder count = new LongAdder();
        final LongAdder nanos = new LongAdder();
    }

    private final Map<Key, Cell> cells = new ConcurrentHashMap<>();

    /** @param code {@code ok}, or the word of an error */
    void record(Verb verb, String code, long nanos) {
        Cell cell = cells.computeIfAbsent(new Key(verb, code), key -> new Cell());
        cell.count.increment();
        cell.nanos.add(nanos);
    }

    /** The text format of Prometheus 0.0.4. */
    String print(Map<String, Double> gauges) {
        Map<String, Cell> sorted = new TreeMap<>();
        cells.forEach((key, cell) -> sorted.put("{verb=\"" + key.verb.word() + "\",code=\"" + key.code + "\"} ", cell));
        StringBuilder out = new StringBuilder();
        out.append("# HELP goshare_requests_total Requests answered.\n# TYPE goshare_requests_total counter\n");
        sorted.forEach((labels, cell) -> out.append("goshare_requests_total")
                .append(labels)
                .append(cell.count.sum())
                .append('\n'));
        out.append("# HELP goshare_request_seconds_total Time from a request's arrival to its reply.\n"
                + "# TYPE goshare_request_seconds_total counter\n");
        sorted.forEach((labels, cell) -> out.append("goshare_request_seconds_total")
                .append(labels)
                .append(cell.nanos.sum() / 1e9)
                .append('\n'));
        String before = "";
        for (Map.Entry<String, Double> gauge : new TreeMap<>(gauges).entrySet()) {
            String name = gauge.getKey().split("\\{", 2)[0];
            if (!name.equals(before)) {
                out.append("# TYPE ").append(name).append(" gauge\n");
                before = name;
            }
            out.append(gauge.getKey()).append(' ').append(gauge.getValue()).append('\n');
        }
        return out.toString();
    }
}
