package io.goshare.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Tells logback where to log and what. Its files are logback.xml and logback-file.xml. */
final class Logs {
    private Logs() {}

    /**
     * To be called before the first logger is made.
     *
     * @throws StartException PERMISSION if the log file cannot be written
     */
    static void configure(ServerConfig config) {
        System.setProperty("goshare.log.level", config.logLevel().toUpperCase(Locale.ROOT));
        config.logFile().ifPresent(file -> {
            requireWritable(file.toAbsolutePath());
            System.setProperty("goshare.log.file", file.toAbsolutePath().toString());
            System.setProperty("logback.configurationFile", "logback-file.xml");
        });
    }

    private static void requireWritable(Path file) {
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
        } catch (IOException e) {
            throw new StartException(ExitCode.PERMISSION, "the log file " + file + " cannot be made: " + e, e);
        }
        if (!Files.isWritable(file)) {
            throw new StartException(ExitCode.PERMISSION, "the log file " + file + " may not be written");
        }
    }
}
