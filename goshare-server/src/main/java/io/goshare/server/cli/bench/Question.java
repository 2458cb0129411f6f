package io.goshare.server.cli.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One query: what is asked, and what the model says the answer is.
 *
 * @param target path and query of the request
 * @param column the reply's column that holds the answers
 * @param answers by host, metric and time, as {@link #key} spells them: a value as it prints
 */
record Question(String target, String column, Map<String, String> answers) {

    /** Kinds of questions, in the order they are measured. */
    enum Kind {
        LAST("last value of one series", true),
        RAW_HOUR("raw, 1 h of one series", true),
        RAW_ALL("raw, all of one series", true),
        MAX_MINUTE("max per minute, 1 h of one series", false),
        MAX_MINUTE_MANY("max per minute, 1 h of 8 hosts x 5 metrics", false),
        MEAN_HOUR_ALL("mean per hour, one metric of all hosts", false),
        ABOVE_ONE("above 90, all of one series", false),
        ABOVE_ALL("above 90, one metric of all hosts", false);

        private final String title;
        private final boolean forStates;

        Kind(String title, boolean forStates) {
            this.title = title;
            this.forStates = forStates;
        }

        String title() {
            return title;
        }

        /** Whether it can be asked of values of this shape. */
        boolean suits(Values values) {
            return forStates || values == Values.WALK || values == Values.DECIMALS;
        }

        /** A question about series and a span that {@code random} picks. */
        Question ask(Workload workload, Random random) {
            int host = random.nextInt(workload.hosts());
            int metric = random.nextInt(workload.metrics());
            int hour =
                    (int) Math.max(1, 3_600_000_000_000L / workload.interval().toNanos());
            int span = this == RAW_HOUR || this == MAX_MINUTE || this == MAX_MINUTE_MANY
                    ? Math.min(hour, workload.steps())
                    : workload.steps();
            int from = random.nextInt(workload.steps() - span + 1);
            Asker asker = new Asker(workload, from, from + span);
            return switch (this) {
                case LAST -> asker.last(host, metric);
                case RAW_HOUR, RAW_ALL -> asker.raw(host, metric, "", Double.NEGATIVE_INFINITY);
                case MAX_MINUTE -> asker.windows(host, host + 1, metric, metric + 1, "1m", "max");
                case MAX_MINUTE_MANY -> {
                    int hosts = Math.min(8, workload.hosts());
                    int metrics = Math.min(5, workload.metrics());
                    int first = random.nextInt(workload.hosts() - hosts + 1);
                    yield asker.windows(first, first + hosts, 0, metrics, "1m", "max");
                }
                case MEAN_HOUR_ALL -> asker.windows(0, workload.hosts(), metric, metric + 1, "1h", "mean");
                case ABOVE_ONE -> asker.raw(host, metric, "&where=gt:90", 90);
                case ABOVE_ALL -> asker.raw(-1, metric, "&where=gt:90", 90);
            };
        }
    }

    static String key(String host, String metric, long time) {
        return host + " " + metric + " " + time;
    }

    /** Asks about steps {@code [from, to)}. */
    private record Asker(Workload workload, int from, int to) {
        private static final long MINUTE = 60_000_000_000L;

        Question last(int host, int metric) {
            long[] model = workload.model(host, metric);
            int step = model.length - 1;
            String key = key(workload.host(host), workload.metric(metric), workload.time(step));
            return new Question(
                    "/api/v1/at?fmt=csv&times=ns&sel=" + selector(workload.metric(metric), host, host + 1),
                    "value",
                    Map.of(key, workload.values().plain(model[step])));
        }

        /** @param host of which host, or -1 for all */
        Question raw(int host, int metric, String where, double above) {
            Map<String, String> answers = new TreeMap<>();
            int first = Math.max(host, 0);
            int last = host < 0 ? workload.hosts() - 1 : host;
            double unit = Math.pow(10, workload.values().scale());
            for (int one = first; one <= last; one++) {
                long[] model = workload.model(one, metric);
                for (int step = from; step < to; step++) {
                    if (model[step] / unit > above) {
                        answers.put(
                                key(workload.host(one), workload.metric(metric), workload.time(step)),
                                workload.values().plain(model[step]));
                    }
                }
            }
            return new Question(
                    query(selector(workload.metric(metric), first, last + 1)) + where + "&limit=1000000",
                    "value",
                    answers);
        }

        Question windows(int firstHost, int endHost, int firstMetric, int endMetric, String every, String aggregate) {
            long window = every.equals("1m") ? MINUTE : 60 * MINUTE;
            Map<String, String> answers = new TreeMap<>();
            for (int host = firstHost; host < endHost; host++) {
                for (int metric = firstMetric; metric < endMetric; metric++) {
                    windows(host, metric, window, aggregate, answers);
                }
            }
            String metrics = IntStream.range(firstMetric, endMetric)
                    .mapToObj(workload::metric)
                    .collect(Collectors.joining("|"));
            String fields = endMetric - firstMetric == 1 ? metrics : "(" + metrics + ")";
            return new Question(
                    query(selector(fields, firstHost, endHost)) + "&every=" + every + "&agg=" + aggregate
                            + "&limit=1000000",
                    aggregate,
                    answers);
        }

        private void windows(int host, int metric, long window, String aggregate, Map<String, String> answers) {
            long[] model = workload.model(host, metric);
            double unit = Math.pow(10, workload.values().scale());
            int step = from;
            while (step < to) {
                // A window is named by its start, also where the range cuts it.
                long start = Math.floorDiv(workload.time(step), window) * window;
                long end = start + window;
                int first = step;
                while (step < to && workload.time(step) < end) {
                    step++;
                }
                long[] within = Arrays.copyOfRange(model, first, step);
                double answer = aggregate.equals("max")
                        ? Arrays.stream(within).max().orElseThrow() / unit
                        : Arrays.stream(within).sum() / unit / within.length;
                answers.put(key(workload.host(host), workload.metric(metric), start), Double.toString(answer));
            }
        }

        private String query(String selector) {
            return "/api/v1/query?fmt=csv&times=ns&from=" + workload.time(from) + "ns&to=" + (workload.time(to - 1) + 1)
                    + "ns&sel=" + selector;
        }

        /** Series of {@code fields} of hosts {@code [first, end)}. */
        private String selector(String fields, int first, int end) {
            String hosts = IntStream.range(first, end).mapToObj(workload::host).collect(Collectors.joining("|"));
            String tags = end - first == 1
                    ? "{host=\"" + hosts + "\"}"
                    : end - first == workload.hosts() ? "" : "{host=~\"" + hosts + "\"}";
            return URLEncoder.encode(workload.values().measurement() + ":" + fields + tags, StandardCharsets.UTF_8);
        }
    }
}
