package io.goshare.server.engine.leveldb;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.DurableMark;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.Inspection;
import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.StorageEngine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.Options;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens LevelDB stores: the log verifier first, then LevelDB itself, paranoid. */
public final class LevelDbEngineProvider implements EngineProvider {
    private static final Logger LOG = LoggerFactory.getLogger(LevelDbEngineProvider.class);
    /** Tables held open; LevelDB maps the first thousand and keeps no descriptor for them. */
    private static final int OPEN_FILES = 1000;

    private final LogSync.Force force;

    public LevelDbEngineProvider() {
        this(DirectoryFiles::force);
    }

    /** With a way to force files that a test can watch. */
    LevelDbEngineProvider(LogSync.Force force) {
        this.force = force;
    }

    @Override
    public String name() {
        return "leveldb";
    }

    @Override
    public StorageEngine open(Path directory, EngineOptions options, boolean create) {
        try {
            if (create) {
                prepare(directory);
            } else if (!LevelDbFiles.exists(directory)) {
                throw new DamagedFile(directory.resolve("CURRENT"), "is missing");
            }
            LevelDbLibrary.load(parent(directory));
            DurableMark.File marks = marks(directory);
            try {
                List<String> mended = create ? List.of() : LogVerifier.mend(directory, marks.mark());
                mended.forEach(line -> LOG.warn("mended: {}", line));
                return open(directory, options, create, marks, mended);
            } catch (IOException | RuntimeException e) {
                marks.close();
                throw e;
            }
        } catch (DamagedFile e) {
            throw new EngineException(Reason.DAMAGED, e.getMessage() + "; run goshare verify, then goshare repair", e);
        } catch (AccessDeniedException e) {
            throw new EngineException(Reason.PERMISSION, "no access to " + e.getFile(), e);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private static void prepare(Path directory) throws IOException {
        DirectoryFiles.createDirectory(directory);
        List<String> names = DirectoryFiles.names(directory);
        if (!names.isEmpty()) {
            throw new EngineException(
                    Reason.REFUSED, directory + " is to become a new store, but holds " + names.get(0));
        }
        DurableMark.File.create(directory.resolve(LevelDbFiles.MARK));
        DirectoryFiles.force(directory);
    }

    private static DurableMark.File marks(Path directory) throws IOException {
        Path file = directory.resolve(LevelDbFiles.MARK);
        try {
            return DurableMark.File.open(file).orElseThrow(() -> new DamagedFile(file, "holds no durable mark"));
        } catch (FileNotFoundException e) {
            throw new DamagedFile(file, "is missing");
        }
    }

    private StorageEngine open(
            Path directory, EngineOptions options, boolean create, DurableMark.File marks, List<String> mended)
            throws IOException {
        DB db = JniDBFactory.factory.open(directory.toFile(), options(options, create));
        LogSync sync = null;
        try {
            sync = new LogSync(directory, force, marks);
            LevelDbEngine engine = new LevelDbEngine(directory, db, sync, mended);
            engine.sync(); // what was mended is durable now, and the mark knows the new manifest
            return engine;
        } catch (IOException | RuntimeException e) {
            if (sync != null) {
                sync.close();
            }
            db.close();
            throw e;
        }
    }

    private static Options options(EngineOptions options, boolean create) {
        return new Options()
                .createIfMissing(create)
                .errorIfExists(create)
                .paranoidChecks(true)
                .maxOpenFiles(OPEN_FILES)
                .writeBufferSize(options.writeBufferBytes())
                .cacheSize(options.cacheBytes())
                .blockSize(options.blockBytes())
                .compressionType(CompressionType.SNAPPY);
    }

    private static EngineException failed(Path directory, IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("already held by process") || message.contains("lock ")) {
            return new EngineException(Reason.LOCKED, "LevelDB store " + directory + " is open elsewhere", e);
        }
        if (message.contains("Permission denied")) {
            return new EngineException(Reason.PERMISSION, "no access to LevelDB store " + directory, e);
        }
        return LevelDbEngine.failed(directory, "open", e);
    }

    private static Path parent(Path directory) {
        Path parent = directory.toAbsolutePath().getParent();
        return parent == null ? directory : parent;
    }

    @Override
    public Inspection inspect(Path directory, RowVisitor rows) {
        return new LevelDbInspector(directory).inspect(rows);
    }
}
