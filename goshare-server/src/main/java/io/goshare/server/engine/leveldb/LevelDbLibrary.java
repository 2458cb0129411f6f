package io.goshare.server.engine.leveldb;

import io.goshare.server.engine.DirectoryFiles;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineException.Reason;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.fusesource.hawtjni.runtime.Library;
import org.fusesource.leveldbjni.internal.NativeDB;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads LevelDB's native code, once per process. Left alone it would unpack itself, world-readable, into the shared
 * temporary directory, and stay there after a crash. Instead: a library placed by the administrator
 * ({@code -Dlibrary.leveldbjni.path=DIR} or {@code -Djava.library.path=DIR}) is used as it is; otherwise it is unpacked
 * into an owner-only directory beside the data, compared with its known SHA-256, loaded and removed.
 */
final class LevelDbLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(LevelDbLibrary.class);
    private static final String PATH_PROPERTY = "library.leveldbjni.path";
    private static final String FOLDER_PREFIX = "native-";

    /** Resource → SHA-256, of leveldbjni-all-1.8.jar. */
    private static final Map<String, String> PINNED = Map.of(
            "META-INF/native/linux64/libleveldbjni.so",
            "8572a7b6fc43d16e8d367ab7f336e71a497c2d8374eb44b1f11cf23e3b4491c0",
            "META-INF/native/linux32/libleveldbjni.so",
            "19870534053f75660287c6ee2b3ff79fdf46b1f3ece8ca50cd6c739417bc412b",
            "META-INF/native/osx/libleveldbjni.jnilib",
            "77efbd847c5df87ee207a55cfe4687b39429e881e1a0f4595fb935ef73b09f63",
            "META-INF/native/windows64/leveldbjni.dll",
            "7794f7bbc848d1a9ad98996f2c68a1cf12ac17562f646c6d7f5733404a7b5ef1",
            "META-INF/native/windows32/leveldbjni.dll",
            "3cf3f6284f99acad369a15f0b4eca8e0dec2b0342651c519e4665570da8a68ee");

    private static boolean loaded;

    private LevelDbLibrary() {}

    /** Loads the library unless that was done; {@code beside} is where it may be unpacked. */
    static synchronized void load(Path beside) {
        if (loaded) {
            return;
        }
        Optional<Path> placed = placed();
        if (placed.isPresent()) {
            loadFrom(placed.get());
        } else {
            unpackAndLoad(beside);
        }
        loaded = true;
    }

    /** The directory in which the administrator has placed the library. */
    private static Optional<Path> placed() {
        String places = System.getProperty(PATH_PROPERTY, "")
                + File.pathSeparator
                + System.getProperty("java.library.path", "");
        for (String place : places.split(File.pathSeparator, -1)) {
            if (!place.isEmpty() && Files.isRegularFile(Path.of(place, fileName()))) {
                return Optional.of(Path.of(place).toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    private static String fileName() {
        String resource = NativeDB.LIBRARY.getPlatformSpecifcResourcePath();
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    private static void unpackAndLoad(Path beside) {
        String resource = NativeDB.LIBRARY.getPlatformSpecifcResourcePath();
        String sha256 = PINNED.get(resource);
        if (sha256 == null) {
            throw unsupported();
        }
        Path folder = null;
        try {
            removeLeftOvers(beside);
            folder = beside.resolve(FOLDER_PREFIX + ProcessHandle.current().pid());
            DirectoryFiles.createDirectory(folder);
            unpack(resource, sha256, folder.resolve(fileName()));
            loadFrom(folder);
        } catch (IOException e) {
            throw new EngineException(Reason.FAILED, "cannot unpack LevelDB's native library into " + beside, e);
        } finally {
            remove(folder);
        }
    }

    private static void unpack(String resource, String sha256, Path target) throws IOException {
        byte[] bytes;
        try (InputStream in = NativeDB.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw unsupported();
            }
            bytes = in.readAllBytes();
        }
        try (FileChannel file = DirectoryFiles.create(target)) {
            for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
                file.write(left);
            }
        }
        if (!sha256(Files.readAllBytes(target)).equals(sha256)) {
            throw new EngineException(
                    Reason.FAILED, "LevelDB's native library is not the one of leveldbjni-all 1.8; check the jar");
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Loads it ourselves first: LevelDB's own loader, when it fails, would go on to unpack a copy wherever it can.
     * After us it finds the same file, which is then loaded already.
     */
    private static void loadFrom(Path folder) {
        String before = System.getProperty(PATH_PROPERTY);
        try {
            System.load(folder.resolve(fileName()).toString());
            System.setProperty(PATH_PROPERTY, folder.toString());
            NativeDB.LIBRARY.load();
        } catch (UnsatisfiedLinkError e) {
            throw new EngineException(
                    Reason.FAILED,
                    "cannot load LevelDB's native library: " + e.getMessage() + ". If " + folder
                            + " is mounted noexec, put the library elsewhere and start with -D" + PATH_PROPERTY
                            + "=DIR",
                    e);
        } finally {
            if (before == null) {
                System.clearProperty(PATH_PROPERTY);
            } else {
                System.setProperty(PATH_PROPERTY, before);
            }
        }
    }

    private static EngineException unsupported() {
        return new EngineException(
                Reason.FAILED,
                "LevelDB has no native library for " + Library.getPlatform() + " on " + System.getProperty("os.arch")
                        + "; choose the engine rocksdb");
    }

    /** Removes what processes killed between unpacking and removing have left. */
    private static void removeLeftOvers(Path beside) throws IOException {
        for (String name : DirectoryFiles.names(beside)) {
            if (name.matches(FOLDER_PREFIX + "[0-9]+")) {
                DirectoryFiles.deleteTree(beside.resolve(name));
            }
        }
    }

    private static void remove(@Nullable Path folder) {
        if (folder != null) {
            try {
                DirectoryFiles.deleteTree(folder);
            } catch (IOException e) { // Windows keeps a loaded library; the next start removes it
                LOG.debug("cannot remove {}", folder, e);
            }
        }
    }
}
