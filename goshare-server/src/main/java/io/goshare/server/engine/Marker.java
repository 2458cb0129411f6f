package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Says what a directory is; replaced as a whole, never changed in place. Lines of UTF-8, each ended by a line feed:
 *
 * <pre>
 *   goshare 1               format version; one that is not ours is left alone
 *   created-by GoShare 1.0.0
 *   engine leveldb          the engine that wrote below
 *   state new|ready         new: its making was cut short, nothing in it was ever acknowledged
 *   uuid 0a1b...
 *   crc32c 01234567         of all before, hexadecimal
 * </pre>
 */
record Marker(UUID uuid, String engine, boolean ready) {
    private static final String FORMAT = "1";
    private static final String CRC = "crc32c ";

    /** The file is not a marker, or of another format. */
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;
        private final boolean otherFormat;

        Unreadable(Path file, String what, boolean otherFormat) {
            super(file + " " + what);
            this.otherFormat = otherFormat;
        }

        /** Whether it is sound, but written by another release. */
        boolean otherFormat() {
            return otherFormat;
        }
    }

    Marker asReady() {
        return new Marker(uuid, engine, true);
    }

    void write(Path file) throws IOException {
        String text = "goshare " + FORMAT + "\ncreated-by " + createdBy() + "\nengine " + engine + "\nstate "
                + (ready ? "ready" : "new") + "\nuuid " + uuid + "\n";
        DirectoryFiles.replace(file, (text + CRC + crc(text) + "\n").getBytes(UTF_8));
    }

    /** The marker in {@code file}, if there is one. */
    static Optional<Marker> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file), UTF_8);
        int end = text.lastIndexOf(CRC);
        if (end < 0 || !text.substring(end).equals(CRC + crc(text.substring(0, end)) + "\n")) {
            throw new Unreadable(file, "is damaged", false);
        }
        Map<String, String> lines = new TreeMap<>();
        for (String line : text.split("\n")) {
            int space = line.indexOf(' ');
            lines.put(line.substring(0, Math.max(0, space)), line.substring(space + 1));
        }
        String format = lines.getOrDefault("goshare", "none");
        if (!format.equals(FORMAT)) {
            throw new Unreadable(
                    file, "is of format " + format + ", this release reads " + FORMAT + "; nothing was changed", true);
        }
        try {
            return Optional.of(new Marker(
                    UUID.fromString(lines.getOrDefault("uuid", "")),
                    lines.getOrDefault("engine", ""),
                    "ready".equals(lines.get("state"))));
        } catch (IllegalArgumentException e) {
            throw new Unreadable(file, "has no uuid", false);
        }
    }

    private static String createdBy() {
        String version = Marker.class.getPackage().getImplementationVersion();
        return "GoShare " + (version == null ? "(unpackaged)" : version);
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
