package io.goshare.server.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine:rocksdb")
class MissingJarTest {
    @TempDir
    Path temp;

    @Test
    void withoutItsJarTheEngineSaysHowToGetIt() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("rocksdbjni")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader without =
                new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = without.loadClass(RocksDbEngineProvider.class.getName());
            Class<?> options = without.loadClass("io.goshare.server.engine.EngineOptions");
            Object provider = type.getConstructor().newInstance();

            assertThatThrownBy(() -> type.getMethod("open", Path.class, options, boolean.class)
                            .invoke(
                                    provider,
                                    temp.resolve("store"),
                                    options.getField("DEFAULTS").get(null),
                                    true))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessageContaining("needs the jar org.rocksdb:rocksdbjni");
        }
    }
}
