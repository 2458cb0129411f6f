package io.goshare.server.cli.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a server on this machine has used, as Linux's {@code /proc} tells (proc(5)). A figure that cannot be had, for
 * the process is another machine's or another user's, is empty.
 */
final class ServerProbe {
    private static final Path PROC = Path.of("/proc");
    /** USER_HZ, the unit of times in /proc/PID/stat: 100 on every Linux that runs Java. */
    private static final double TICKS_PER_SECOND = 100;

    private static final String LISTENING = "0A";

    private final OptionalLong pid;
    private final Optional<Path> data;

    ServerProbe(OptionalLong pid, Optional<Path> data) {
        this.pid = pid;
        this.data = data;
    }

    /**
     * Figures of one moment.
     *
     * @param cpuSeconds of all threads since the start, user and system
     * @param bytesWritten that the process caused to be sent to storage
     */
    record Reading(double cpuSeconds, long bytesWritten) {
        static final Reading NONE = new Reading(Double.NaN, -1);

        Reading since(Reading before) {
            boolean both = bytesWritten >= 0 && before.bytesWritten >= 0;
            return new Reading(cpuSeconds - before.cpuSeconds, both ? bytesWritten - before.bytesWritten : -1);
        }
    }

    OptionalLong pid() {
        return pid;
    }

    Reading read() throws IOException {
        if (pid.isEmpty()) {
            return Reading.NONE;
        }
        // The command's name, in parentheses, may hold blanks: fields are counted from behind it.
        String stat = Files.readString(process().resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        return new Reading(ticks / TICKS_PER_SECOND, number("io", "write_bytes").orElse(-1));
    }

    /** Resident memory that is no file's, in bytes. */
    OptionalLong anonymousBytes() {
        OptionalLong kib = number("status", "RssAnon");
        return kib.isPresent() ? OptionalLong.of(kib.getAsLong() << 10) : kib;
    }

    /** Sum of the sizes of all files of the data directory; empty where none was named. */
    OptionalLong bytesOnDisk() throws IOException {
        if (data.isEmpty()) {
            return OptionalLong.empty();
        }
        try (Stream<Path> files = Files.walk(data.get())) {
            return OptionalLong.of(files.mapToLong(ServerProbe::size).sum());
        }
    }

    /** 0 for what is no file, or is no more. */
    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private Path process() {
        return PROC.resolve(Long.toString(pid.orElseThrow()));
    }

    private OptionalLong number(String file, String name) {
        if (pid.isEmpty()) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(process().resolve(file))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The process of this user that listens on a port of this machine. */
    static OptionalLong listener(int port) throws IOException {
        Set<String> sockets = new HashSet<>();
        for (String table : new String[] {"net/tcp", "net/tcp6"}) {
            Path file = PROC.resolve(table);
            if (Files.isReadable(file)) {
                try (Stream<String> lines = Files.lines(file)) {
                    lines.map(line -> line.strip().split("\\s+"))
                            .filter(words -> words[3].equals(LISTENING)
                                    && words[1].endsWith(String.format(Locale.ROOT, ":%04X", port)))
                            .forEach(words -> sockets.add("socket:[" + words[9] + "]"));
                }
            }
        }
        if (sockets.isEmpty()) {
            return OptionalLong.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (hasOpen(process, sockets)) {
                    return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return OptionalLong.empty();
    }

    /** False as well for a process of another user, or one that has just ended. */
    private static boolean hasOpen(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : open) {
                if (sockets.contains(target(file))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
