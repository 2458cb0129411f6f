package io.goshare.server.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.goshare.server.engine.EngineException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds a directory for one owner in this process and among processes, through the file LOCK, which names its pid. */
final class DirectoryLock implements AutoCloseable {
    static final String FILE = "LOCK";

    /**
     * Directories held in this process. It must be known before the file is touched: closing any channel on a locked
     * file drops the process's lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** @throws EngineException {@code LOCKED}, naming the holder's process id */
    static DirectoryLock take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw locked(directory, "this process, " + ProcessHandle.current().pid());
        }
        boolean taken = false;
        try {
            Path file = real.resolve(FILE);
            if (!Files.exists(file)) {
                DirectoryFiles.create(file).close();
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) {
                    throw locked(directory, "process " + Files.readString(file).strip());
                }
                channel.truncate(0);
                channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
                taken = true;
                return new DirectoryLock(real, channel);
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        } finally {
            if (!taken) {
                HELD.remove(real);
            }
        }
    }

    private static EngineException locked(Path directory, String holder) {
        return new EngineException(Reason.LOCKED, directory + " is in use by " + holder);
    }

    @Override
    public void close() throws IOException {
        HELD.remove(directory);
        channel.close();
    }
}
