package io.goshare.it.sdk;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** {@link SdkContract} on stores in this process, without a server. */
final class EmbeddedSdkIT {
    @Nested
    @Tag("engine:memory")
    @Tag("door:embedded")
    @Tag("encoding:columns")
    class InMemory extends SdkContract {
        private final String name = UUID.randomUUID().toString();

        @Override
        String url() {
            return "goshare:mem:" + name;
        }

        @Override
        String encoding() {
            return "columns";
        }
    }

    @Nested
    @Tag("engine:leveldb")
    @Tag("door:embedded")
    @Tag("encoding:columns")
    class InFile extends SdkContract {
        @TempDir
        Path directory;

        @Override
        String url() {
            return "goshare:file:" + directory.resolve("data");
        }

        @Override
        String encoding() {
            return "columns";
        }
    }
}
