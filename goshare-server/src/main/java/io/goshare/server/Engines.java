package io.goshare.server;

import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineOptions;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.leveldb.LevelDbEngineProvider;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import io.goshare.server.engine.rocksdb.RocksDbEngineProvider;
import io.goshare.server.series.PeriodLength;
import io.goshare.server.series.SeriesConfig;
import java.util.Locale;

/** Storage engines by the name users choose them by. */
final class Engines {
    /** The log, one table being flushed, and what a compaction may write, over the base and three period stores. */
    private static final long COMPACTION = 64L << 20;

    private Engines() {}

    static EngineProvider provider(String name) {
        return switch (name) {
            case "leveldb" -> new LevelDbEngineProvider();
            case "rocksdb" -> new RocksDbEngineProvider();
            case "memory" -> new MemoryEngineProvider();
            default -> throw new IllegalArgumentException("no engine " + name);
        };
    }

    /** Options of the base store. */
    static EngineOptions base(ServerConfig config) {
        return EngineOptions.DEFAULTS
                .withWriteBufferBytes(config.writeBufferBytes())
                .withCacheBytes(config.cacheBytes() / 2)
                .withDiskReserveBytes(reserve(config));
    }

    /**
     * Series, and the stores of their periods. Blocks are compressed though chunks are: chunks of states are mostly
     * header, and neighbours' are alike.
     */
    static SeriesConfig series(ServerConfig config) {
        EngineOptions stores = EngineOptions.DEFAULTS
                .withWriteBufferBytes(config.writeBufferBytes() / 2)
                .withCacheBytes(config.cacheBytes() / 2)
                .withDiskReserveBytes(reserve(config));
        SeriesConfig defaults = SeriesConfig.defaults();
        return defaults.withBounds(config.logLimitBytes(), defaults.unsealedBytes())
                .withMaxSeries(config.maxSeries(), config.maxNamespaceSeries())
                .withPeriod(PeriodLength.valueOf(config.period().toUpperCase(Locale.ROOT)))
                .withStores(stores);
    }

    /**
     * Free bytes kept in hand: 256 MiB, twice the write buffers of the base and of three period stores, and the worst
     * compaction.
     */
    static long reserve(ServerConfig config) {
        long base = config.writeBufferBytes();
        long formula = (256L << 20) + 2 * (base + 3 * (base / 2)) + 8 * base + COMPACTION;
        return config.diskReserve().orElse(formula);
    }

    /** What a start that an engine refused ends with. */
    static StartException failed(EngineException e) {
        ExitCode code = switch (e.reason()) {
            case LOCKED -> ExitCode.LOCKED;
            case DAMAGED -> ExitCode.DAMAGED;
            case PERMISSION -> ExitCode.PERMISSION;
            case REFUSED, DISK_LOW -> ExitCode.REFUSED;
            case CLOSED, BUSY, FAILED -> ExitCode.FAILED;
        };
        return new StartException(code, String.valueOf(e.getMessage()), e);
    }
}
