package io.goshare.server.engine.leveldb;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.DurableMark;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a closed store before LevelDB may: it mends what a kill or a power cut leaves, refuses what only a failing
 * disk or hand can have done, and so makes LevelDB's paranoid open safe to use, which does neither.
 *
 * <pre>
 *   all live logs are one sequence of rows, numbered without a gap
 *   it breaks off behind the durable mark    what follows was never promised: saved aside, cut off, told
 *   it breaks off before the durable mark    refused, with file and offset
 *   the manifest likewise; tables must be there, in full length, with a whole index
 * </pre>
 */
final class LogVerifier {
    private static final int SAVED_FILES = 16;

    private final Path directory;
    private final DurableMark mark;
    private final List<Cut> cuts = new ArrayList<>();

    /** Bytes of {@code file} from {@code end} on are to go; {@code why} null: they are only zeros. */
    private record Cut(Path file, long end, @Nullable String why) {}

    private LogVerifier(Path directory, DurableMark mark) {
        this.directory = directory;
        this.mark = mark;
    }

    /**
     * Mends the store in {@code directory}.
     *
     * @return one line for each thing mended; empty if there was nothing to do
     * @throws DamagedFile if it is damaged; nothing is changed then
     */
    static List<String> mend(Path directory, DurableMark mark) throws IOException {
        return new LogVerifier(directory, mark).mend();
    }

    private List<String> mend() throws IOException {
        Manifest manifest = Manifest.read(directory);
        requireManifest(manifest);
        for (Manifest.Table table : manifest.tables().values()) {
            TableFile.open(LevelDbFiles.table(directory, table.number()), table.bytes())
                    .close();
        }
        SortedSet<Long> logs = LevelDbFiles.logs(directory);
        logs.removeIf(log -> !manifest.isLive(log));
        cuts.add(new Cut(
                manifest.file(),
                manifest.goodEnd(),
                manifest.trouble() == null ? null : "torn tail: " + manifest.trouble()));
        readLogs(manifest, logs);

        List<String> mended = new ArrayList<>();
        for (Cut cut : cuts) {
            if (cut.why == null) {
                cutZeros(cut.file, cut.end);
            } else {
                mended.add(saveAndCut(cut.file, cut.end, cut.why));
            }
        }
        return mended;
    }

    private void requireManifest(Manifest manifest) throws IOException {
        if (manifest.number() < mark.manifest()) {
            throw new DamagedFile(
                    directory.resolve("CURRENT"), "names a manifest older than number " + mark.manifest());
        }
        if (manifest.number() == mark.manifest() && manifest.goodEnd() < mark.manifestEnd()) {
            throw new DamagedFile(
                    manifest.file(),
                    "breaks off at " + manifest.goodEnd() + ", before its durable end " + mark.manifestEnd() + ": "
                            + manifest.trouble());
        }
        if (mark.log() < manifest.oldestLog() && manifest.lastSequence() < mark.sequence()) {
            throw new DamagedFile(
                    manifest.file(),
                    "ends with row " + manifest.lastSequence() + ", before durable row " + mark.sequence());
        }
    }

    /** Reads the live logs up to where the sequence of rows breaks off, and notes what to cut. */
    private void readLogs(Manifest manifest, SortedSet<Long> logs) throws IOException {
        if (mark.log() >= manifest.oldestLog() && mark.offset() > 0 && !logs.contains(mark.log())) {
            throw new DamagedFile(LevelDbFiles.log(directory, mark.log()), "is missing");
        }
        long expected = -1;
        for (long log : logs) {
            Path file = LevelDbFiles.log(directory, log);
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
                LogReader records = new LogReader(bytes);
                long goodEnd = 0;
                String trouble = null;
                for (byte[] data = records.next(); data != null; data = records.next()) {
                    LogRecord record = LogRecord.decode(data);
                    trouble = judge(record, expected, manifest.lastSequence(), records.recordStart());
                    if (record == null || trouble != null) {
                        break;
                    }
                    expected = record.next();
                    goodEnd = records.goodEnd();
                }
                trouble = trouble == null ? records.trouble() : trouble;
                if (log == mark.log() && goodEnd < mark.offset()) {
                    throw new DamagedFile(
                            file,
                            "breaks off at " + goodEnd + ", before its durable end " + mark.offset()
                                    + (trouble == null ? "" : ": " + trouble));
                }
                if (trouble != null) {
                    breakOff(file, log, goodEnd, trouble, records, logs);
                    return;
                }
                cuts.add(new Cut(file, goodEnd, null));
            }
        }
        if (mark.log() >= manifest.oldestLog() && Math.max(expected - 1, manifest.lastSequence()) < mark.sequence()) {
            throw new DamagedFile(
                    directory, "ends with row " + (expected - 1) + ", before durable row " + mark.sequence());
        }
    }

    private static @Nullable String judge(@Nullable LogRecord record, long expected, long inTables, long at) {
        if (record == null) {
            return "a record too short for a batch at " + at;
        }
        boolean follows = expected < 0 ? record.sequence() <= inTables + 1 : record.sequence() == expected;
        return follows
                ? null
                : "rows are missing before row " + record.sequence() + " at " + at + ", for the last is "
                        + (expected < 0 ? inTables : expected - 1);
    }

    private void breakOff(Path file, long log, long goodEnd, String trouble, LogReader records, SortedSet<Long> logs)
            throws IOException {
        if (log < mark.log()) {
            throw new DamagedFile(
                    file,
                    "breaks off at " + goodEnd + ", before the durable mark in log " + mark.log() + ": " + trouble);
        }
        boolean hole = records.anyPartAfter(goodEnd);
        for (long later : logs.tailSet(log + 1)) {
            Path laterFile = LevelDbFiles.log(directory, later);
            try (RandomAccessFile bytes = new RandomAccessFile(laterFile.toFile(), "r")) {
                hole |= new LogReader(bytes).next() != null;
            }
            cuts.add(new Cut(laterFile, 0, "follows a log that breaks off"));
        }
        cuts.add(new Cut(file, goodEnd, (hole ? "hole behind the durable mark: " : "torn tail: ") + trouble));
    }

    /** Cuts off space that LevelDB mapped ahead: a few zeros at the very end would look like a torn header to it. */
    private static void cutZeros(Path file, long end) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.size() > end) {
                channel.truncate(end);
                channel.force(true);
            }
        }
    }

    /** Saves the bytes behind {@code end} aside, then cuts them off. */
    private String saveAndCut(Path file, long end, String why) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            Path saved = save(file, channel, end, size);
            channel.truncate(end);
            channel.force(true);
            return file + " cut at " + end + " of " + size + " (" + why + "); the bytes are kept in " + saved;
        }
    }

    private Path save(Path file, FileChannel channel, long from, long size) throws IOException {
        Path folder = directory.resolve(LevelDbFiles.SAVED);
        DirectoryFiles.createDirectory(folder);
        List<String> old = DirectoryFiles.names(folder);
        for (String name : old.subList(0, Math.max(0, old.size() - SAVED_FILES + 1))) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Path saved = folder.resolve(file.getFileName() + "@" + from);
        Files.deleteIfExists(saved);
        try (FileChannel copy = DirectoryFiles.create(saved)) {
            for (long at = from; at < size; ) {
                at += channel.transferTo(at, size - at, copy);
            }
            ByteBuffer last = ByteBuffer.allocate(4096);
            trimZeros(copy, last);
            copy.force(true);
        }
        DirectoryFiles.force(folder);
        return saved;
    }

    private static void trimZeros(FileChannel copy, ByteBuffer page) throws IOException {
        for (long end = copy.size(); end > 0; ) {
            long start = Math.max(0, end - page.capacity());
            page.clear().limit((int) (end - start));
            while (page.hasRemaining() && copy.read(page, start + page.position()) > 0) {}
            for (int at = page.limit() - 1; at >= 0; at--) {
                if (page.get(at) != 0) {
                    copy.truncate(start + at + 1);
                    return;
                }
            }
            end = start;
            copy.truncate(end);
        }
    }
}
