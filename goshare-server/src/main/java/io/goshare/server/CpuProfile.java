package io.goshare.server;

import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** The first GoShare's {@code -cpuprofile}: 100 s of profile from the start on, here as a flight recording. */
final class CpuProfile {
    private CpuProfile() {}

    static void start(ServerConfig config) {
        Optional<Path> file = config.cpuProfile();
        if (file.isEmpty()) {
            return;
        }
        try {
            Recording recording = new Recording(Configuration.getConfiguration("profile"));
            recording.setDestination(file.get());
            recording.setDuration(Duration.ofSeconds(100));
            recording.start();
        } catch (IOException | ParseException e) {
            throw new StartException(ExitCode.PERMISSION, "the profile " + file.get() + " cannot be written: " + e, e);
        }
    }
}
