package io.goshare.server.series;

import io.goshare.server.engine.EngineOptions;
import java.time.Duration;
import java.util.function.Consumer;

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
 * @param maxSeries series there may be; new ones are refused then
 * @param maxNamespaceSeries the same of one namespace, the first segment of paths
 * @param readBytes most bytes of points that one read takes of one series
 * @param stores sizes of a period's store
 */
public record SeriesConfig(
        PeriodLength period,
        long logBytes,
        long unsealedBytes,
        Duration checkpointAge,
        Duration watchWindow,
        long watchBytes,
        int maxSeries,
        int maxNamespaceSeries,
        long readBytes,
        EngineOptions stores,
        FailPoints failPoints) {

    /**
     * Months; 128 MiB of log; an eighth of the heap, and as much for one read; 10 minutes; 5 minutes and 64 MiB for
     * watchers.
     */
    public static SeriesConfig defaults() {
        return new SeriesConfig(
                PeriodLength.MONTH,
                128L << 20,
                Runtime.getRuntime().maxMemory() / 8,
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                64L << 20,
                10_000_000,
                10_000_000,
                Runtime.getRuntime().maxMemory() / 8,
                EngineOptions.DEFAULTS.withWriteBufferBytes(16 << 20),
                FailPoints.PRODUCTION);
    }

    public SeriesConfig withPeriod(PeriodLength length) {
        return with(copy -> copy.period = length);
    }

    public SeriesConfig withBounds(long newLogBytes, long newUnsealedBytes) {
        return with(copy -> {
            copy.logBytes = newLogBytes;
            copy.unsealedBytes = newUnsealedBytes;
        });
    }

    public SeriesConfig withCheckpointAge(Duration age) {
        return with(copy -> copy.checkpointAge = age);
    }

    public SeriesConfig withWatch(Duration window, long bytes) {
        return with(copy -> {
            copy.watchWindow = window;
            copy.watchBytes = bytes;
        });
    }

    public SeriesConfig withMaxSeries(int most, int mostOfNamespace) {
        return with(copy -> {
            copy.maxSeries = most;
            copy.maxNamespaceSeries = mostOfNamespace;
        });
    }

    public SeriesConfig withReadBytes(long most) {
        return with(copy -> copy.readBytes = most);
    }

    public SeriesConfig withStores(EngineOptions options) {
        return with(copy -> copy.stores = options);
    }

    public SeriesConfig withFailPoints(FailPoints points) {
        return with(copy -> copy.failPoints = points);
    }

    private SeriesConfig with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.done();
    }

    private static final class Copy {
        PeriodLength period;
        long logBytes;
        long unsealedBytes;
        Duration checkpointAge;
        Duration watchWindow;
        long watchBytes;
        int maxSeries;
        int maxNamespaceSeries;
        long readBytes;
        EngineOptions stores;
        FailPoints failPoints;

        Copy(SeriesConfig config) {
            period = config.period;
            logBytes = config.logBytes;
            unsealedBytes = config.unsealedBytes;
            checkpointAge = config.checkpointAge;
            watchWindow = config.watchWindow;
            watchBytes = config.watchBytes;
            maxSeries = config.maxSeries;
            maxNamespaceSeries = config.maxNamespaceSeries;
            readBytes = config.readBytes;
            stores = config.stores;
            failPoints = config.failPoints;
        }

        SeriesConfig done() {
            return new SeriesConfig(
                    period,
                    logBytes,
                    unsealedBytes,
                    checkpointAge,
                    watchWindow,
                    watchBytes,
                    maxSeries,
                    maxNamespaceSeries,
                    readBytes,
                    stores,
                    failPoints);
        }
    }
}
