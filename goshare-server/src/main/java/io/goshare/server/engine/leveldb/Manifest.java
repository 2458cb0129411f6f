package io.goshare.server.engine.leveldb;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What CURRENT and the MANIFEST it names say of a store: the oldest live log, and the live tables. LevelDB's own form,
 * a log of edits.
 *
 * <pre>
 *   edit    repeated: field number, varint, then
 *     1     comparator: bytes                  2   log number: varint         9   previous log number: varint
 *     3     next file number: varint           4   last sequence: varint      5   level, key: where compaction goes on
 *     6     level, file number: deleted        7   level, file number, bytes, smallest key, largest key: added
 * </pre>
 */
final class Manifest {
    private static final Pattern NAME = Pattern.compile("MANIFEST-([0-9]{6,19})\n");
    private static final String COMPARATOR = "leveldb.BytewiseComparator";

    /** A table file; keys are LevelDB's, which end in 8 bytes of sequence and kind. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Table(int level, long number, long bytes, byte[] smallest, byte[] largest) {}

    private final Path file;
    private final long number;
    private final Map<Long, Table> tables = new TreeMap<>();
    private long logNumber;
    private long previousLog;
    private long lastSequence;
    private long goodEnd;
    private @Nullable String trouble;

    private Manifest(Path file, long number) {
        this.file = file;
        this.number = number;
    }

    /** Reads the manifest in force in {@code directory}. @throws DamagedFile if CURRENT or it cannot be made out */
    static Manifest read(Path directory) throws IOException {
        Path current = directory.resolve("CURRENT");
        String name;
        try {
            name = Files.readString(current, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new DamagedFile(current, "is missing");
        }
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new DamagedFile(current, "names no manifest");
        }
        Manifest manifest = new Manifest(directory.resolve(name.strip()), Long.parseLong(matcher.group(1)));
        manifest.readEdits();
        return manifest;
    }

    private void readEdits() throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            LogReader records = new LogReader(bytes);
            int edits = 0;
            for (byte[] edit = records.next(); edit != null; edit = records.next(), edits++) {
                try {
                    apply(ByteBuffer.wrap(edit));
                } catch (BufferUnderflowException e) {
                    throw new DamagedFile(file, "has an edit at " + records.recordStart() + " that ends early");
                }
            }
            if (edits == 0) {
                throw new DamagedFile(file, "holds no edit");
            }
            goodEnd = records.goodEnd();
            trouble = records.trouble();
        } catch (FileNotFoundException e) {
            throw new DamagedFile(file, "is missing, though CURRENT names it");
        }
    }

    private void apply(ByteBuffer edit) throws DamagedFile {
        while (edit.hasRemaining()) {
            int field = (int) Varint.read(edit);
            switch (field) {
                case 1 -> requireComparator(new String(Varint.readBytes(edit), StandardCharsets.UTF_8));
                case 2 -> logNumber = Varint.read(edit);
                case 3 -> Varint.read(edit);
                case 4 -> lastSequence = Varint.read(edit);
                case 5 -> {
                    Varint.read(edit);
                    Varint.readBytes(edit);
                }
                case 6 -> {
                    Varint.read(edit);
                    tables.remove(Varint.read(edit));
                }
                case 7 -> {
                    int level = (int) Varint.read(edit);
                    long table = Varint.read(edit);
                    long bytes = Varint.read(edit);
                    tables.put(table, new Table(level, table, bytes, Varint.readBytes(edit), Varint.readBytes(edit)));
                }
                case 9 -> previousLog = Varint.read(edit);
                default -> throw new DamagedFile(file, "has an edit with unknown field " + field);
            }
        }
    }

    private void requireComparator(String comparator) throws DamagedFile {
        if (!comparator.equals(COMPARATOR)) {
            throw new DamagedFile(file, "orders keys by " + comparator);
        }
    }

    Path file() {
        return file;
    }

    long number() {
        return number;
    }

    /** By number. */
    Map<Long, Table> tables() {
        return tables;
    }

    /** The oldest log whose rows are not all in tables; 0 in a store just made. */
    long oldestLog() {
        return logNumber;
    }

    /** Whether the rows of log {@code log} may be in no table. */
    boolean isLive(long log) {
        return log >= logNumber || log == previousLog;
    }

    /** At or behind the number of the last row in tables. */
    long lastSequence() {
        return lastSequence;
    }

    /** Where the last whole edit ends. */
    long goodEnd() {
        return goodEnd;
    }

    /** Why what follows {@link #goodEnd} is not only zeros, or null. */
    @Nullable
    String trouble() {
        return trouble;
    }
}
