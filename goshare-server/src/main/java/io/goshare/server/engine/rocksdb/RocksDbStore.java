package io.goshare.server.engine.rocksdb;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.DurableMark;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.Inspection;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.StorageEngine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;

/** Opens and inspects one RocksDB directory. */
final class RocksDbStore {
    static final String MARK = "MARK";
    private static final int OPEN_FILES = 256;
    private static final double BLOOM_BITS = 10;

    private RocksDbStore() {}

    /** The objects behind an open store, freed in this order. */
    record Handles(RocksDB db, Options options, BloomFilter bloom, LRUCache cache) implements AutoCloseable {
        @Override
        public void close() {
            db.close();
            options.close();
            bloom.close();
            cache.close();
        }
    }

    static StorageEngine open(Path directory, EngineOptions sizes, boolean create) {
        RocksDB.loadLibrary();
        try {
            if (create) {
                prepare(directory);
            } else if (!Files.exists(directory.resolve("CURRENT"))) {
                throw damaged(directory.resolve("CURRENT") + " is missing");
            }
            DurableMark.File marks = marks(directory);
            try {
                return open(directory, sizes, create, marks);
            } catch (IOException | RuntimeException e) {
                marks.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EngineException(Reason.FAILED, "RocksDB store " + directory + ": open: " + e, e);
        }
    }

    private static StorageEngine open(Path directory, EngineOptions sizes, boolean create, DurableMark.File marks)
            throws IOException {
        Handles handles = handles(directory, sizes, create);
        try {
            long last = handles.db.getLatestSequenceNumber();
            if (last < marks.mark().sequence()) {
                throw damaged("RocksDB store " + directory + " ends with row " + last + ", before durable row "
                        + marks.mark().sequence());
            }
            RocksDbEngine engine = new RocksDbEngine(directory, handles, marks);
            engine.sync();
            return engine;
        } catch (RuntimeException e) {
            handles.close();
            throw e;
        }
    }

    private static void prepare(Path directory) throws IOException {
        DirectoryFiles.createDirectory(directory);
        List<String> names = DirectoryFiles.names(directory);
        if (!names.isEmpty()) {
            throw new EngineException(
                    Reason.REFUSED, directory + " is to become a new store, but holds " + names.get(0));
        }
        DurableMark.File.create(directory.resolve(MARK));
        DirectoryFiles.force(directory);
    }

    private static DurableMark.File marks(Path directory) throws IOException {
        Path file = directory.resolve(MARK);
        try {
            return DurableMark.File.open(file).orElseThrow(() -> damaged(file + " holds no durable mark"));
        } catch (FileNotFoundException e) {
            throw damaged(file + " is missing");
        }
    }

    private static Handles handles(Path directory, EngineOptions sizes, boolean create) {
        LRUCache cache = new LRUCache(Math.max(1 << 20, sizes.cacheBytes()));
        BloomFilter bloom = new BloomFilter(BLOOM_BITS);
        Options options = new Options()
                .setCreateIfMissing(create)
                .setErrorIfExists(create)
                .setParanoidChecks(true)
                .setWriteBufferSize(sizes.writeBufferBytes())
                .setMaxOpenFiles(OPEN_FILES)
                .setKeepLogFileNum(2)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(sizes.blockBytes())
                        .setFilterPolicy(bloom));
        try {
            return new Handles(RocksDB.open(options, directory.toString()), options, bloom, cache);
        } catch (RocksDBException e) {
            options.close();
            bloom.close();
            cache.close();
            throw failed(directory, "open", e);
        }
    }

    static Inspection inspect(Path directory, RowVisitor rows) {
        RocksDB.loadLibrary();
        List<String> findings = new ArrayList<>();
        long count = 0;
        try (Options options = new Options();
                ReadOptions checked = new ReadOptions().setVerifyChecksums(true);
                RocksDB db = RocksDB.openReadOnly(options, directory.toString())) {
            verifyTables(db, findings);
            try (RocksIterator iterator = db.newIterator(checked)) {
                for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                    count++;
                    if (!rows.row(iterator.key(), iterator.value())) {
                        break;
                    }
                }
                iterator.status();
            }
            long last = db.getLatestSequenceNumber();
            long durable = durableSequence(directory, findings);
            if (last < durable) {
                findings.add(directory + " ends with row " + last + ", before durable row " + durable);
            }
        } catch (RocksDBException | IOException e) {
            findings.add(directory + ": " + e.getMessage() + "; rows behind this cannot be read");
        }
        return new Inspection(count, findings.size(), findings);
    }

    private static void verifyTables(RocksDB db, List<String> findings) {
        try {
            db.verifyChecksum();
        } catch (RocksDBException e) {
            findings.add(String.valueOf(e.getMessage()));
        }
    }

    private static long durableSequence(Path directory, List<String> findings) throws IOException {
        Path file = directory.resolve(MARK);
        if (!Files.exists(file)) {
            findings.add(file + " is missing");
            return 0;
        }
        return DurableMark.File.peek(file).map(DurableMark::sequence).orElse(0L);
    }

    static EngineException damaged(String what) {
        return new EngineException(Reason.DAMAGED, what + "; run goshare verify, then goshare repair");
    }

    static EngineException failed(Path directory, String what, RocksDBException e) {
        String message = "RocksDB store " + directory + ": " + what + ": " + e.getMessage();
        org.rocksdb.Status.Code code =
                e.getStatus() == null ? null : e.getStatus().getCode();
        boolean missing = String.valueOf(e.getMessage()).contains("No such file or directory");
        if (code == org.rocksdb.Status.Code.Corruption || missing) {
            return new EngineException(Reason.DAMAGED, message + "; run goshare verify, then goshare repair", e);
        }
        if (String.valueOf(e.getMessage()).contains("ermission denied")) {
            return new EngineException(Reason.PERMISSION, message, e);
        }
        return new EngineException(
                String.valueOf(e.getMessage()).contains("lock ") ? Reason.LOCKED : Reason.FAILED, message, e);
    }
}
