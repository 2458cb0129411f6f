package io.goshare.server;

import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.datastore.ServerFacts;
import io.goshare.server.engine.DataDirectory;
import io.goshare.server.series.LocalSeriesStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the wiring tells of the server. Doors are known once they are open. */
final class Facts implements ServerFacts {
    private final ServerConfig config;
    private final Clock clock;
    private final Instant started;
    private final DataDirectory directory;
    private final GroupCommitter committer;
    private final LocalSeriesStore series;
    private final Supplier<Optional<String>> doors;

    /** @param doors what is wrong with the doors, if something is */
    Facts(
            ServerConfig config,
            Clock clock,
            DataDirectory directory,
            GroupCommitter committer,
            LocalSeriesStore series,
            Supplier<Optional<String>> doors) {
        this.config = config;
        this.clock = clock;
        this.started = clock.instant();
        this.directory = directory;
        this.committer = committer;
        this.series = series;
        this.doors = doors;
    }

    @Override
    public Map<String, String> info() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", Version.text());
        facts.put("java", Runtime.version().toString());
        facts.put("engine", config.engine());
        facts.put("durability", config.alwaysSync() ? "always" : "interval");
        facts.put(
                "data",
                config.engine().equals("memory") ? "memory" : config.data().toString());
        facts.put("uuid", directory.uuid().toString());
        facts.put("pid", String.valueOf(ProcessHandle.current().pid()));
        facts.put("started", started.toString());
        facts.put("uptime_seconds", String.valueOf(uptime().toSeconds()));
        return facts;
    }

    private Duration uptime() {
        return Duration.between(started, clock.instant());
    }

    @Override
    public Optional<String> ailment() {
        if (committer.isReadOnly()) {
            return Optional.of(
                    "a write failed, and the store is read-only until the server is started again; see its log");
        }
        if (directory.diskReserve().low()) {
            return Optional.of("the disk is low, and writes are refused until there is room again");
        }
        return doors.get();
    }

    @Override
    public Map<String, Double> gauges() {
        Map<String, Double> gauges = new TreeMap<>();
        gauges.put("goshare_uptime_seconds", (double) uptime().toSeconds());
        gauges.put("goshare_up", ailment().isEmpty() ? 1.0 : 0.0);
        gauges.put("goshare_log_bytes", (double) committer.logBytes());
        gauges.putAll(series.gauges());
        return gauges;
    }
}
