package io.goshare.server.cli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** {@code goshare bench}: drives a server that runs, over HTTP or ZeroMQ, and prints what that cost it. */
public final class Bench {
    private Bench() {}

    public static String help() {
        return Setup.OPTIONS.help("""
                Drives a server that runs and prints points or requests a second, the CPU the server spent on them, what
                it wrote, latencies, and whether what it reads back is right. Modes:
                  write    hosts x metrics, a point each interval, as Influx lines, to any server that takes them
                  query    last values, raw ranges and windows of what write wrote with the same options, all checked
                  classic  the first GoShare's requests: keys, namespaces, points, CSV pushes of 100""");
    }

    /**
     * Does what the rest of a command line says, tables to {@code out}; the exit code.
     *
     * @throws IOException if the server cannot be reached, refuses a request, or answers wrongly
     */
    public static int run(List<String> args, PrintStream out) throws IOException, InterruptedException {
        Setup setup = new Setup(args, out);
        for (String mode : setup.modes()) {
            switch (mode) {
                case "write" -> {
                    for (Endpoint endpoint : setup.endpoints("http")) {
                        new Ingest(setup, endpoint).run();
                    }
                }
                case "query" -> new Queries(setup).run();
                default -> new Classic(setup).run();
            }
        }
        return 0;
    }
}
