package io.goshare.server.engine.leveldb;

import io.goshare.server.engine.DurableMark;
import io.goshare.server.engine.Inspection;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.WriteBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a closed store in Java, block by block, and tells of all that is not as written. Where the manifest is lost,
 * every table and log found is read. Of each key the row with the highest sequence counts. A torn tail behind the
 * durable mark is no damage: a kill leaves one, and the next open cuts it off.
 *
 * <p>A table block that is damaged hides its rows, so that older ones of the same keys, or rows deleted since, may come
 * back; its finding says so.
 */
final class LevelDbInspector {
    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::key, Arrays::compareUnsigned)
            .thenComparing(Comparator.comparingLong(Entry::sequence).reversed());

    private final Path directory;
    private final List<String> findings = new ArrayList<>();
    private long lost;

    LevelDbInspector(Path directory) {
        this.directory = directory;
    }

    /** A row of one version; {@code value} null is a deletion. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(byte[] key, long sequence, byte @Nullable [] value) {}

    /** The entries of one table or of all logs, and the one that is next. */
    private record Source(Entry head, Iterator<Entry> rest) {}

    Inspection inspect(RowVisitor rows) {
        List<Iterator<Entry>> sources = new ArrayList<>();
        try {
            DurableMark mark = mark();
            Optional<Manifest> manifest = manifest(mark);
            tables(manifest).forEach((table, bytes) -> sources.add(new TableEntries(table, bytes)));
            sources.add(logs(manifest, mark));
        } catch (IOException e) {
            findings.add(String.valueOf(e.getMessage()));
        }
        long count = merge(sources, rows);
        return new Inspection(count, lost, findings);
    }

    private Optional<Manifest> manifest(DurableMark mark) throws IOException {
        try {
            Manifest manifest = Manifest.read(directory);
            if (manifest.number() == mark.manifest() && manifest.goodEnd() < mark.manifestEnd()) {
                findings.add(manifest.file() + " breaks off at " + manifest.goodEnd() + ": " + manifest.trouble());
            }
            return Optional.of(manifest);
        } catch (DamagedFile e) {
            findings.add(e.getMessage() + "; every table and log found is read instead");
            return Optional.empty();
        }
    }

    /** Table → its bytes. */
    private Map<Path, Long> tables(Optional<Manifest> manifest) throws IOException {
        Map<Path, Long> tables = new TreeMap<>();
        if (manifest.isPresent()) {
            manifest.get()
                    .tables()
                    .values()
                    .forEach(t -> tables.put(LevelDbFiles.table(directory, t.number()), t.bytes()));
        } else {
            for (long number : LevelDbFiles.tables(directory)) {
                Path table = LevelDbFiles.table(directory, number);
                tables.put(table, Files.size(table));
            }
        }
        return tables;
    }

    private Iterator<Entry> logs(Optional<Manifest> manifest, DurableMark mark) throws IOException {
        Map<Long, Long> ends = new HashMap<>();
        Map<byte[], Entry> newest = new TreeMap<>(Arrays::compareUnsigned);
        for (long number : LevelDbFiles.logs(directory)) {
            if (manifest.isEmpty() || manifest.get().isLive(number)) {
                ends.put(number, readLog(LevelDbFiles.log(directory, number), newest));
            }
        }
        boolean live = manifest.isEmpty() || mark.log() >= manifest.get().oldestLog();
        if (live && mark.log() > 0 && ends.getOrDefault(mark.log(), 0L) < mark.offset()) {
            findings.add(LevelDbFiles.log(directory, mark.log()) + " breaks off at " + ends.getOrDefault(mark.log(), 0L)
                    + ", before its durable end " + mark.offset());
            lost++;
        }
        return newest.values().iterator();
    }

    private DurableMark mark() throws IOException {
        Path file = directory.resolve(LevelDbFiles.MARK);
        if (!Files.exists(file)) {
            findings.add(file + " is missing");
            return DurableMark.NONE;
        }
        Optional<DurableMark> mark = DurableMark.File.peek(file);
        if (mark.isEmpty()) {
            findings.add(file + " holds no durable mark");
        }
        return mark.orElse(DurableMark.NONE);
    }

    /** Returns the end of its good part. */
    private long readLog(Path file, Map<byte[], Entry> newest) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            LogReader records = new LogReader(bytes);
            for (byte[] data = records.next(); data != null; data = records.next()) {
                LogRecord record = LogRecord.decode(data);
                if (record == null) {
                    findings.add(file + " has a record too short for a batch at " + records.recordStart());
                    continue;
                }
                try {
                    take(record, newest);
                } catch (BufferUnderflowException e) {
                    findings.add(file + " has a batch that ends early at " + records.recordStart());
                    lost++;
                }
            }
            String trouble = records.trouble();
            if (trouble != null && records.anyPartAfter(records.goodEnd())) {
                findings.add(
                        file + " breaks off at " + records.goodEnd() + ": " + trouble + "; there are rows behind it");
                lost++;
            }
            return records.goodEnd();
        }
    }

    private static void take(LogRecord record, Map<byte[], Entry> newest) {
        long sequence = record.sequence();
        for (WriteBatch.Step step : record.batch().steps()) {
            Entry entry = new Entry(step.key(), sequence++, step.value());
            newest.merge(entry.key, entry, (old, now) -> now.sequence >= old.sequence ? now : old);
        }
    }

    private static long merge(List<Iterator<Entry>> iterators, RowVisitor rows) {
        PriorityQueue<Source> sources = new PriorityQueue<>(Comparator.comparing(Source::head, ORDER));
        iterators.forEach(iterator -> advance(sources, iterator));
        byte[] last = null;
        long count = 0;
        for (Source source = sources.poll(); source != null; source = sources.poll()) {
            Entry entry = source.head;
            if (last == null || !Arrays.equals(last, entry.key)) {
                last = entry.key;
                byte[] value = entry.value;
                if (value != null) {
                    count++;
                    if (!rows.row(entry.key, value)) {
                        break;
                    }
                }
            }
            advance(sources, source.rest);
        }
        return count;
    }

    private static void advance(PriorityQueue<Source> sources, Iterator<Entry> iterator) {
        if (iterator.hasNext()) {
            sources.add(new Source(iterator.next(), iterator));
        }
    }

    /** The entries of one table; the file is open only while a block is read. */
    private final class TableEntries implements Iterator<Entry> {
        private final Path path;
        private final long bytes;
        private Iterator<TableFile.Handle> blocks = List.<TableFile.Handle>of().iterator();
        private Iterator<TableFile.Row> rows = List.<TableFile.Row>of().iterator();

        TableEntries(Path path, long bytes) {
            this.path = path;
            this.bytes = bytes;
            try (TableFile table = TableFile.open(path, bytes)) {
                blocks = table.blocks().iterator();
            } catch (IOException e) {
                lose(e);
            }
        }

        private void lose(IOException e) {
            findings.add(e.getMessage() + "; older or deleted rows of its keys may be seen in their place");
            lost++;
        }

        @Override
        public boolean hasNext() {
            while (!rows.hasNext() && blocks.hasNext()) {
                TableFile.Handle block = blocks.next();
                try (TableFile table = TableFile.open(path, bytes)) {
                    rows = table.rows(block).iterator();
                } catch (IOException e) {
                    lose(e);
                }
            }
            return rows.hasNext();
        }

        @Override
        public Entry next() {
            TableFile.Row row = rows.next();
            int length = row.key().length - 8;
            long tag = ByteBuffer.wrap(row.key()).order(ByteOrder.LITTLE_ENDIAN).getLong(length);
            return new Entry(Arrays.copyOf(row.key(), length), tag >>> 8, (tag & 0xff) == 1 ? row.value() : null);
        }
    }
}
