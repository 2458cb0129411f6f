package io.goshare.server.cli.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Shapes of generated values. A shape turns the state of one series into its next value, a mantissa; the state is two
 * words, {@code random} (SplitMix64) and {@code level}, so a million series cost 16 MB and any one can be generated
 * again without the others.
 */
enum Values {
    /** Whole numbers that walk in 0..100 by a normal step of deviation 1: the CPU metrics of TSBS. */
    WALK("cpu", 0),
    /** The same walk with two decimals. */
    DECIMALS("gauge", 2),
    /** Integers that grow by 0..1,500 at each step. */
    COUNTERS("counter", 0),
    /** Words that change once a day on average. */
    STATES("state", 0);

    private static final String[] WORDS = {"up", "down", "degraded", "maintenance"};
    private static final int STEPS = 1 << 16;
    private static final double[] NORMAL = new double[STEPS];
    private static final double MAX = 100;
    private static final long SECONDS_PER_DAY = 86_400;

    static {
        Random random = new Random(1);
        Arrays.setAll(NORMAL, i -> random.nextGaussian());
    }

    private final String measurement;
    private final int scale;

    Values(String measurement, int scale) {
        this.measurement = measurement;
        this.scale = scale;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The measurement of the lines, and the first segment of the path they are stored under. */
    String measurement() {
        return measurement;
    }

    /** Digits of a mantissa that stand behind the point. */
    int scale() {
        return scale;
    }

    /** Level of a new series whose first random word is {@code random}. */
    double first(long random) {
        return switch (this) {
            case WALK, DECIMALS -> unit(random) * MAX;
            case COUNTERS -> (random >>> 44);
            case STATES -> (random >>> 1) % WORDS.length;
        };
    }

    /** Level after a step of {@code seconds}. */
    double next(double level, long random, double seconds) {
        return switch (this) {
            case WALK, DECIMALS -> Math.min(MAX, Math.max(0, level + NORMAL[(int) (random >>> 48)]));
            case COUNTERS -> level + (random >>> 1) % 1_501;
            case STATES -> unit(random) * SECONDS_PER_DAY < seconds ? (level + 1 + (random & 1)) % WORDS.length : level;
        };
    }

    /** What is sent for {@code level}: a mantissa, or the index of a word. */
    long mantissa(double level) {
        return (long) (this == DECIMALS ? level * 100 : level);
    }

    /** A value as it is written in Influx lines. */
    String text(long mantissa) {
        return switch (this) {
            case WALK, COUNTERS -> mantissa + "i";
            case DECIMALS -> plain(mantissa);
            case STATES -> '"' + plain(mantissa) + '"';
        };
    }

    /** A value as a reply shows it. */
    String plain(long mantissa) {
        return switch (this) {
            case WALK, COUNTERS -> Long.toString(mantissa);
            case DECIMALS -> mantissa / 100 + "." + mantissa / 10 % 10 + mantissa % 10;
            case STATES -> WORDS[(int) mantissa];
        };
    }

    private static double unit(long random) {
        return (random >>> 11) * 0x1p-53;
    }

    static String choices() {
        return Arrays.stream(values()).map(Values::word).collect(Collectors.joining("|"));
    }
}
