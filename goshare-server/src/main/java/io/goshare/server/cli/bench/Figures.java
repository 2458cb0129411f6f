package io.goshare.server.cli.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** A table of figures for people: columns as wide as their widest cell, numbers to the right. */
final class Figures {
    static final double NANOS_PER_MILLI = 1e6;

    private final List<String[]> rows = new ArrayList<>();

    Figures(String... columns) {
        rows.add(columns);
    }

    void row(String... cells) {
        rows.add(cells);
    }

    void print(PrintStream out) {
        int[] widths = new int[rows.get(0).length];
        rows.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], row[i].length())));
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder(pad(row[0], -widths[0]));
            for (int i = 1; i < row.length; i++) {
                line.append("  ").append(pad(row[i], widths[i]));
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    private static String pad(String text, int width) {
        return width == 0 ? text : String.format(Locale.ROOT, "%" + width + "s", text);
    }

    /** A number with {@code digits} behind the point, thousands apart; "-" for none. */
    static String number(double value, int digits) {
        return Double.isNaN(value) || Double.isInfinite(value)
                ? "-"
                : String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** The same for an amount that is negative where it is not known. */
    static String perUnit(long amount, long units, int digits) {
        return amount < 0 ? "-" : number((double) amount / units, digits);
    }

    static String millis(Histogram nanos, double percentile) {
        return number(nanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI, 3);
    }
}
