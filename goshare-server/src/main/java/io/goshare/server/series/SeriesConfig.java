package io.goshare.server.series;

import io.goshare.server.engine.EngineOptions;
import java.time.Duration;

/**
 * How a series store is run.
 *
 * @param period length of new periods
 * @param logBytes bound of the log that is not yet in place; at half of it a checkpoint begins, at the whole writes
 *     wait
 * @param unsealedBytes bound of points in memory, likewise
 * @param checkpointAge a checkpoint begins once an operation is logged for so long and not yet in place
 * @param watchWindow for how long log entries are kept that are in place already
 * @param watchBytes most bytes of these
 * @param stores sizes of a period's store
 */
public record SeriesConfig(
        PeriodLength period,
        long logBytes,
        long unsealedBytes,
        Duration checkpointAge,
        Duration watchWindow,
        long watchBytes,
        EngineOptions stores,
        FailPoints failPoints) {

    /** Months; 128 MiB of log; an eighth of the heap; 10 minutes; 5 minutes and 64 MiB for watchers. */
    public static SeriesConfig defaults() {
        return new SeriesConfig(
                PeriodLength.MONTH,
                128L << 20,
                Runtime.getRuntime().maxMemory() / 8,
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                64L << 20,
                EngineOptions.DEFAULTS.withWriteBufferBytes(16 << 20).withCompress(false),
                FailPoints.PRODUCTION);
    }

    public SeriesConfig withPeriod(PeriodLength length) {
        return new SeriesConfig(
                length, logBytes, unsealedBytes, checkpointAge, watchWindow, watchBytes, stores, failPoints);
    }

    public SeriesConfig withBounds(long newLogBytes, long newUnsealedBytes) {
        return new SeriesConfig(
                period, newLogBytes, newUnsealedBytes, checkpointAge, watchWindow, watchBytes, stores, failPoints);
    }

    public SeriesConfig withCheckpointAge(Duration age) {
        return new SeriesConfig(period, logBytes, unsealedBytes, age, watchWindow, watchBytes, stores, failPoints);
    }

    public SeriesConfig withWatch(Duration window, long bytes) {
        return new SeriesConfig(period, logBytes, unsealedBytes, checkpointAge, window, bytes, stores, failPoints);
    }

    public SeriesConfig withStores(EngineOptions options) {
        return new SeriesConfig(
                period, logBytes, unsealedBytes, checkpointAge, watchWindow, watchBytes, options, failPoints);
    }

    public SeriesConfig withFailPoints(FailPoints points) {
        return new SeriesConfig(
                period, logBytes, unsealedBytes, checkpointAge, watchWindow, watchBytes, stores, points);
    }
}
