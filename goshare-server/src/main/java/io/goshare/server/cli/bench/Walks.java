package io.goshare.server.cli.bench;

/** The running values of a span of series; for one thread. */
final class Walks {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private final Values values;
    private final double seconds;
    private final long[] random;
    private final double[] level;

    Walks(Workload workload, int firstSeries, int count) {
        this.values = workload.values();
        this.seconds = workload.interval().toNanos() / 1e9;
        this.random = new long[count];
        this.level = new double[count];
        for (int i = 0; i < count; i++) {
            random[i] = mix(workload.seed() + (firstSeries + i) * GAMMA);
            level[i] = values.first(draw(i));
        }
    }

    /** The next mantissa of series {@code index} of the span. */
    long next(int index) {
        level[index] = values.next(level[index], draw(index), seconds);
        return values.mantissa(level[index]);
    }

    private long draw(int index) {
        random[index] += GAMMA;
        return mix(random[index]);
    }

    /** SplitMix64's output function (Steele, Lea, Flood 2014). */
    private static long mix(long word) {
        long z = (word ^ word >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
