package io.goshare.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts, stops and finds the server as a process in the background. Its process id stands in the pid file, which the
 * server itself writes once it serves and removes when it has stopped.
 */
final class Daemon {
    private static final Duration STOP = Duration.ofSeconds(35);

    private final ServerConfig config;
    private final Path pidFile;
    private final Path logFile;

    Daemon(ServerConfig config) {
        this.config = config;
        this.pidFile = pidFile(config);
        this.logFile = config.logFile().orElse(beside(config, ".log")).toAbsolutePath();
    }

    /** Where the process id stands: beside the data directory unless it is set. */
    static Path pidFile(ServerConfig config) {
        return config.pidFile().orElse(beside(config, ".pid")).toAbsolutePath();
    }

    private static Path beside(ServerConfig config, String suffix) {
        return Path.of(config.data() + suffix);
    }

    /** Starts a server with {@code flags} and returns once it serves, or with the exit code that it ended with. */
    int start(List<String> flags) throws IOException, InterruptedException {
        Optional<ProcessHandle> running = running();
        if (running.isPresent()) {
            System.out.println("already running pid=" + running.get().pid());
            return ExitCode.OK.number();
        }
        Files.createDirectories(logFile.getParent());
        Path errors = Path.of(logFile + ".stderr");
        Process server = new ProcessBuilder(command(flags))
                .redirectInput(new File("/dev/null"))
                .redirectError(errors.toFile())
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        String ready = out.readLine();
        if (ready != null) {
            System.out.println(ready + " log=" + logFile);
            return ExitCode.OK.number();
        }
        int code = server.waitFor();
        System.err.print(Files.readString(errors));
        return code == 0 ? ExitCode.FAILED.number() : code;
    }

    private List<String> command(List<String> flags) {
        List<String> command = new ArrayList<>();
        detacher().ifPresent(command::add);
        command.addAll(SelfCommand.of("serve"));
        command.addAll(flags);
        if (config.logFile().isEmpty()) {
            command.add("--log-file=" + logFile);
        }
        if (config.pidFile().isEmpty()) {
            command.add("--pid-file=" + pidFile);
        }
        return command;
    }

    /** A program that frees the server from this terminal. */
    private static Optional<String> detacher() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return List.of("setsid", "nohup").stream()
                .filter(name -> List.of(path.split(File.pathSeparator)).stream()
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name))))
                .findFirst();
    }

    /** Asks the server to stop and waits until it has. */
    int stop() throws InterruptedException {
        Optional<ProcessHandle> running = running();
        if (running.isEmpty()) {
            System.out.println("not running");
            return ExitCode.OK.number();
        }
        ProcessHandle server = running.get();
        server.destroy();
        try {
            server.onExit().get(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            System.err.println("goshare: the server, pid " + server.pid() + ", has not stopped in " + STOP.toSeconds()
                    + " s; see " + logFile);
            return ExitCode.FAILED.number();
        }
        System.out.println("stopped pid=" + server.pid());
        return ExitCode.OK.number();
    }

    int status() {
        Optional<ProcessHandle> running = running();
        System.out.println(running.map(server -> "running pid=" + server.pid()).orElse("not running"));
        return running.isPresent() ? ExitCode.OK.number() : ExitCode.NOT_RUNNING.number();
    }

    /** The process of the pid file; none if it is gone, or if its number went to a process younger than the file. */
    private Optional<ProcessHandle> running() {
        try {
            if (!Files.exists(pidFile)) {
                return Optional.empty();
            }
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            long written = Files.getLastModifiedTime(pidFile).toMillis();
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info()
                            .startInstant()
                            .map(start -> start.toEpochMilli() <= written + 1000)
                            .orElse(true));
        } catch (IOException | NumberFormatException e) {
            throw new StartException(ExitCode.PERMISSION, "the pid file " + pidFile + " cannot be read: " + e, e);
        }
    }
}
