package io.goshare.server.cli.bench;

import io.goshare.protocol.Durations;
import io.goshare.protocol.Format;
import io.goshare.server.cli.Options;
import io.goshare.server.cli.Options.Option;
import io.goshare.server.cli.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What the command line asks for. */
final class Setup {
    private static final String FORMATS = "lp|csv|json|ndjson|msgpack|protobuf|capnp|columns";

    static final Options OPTIONS = new Options(
            "bench",
            "",
            List.of(
                    Option.of("mode", "write,query,classic", "what is measured; default write,query"),
                    Option.of("transport", "http,zmq", "through which doors; default http, and both for classic"),
                    Option.of("url", "URL", "server, and where it takes lines; default http://127.0.0.1:9999/write"),
                    Option.of("zmq", "HOST:PORT", "its ZeroMQ door; default 127.0.0.1:9797"),
                    Option.of(
                            "connections", "N,N", "at once; default 2, for classic 1,16 over HTTP and 1,8 over ZeroMQ"),
                    Option.of("hosts", "N", "default 100"),
                    Option.of("metrics", "N", "series of each host; default 10"),
                    Option.of("hours", "N", "span of time written; default 12"),
                    Option.of("steps", "N", "points of each series, instead of --hours"),
                    Option.of("interval", "DURATION", "between the points of a series; default 10s"),
                    Option.of("start", "TIME", "first point; default 2016-01-01T00:00:00Z"),
                    Option.of("values", Values.choices(), "shape of the values; default walk"),
                    Option.of("format", FORMATS, "of the bodies written; default lp, Influx lines"),
                    Option.of("seed", "N", "of all that is random; default 1"),
                    Option.of("batch", "N", "points a request; default 10000"),
                    Option.of("slice", "N", "points made ahead, then sent and measured; default 4000000"),
                    Option.of("requests", "N", "of each query and each first GoShare's case; default 1000 and 50000"),
                    Option.of("warmup", "N", "requests of each case before it is measured; default a fifth"),
                    Option.of("settle", "DURATION", "longest wait for the server to be idle; default 60s"),
                    Option.of("pid", "N", "the server's process; default who listens on the port, on this machine"),
                    Option.of("data", "DIR", "the server's data directory, for its size")));
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);

    private final Map<String, String> given;
    private final PrintStream out;
    private final Workload workload;
    private final ServerProbe probe;

    Setup(List<String> args, PrintStream out) throws IOException {
        Options.Given read = OPTIONS.parse(args);
        this.given = read.values();
        this.out = out;
        this.workload = readWorkload();
        this.probe = readProbe();
    }

    private Workload readWorkload() {
        Duration interval = duration("interval", DEFAULT_INTERVAL);
        if (interval.isZero()) {
            throw new UsageException("goshare bench: --interval is more than 0");
        }
        long steps = given.containsKey("steps")
                ? number("steps", 1)
                : Duration.ofHours(number("hours", 12)).dividedBy(interval);
        if (steps < 1 || steps > Integer.MAX_VALUE) {
            throw new UsageException("goshare bench: each series has 1 to 2147483647 points, not " + steps);
        }
        return new Workload(
                number("hosts", 100),
                number("metrics", 10),
                (int) steps,
                interval,
                start(),
                values(),
                number("seed", 1));
    }

    private Instant start() {
        String text = given.getOrDefault("start", "2016-01-01T00:00:00Z");
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UsageException("goshare bench: --start " + text + " is not as in 2016-01-01T00:00:00Z");
        }
    }

    private Values values() {
        String word = given.getOrDefault("values", "walk");
        return Arrays.stream(Values.values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new UsageException("goshare bench: --values " + word + " is none of "
                        + Values.choices().replace("|", ", ")));
    }

    private ServerProbe readProbe() throws IOException {
        OptionalLong pid = OptionalLong.empty();
        if (given.containsKey("pid")) {
            pid = OptionalLong.of(number("pid", 0));
        } else {
            for (Endpoint endpoint : List.of(http(), zeroMq())) {
                boolean here = Stream.of("127.0.0.1", "localhost", "[::1]").anyMatch(endpoint.host()::equals);
                if (pid.isEmpty() && here) {
                    pid = ServerProbe.listener(endpoint.port());
                }
            }
        }
        return new ServerProbe(pid, Optional.ofNullable(given.get("data")).map(Path::of));
    }

    PrintStream out() {
        return out;
    }

    Workload workload() {
        return workload;
    }

    ServerProbe probe() {
        return probe;
    }

    Endpoint http() {
        return Endpoint.http(given.getOrDefault("url", "http://127.0.0.1:9999"));
    }

    Endpoint zeroMq() {
        return Endpoint.zeroMq(given.getOrDefault("zmq", "127.0.0.1:9797"));
    }

    List<String> modes() {
        return words("mode", "write,query", List.of("write", "query", "classic"));
    }

    List<Endpoint> endpoints(String fallback) {
        return words("transport", fallback, List.of("http", "zmq")).stream()
                .map(word -> word.equals("zmq") ? zeroMq() : http())
                .toList();
    }

    /** Numbers of connections, {@code fallback} if none is given. */
    List<Integer> connections(String fallback) {
        String text = given.getOrDefault("connections", fallback);
        return Arrays.stream(text.split(",", -1))
                .map(word -> parse("connections", word))
                .toList();
    }

    Format format() {
        String word = given.getOrDefault("format", "lp");
        if (!List.of(FORMATS.split("\\|", -1)).contains(word)) {
            throw new UsageException("goshare bench: --format " + word + " is none of " + FORMATS.replace("|", ", "));
        }
        return Format.valueOf(word.toUpperCase(Locale.ROOT));
    }

    int batch() {
        return number("batch", 10_000);
    }

    int slice() {
        return number("slice", 4_000_000);
    }

    int requests(int fallback) {
        return number("requests", fallback);
    }

    int warmup(int requests) {
        return given.containsKey("warmup") ? parse("warmup", given.get("warmup")) : requests / 5;
    }

    Idle idle() {
        return new Idle(probe, duration("settle", Duration.ofSeconds(60)));
    }

    Progress progress(String title, long total) {
        return new Progress(System.err, Boolean.getBoolean("goshare.terminal"), title, total, probe);
    }

    private List<String> words(String option, String fallback, List<String> known) {
        List<String> words = List.of(given.getOrDefault(option, fallback).split(",", -1));
        for (String word : words) {
            if (!known.contains(word)) {
                throw new UsageException(
                        "goshare bench: --" + option + " " + word + " is none of " + String.join(", ", known));
            }
        }
        return words;
    }

    private int number(String option, int fallback) {
        return given.containsKey(option) ? parse(option, given.get(option)) : fallback;
    }

    private static int parse(String option, String text) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1) {
            throw new UsageException("goshare bench: --" + option + " " + text + " is no number from 1 to 999999999");
        }
        return Integer.parseInt(text);
    }

    private Duration duration(String option, Duration fallback) {
        try {
            String text = given.get(option);
            return text == null ? fallback : Duration.ofNanos(Durations.parse(text));
        } catch (IllegalArgumentException e) {
            throw new UsageException("goshare bench: --" + option + ": " + e.getMessage());
        }
    }
}
