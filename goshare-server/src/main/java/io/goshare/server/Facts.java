package io.goshare.server;

import io.goshare.server.commit.GroupCommitter;
import io.goshare.server.datastore.ServerFacts;
import io.goshare.server.engine.DataDirectory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What this process knows of itself. */
record Facts(ServerConfig config, DataDirectory directory, GroupCommitter committer) implements ServerFacts {
    @Override
    public Map<String, String> info() {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("version", Version.text());
        info.put("engine", config.engine());
        info.put("durability", config.alwaysSync() ? "always" : "interval");
        info.put("data", config.data().toString());
        info.put("pid", String.valueOf(ProcessHandle.current().pid()));
        return info;
    }

    @Override
    public Optional<String> ailment() {
        if (committer.isReadOnly()) {
            return Optional.of("a write failed; the store is read-only until it is opened again");
        }
        return directory.diskReserve().low()
                ? Optional.of("free disk space is below the reserve; writes are refused")
                : Optional.empty();
    }

    @Override
    public Map<String, Double> gauges() {
        Runtime runtime = Runtime.getRuntime();
        return Map.of(
                "goshare_revision", (double) committer.revision(),
                "goshare_log_bytes", (double) committer.logBytes(),
                "goshare_heap_used_bytes", (double) (runtime.totalMemory() - runtime.freeMemory()));
    }
}
