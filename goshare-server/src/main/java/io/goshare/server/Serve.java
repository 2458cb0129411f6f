package io.goshare.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the server in this process until it is told to stop. Standard input is never read. */
final class Serve {
    private Serve() {}

    /** Returns only if the server could not start; a SIGTERM ends the process, with exit code 0 after a clean close. */
    static int run(ServerConfig config) throws InterruptedException {
        Logs.configure(config);
        GoShareServer server = GoShareServer.builder().config(config).start();
        try {
            writePid(config);
            CpuProfile.start(config);
        } catch (StartException e) {
            server.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, config), "goshare-stop"));
        System.out.println(ready(config, server));
        new CountDownLatch(1).await();
        return ExitCode.OK.number();
    }

    /** {@code ready http=127.0.0.1:9999 zmq=127.0.0.1:9797,127.0.0.1:9898 pid=17 data=/srv/goshare}. */
    static String ready(ServerConfig config, GoShareServer server) {
        String address = config.bind().getHostAddress();
        String host = address.contains(":") ? "[" + address + "]" : address;
        return "ready http=" + host + ":" + server.httpPort() + " zmq="
                + server.zmqPorts().stream().map(port -> host + ":" + port).collect(Collectors.joining(","))
                + (server.zmqPubPort().isPresent()
                        ? " zmq-pub=" + host + ":" + server.zmqPubPort().getAsInt()
                        : "")
                + " pid=" + ProcessHandle.current().pid() + " data="
                + (config.engine().equals("memory") ? "memory" : config.data());
    }

    private static void writePid(ServerConfig config) {
        config.pidFile().ifPresent(file -> {
            try {
                Files.writeString(file, ProcessHandle.current().pid() + "\n");
            } catch (IOException e) {
                throw new StartException(ExitCode.PERMISSION, "the pid file " + file + " cannot be written: " + e, e);
            }
        });
    }

    private static void stop(GoShareServer server, ServerConfig config) {
        Logger log = LoggerFactory.getLogger(Serve.class);
        int code = ExitCode.OK.number();
        try {
            log.info("stopping");
            server.close();
            log.info("stopped");
        } catch (RuntimeException e) {
            log.error("the server did not close cleanly", e);
            code = ExitCode.FAILED.number();
        }
        config.pidFile().ifPresent(file -> remove(file, log));
        Runtime.getRuntime().halt(code);
    }

    private static void remove(Path file, Logger log) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("the pid file {} cannot be removed: {}", file, e.toString());
        }
    }
}
