package io.goshare.server.query;

import io.goshare.protocol.model.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** The aggregate {@code matrix}: which value followed which, how often, and how long the one before had held. */
final class Matrix {
    /** A pair of values that followed each other. */
    record Pair(Value old, Value entered) {}

    /** What is known of a pair: for one thread. */
    static final class Cell {
        long count;
        private long timed;
        private double seconds;

        /** Mean time that the old value had held, of those entered in the range; NaN if none was. */
        double dwell() {
            return seconds / timed;
        }
    }

    private Matrix() {}

    /** The pairs of one window, in the order they first came. */
    static Map<Pair, Cell> of(Slice slice) {
        Map<Pair, Cell> cells = new LinkedHashMap<>();
        Intervals runs = slice.runs;
        for (int run = slice.firstRun(); run < runs.count() && runs.from()[run] < slice.to; run++) {
            if (slice.passes(run) && slice.changed(run)) {
                Pair pair = new Pair(slice.states.value(runs.before()[run]), slice.state(run));
                Cell cell = cells.computeIfAbsent(pair, one -> new Cell());
                cell.count++;
                if (runs.since()[run] != Intervals.NEVER) {
                    cell.timed++;
                    cell.seconds += (runs.from()[run] - runs.since()[run]) / 1e9;
                }
            }
        }
        return cells;
    }
}
