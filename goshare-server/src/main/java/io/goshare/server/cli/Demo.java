package io.goshare.server.cli;

import io.goshare.client.transport.Transport;
import io.goshare.client.transport.zeromq.ZeroMqTransport;
import io.goshare.protocol.Reply;
import io.goshare.protocol.wire.CommandWords;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The main job on real input: starts a server on a scratch directory, lets a plug-in in plain sh push what it reads of
 * this machine, then asks over HTTP and over ZeroMQ what the server learned.
 */
public final class Demo {
    private static final Options OPTIONS = new Options(
            "demo",
            "",
            List.of(
                    Options.Option.of("seconds", "N", "how long the plug-in runs; default 30"),
                    Options.Option.of("keep", "", "leave the server running, and print how to stop it")));
    private static final Pattern READY = Pattern.compile("ready http=(\\S+) zmq=([^,\\s]+)\\S* pid=(\\d+) data=.*");

    private final Path scratch;
    private final Process server;
    private final String http;
    private final String zmq;

    private Demo(Path scratch, Process server, String http, String zmq) {
        this.scratch = scratch;
        this.server = server;
        this.http = http;
        this.zmq = zmq;
    }

    public static String help() {
        return OPTIONS.help(
                "Starts a server on a scratch directory and free ports, pushes real figures and states of this"
                        + " machine\nto it once a second, and shows over HTTP and over ZeroMQ what it learned.");
    }

    /**
     * Runs the demo; the exit code.
     *
     * @param self the command that starts this program, its arguments to follow
     */
    public static int run(List<String> args, List<String> self) throws IOException, InterruptedException {
        Options.Given given = OPTIONS.parse(args);
        int seconds = seconds(given.values().getOrDefault("seconds", "30"));
        for (String tool : List.of("sh", "curl", "awk", "sed", "grep", "ps", "df")) {
            if (!installed(tool)) {
                System.err.println("goshare: the demo's plug-in needs " + tool + ", which is not installed here");
                return 1;
            }
        }
        if (!Files.isReadable(Path.of("/proc/stat"))) {
            System.err.println("goshare: the demo's plug-in reads /proc, which is not there: it needs Linux");
            return 1;
        }
        Demo demo = start(self);
        boolean keep = given.values().containsKey("keep");
        boolean kept = false;
        try {
            demo.push(seconds);
            demo.showHttp();
            demo.showZeroMq();
            kept = keep;
            return 0;
        } finally {
            demo.end(kept);
        }
    }

    private static int seconds(String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new UsageException("seconds " + text + " is no number from 1 to 999999");
        }
        return Integer.parseInt(text);
    }

    private static boolean installed(String tool) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Stream.of(path.split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }

    private static Demo start(List<String> self) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("goshare-demo-");
        List<String> command = new ArrayList<>(self);
        command.addAll(List.of("serve", "--data", scratch.resolve("data").toString()));
        command.addAll(List.of("--http-port", "0", "--zmq-ports", "0,0"));
        command.addAll(List.of("--log-file", scratch.resolve("server.log").toString()));
        Process server = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(scratch.resolve("server.stderr").toFile())
                .start();
        String line =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8)).readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            server.waitFor();
            String errors = Files.readString(scratch.resolve("server.stderr"));
            delete(scratch);
            throw new IOException("the server did not start: " + errors.strip());
        }
        System.out.println("A server on a scratch directory:\n  " + line + "\n");
        return new Demo(scratch, server, ready.group(1), ready.group(2));
    }

    private void push(int seconds) throws IOException, InterruptedException {
        Path plugin = scratch.resolve("plugin.sh");
        try (InputStream in = Objects.requireNonNull(Demo.class.getResourceAsStream("/demo/plugin.sh"))) {
            Files.copy(in, plugin);
        }
        System.out.println("A plug-in in plain sh pushes this machine's figures and states, once a second for "
                + seconds + " s:\n  $ sh plugin.sh http://" + http + " " + seconds + "\n");
        int code = new ProcessBuilder("sh", plugin.toString(), "http://" + http, String.valueOf(seconds))
                .inheritIO()
                .redirectInput(new File("/dev/null"))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("the plug-in ended with code " + code + "; the server's log is in " + scratch);
        }
    }

    private void showHttp() throws IOException, InterruptedException {
        System.out.println("Over HTTP. The tree it made, asked for level by level:\n\n  $ curl -sSf 'http://" + http
                + "/api/v1/children?path=host&fmt=csv'\n  host");
        tree("host", "    ");
        System.out.println("\nThe last minute of a metric, in windows of ten seconds:\n");
        curl("query?sel=host:*:cpu:busy_percent&from=-1m&every=10s&agg=count,min,mean,max&times=rfc3339");
        System.out.println("The runs of a state, the one that lasts at the end:\n");
        curl("states?sel=host:*:cpu:state&from=-1h&times=rfc3339");
    }

    private void tree(String path, String indent) throws IOException, InterruptedException {
        String csv = output(List.of("curl", "-sSf", "http://" + http + "/api/v1/children?path=" + path + "&fmt=csv"));
        for (String line : csv.lines().skip(1).toList()) {
            String name = line.split(",", 2)[0];
            System.out.println(indent + name);
            tree(path + ":" + name, indent + "  ");
        }
    }

    private void curl(String question) throws IOException, InterruptedException {
        String url = "http://" + http + "/api/v1/" + question + "&fmt=csv";
        System.out.println("  $ curl -sSf '" + url + "'");
        output(List.of("curl", "-sSf", url)).lines().forEach(line -> System.out.println("  " + line));
        System.out.println();
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }

    private void showZeroMq() {
        System.out.println("Over ZeroMQ, tcp://" + zmq + ", a message of words each:\n");
        try (Transport transport = new ZeroMqTransport(zmq, Optional.empty(), Duration.ofSeconds(10))) {
            ask(transport, "query sel=host:*:load:1min from=-1m limit=10");
            ask(transport, "states sel=host:*:process:* from=-1h");
            ask(transport, "at sel=host:*:kernel");
        }
    }

    private static void ask(Transport transport, String words) {
        System.out.println("  > " + words);
        Reply reply =
                transport.handle(CommandWords.parse(CommandWords.split(words))).join();
        String text = ReplyPrinter.csv(reply, "rfc3339");
        text.lines().forEach(line -> System.out.println("  " + line));
        System.out.println();
    }

    private void end(boolean keep) throws IOException, InterruptedException {
        if (keep) {
            System.out.println("The server goes on, with its data and log in " + scratch + "\n  stop it:   kill "
                    + server.pid() + "\n  ask it:    ./goshare states 'host:**' --url goshare:http://" + http);
            return;
        }
        server.destroy();
        if (!server.waitFor(35, TimeUnit.SECONDS)) {
            server.destroyForcibly();
            throw new IOException("the server did not stop; its log is in " + scratch);
        }
        delete(scratch);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
