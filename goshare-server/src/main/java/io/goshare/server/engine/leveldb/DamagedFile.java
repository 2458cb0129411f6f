package io.goshare.server.engine.leveldb;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not as LevelDB wrote it; the message says which and how. */
final class DamagedFile extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedFile(Path file, String what) {
        super(file + " " + what);
    }
}
