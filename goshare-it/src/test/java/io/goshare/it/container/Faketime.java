package io.goshare.it.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * libfaketime, a library of Debian's package of that name: loaded before all others, it has a program see another time
 * of day, by an offset that it reads from a file at each look. The monotonic clock stays, as when a real clock jumps.
 */
final class Faketime {
    private static final String NAME = "faketime/libfaketimeMT.so.1";
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"), Path.of("/usr/local/lib"));

    private Faketime() {}

    /** Skips the test where there is none. */
    static void require() {
        Deployments.require(
                found().isPresent(), "a clock that jumps: no libfaketime here; it is a package of Debian's");
    }

    /** The library's bytes, for a container. */
    static byte[] library() {
        try {
            return Files.readAllBytes(found().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that starts what follows it with a clock moved by {@code file}. */
    static List<String> wrapper(Path file) {
        List<String> command = new ArrayList<>(List.of("env"));
        environment(found().orElseThrow().toString(), file.toString())
                .forEach((name, value) -> command.add(name + "=" + value));
        return command;
    }

    /**
     * Variables of a program whose clock is moved by {@code file}. Without the last one, timed waits on the monotonic
     * clock, which are Java's, end at once.
     */
    static Map<String, String> environment(String library, String file) {
        return Map.of(
                "LD_PRELOAD",
                library,
                "FAKETIME_TIMESTAMP_FILE",
                file,
                "FAKETIME_NO_CACHE",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    /** What the file holds for a clock that is this far ahead of the machine's. */
    static String offset(Duration ahead) {
        return String.format("%+d", ahead.toSeconds());
    }

    private static Optional<Path> found() {
        return PLACES.stream().flatMap(Faketime::below).filter(Files::exists).findFirst();
    }

    /** Where it is in a directory of libraries, or in one of its architectures'. */
    private static Stream<Path> below(Path place) {
        if (!Files.isDirectory(place)) {
            return Stream.empty();
        }
        try (Stream<Path> inside = Files.list(place)) {
            return Stream.concat(Stream.of(place), inside.toList().stream()).map(directory -> directory.resolve(NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
