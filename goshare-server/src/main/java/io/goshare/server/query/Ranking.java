package io.goshare.server.query;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The clauses {@code top} and {@code bottom}: of the rows of each window those whose first aggregate is greatest or
 * least; of equal ones the first. What is no number is not ranked.
 */
record Ranking(int count, boolean isTop) {
    static Optional<Ranking> parse(Command command) {
        if (command.has(Param.TOP) && command.has(Param.BOTTOM)) {
            throw GoShareException.badField("bottom", "top and bottom exclude each other; ask twice");
        }
        Optional<Ranking> top = command.get(Param.TOP).map(n -> new Ranking(Math.toIntExact(n), true));
        return top.or(() -> command.get(Param.BOTTOM).map(n -> new Ranking(Math.toIntExact(n), false)));
    }

    private record Ranked(Row row, double number, long order) {}

    /** The rows of one query. For one thread. */
    static final class Board {
        private final Ranking ranking;
        private final int cell;
        private final boolean together;
        private final NavigableMap<Long, PriorityQueue<Ranked>> windows = new TreeMap<>();
        private final Comparator<Ranked> worstFirst;
        private long order;

        /**
         * @param cell the cell to rank by
         * @param together whether all rows are of one window, whatever their times
         */
        Board(Ranking ranking, int cell, boolean together) {
            this.ranking = ranking;
            this.cell = cell;
            this.together = together;
            Comparator<Ranked> byNumber = Comparator.comparingDouble(Ranked::number);
            worstFirst = (ranking.isTop ? byNumber : byNumber.reversed())
                    .thenComparing(Comparator.comparingLong(Ranked::order).reversed());
        }

        void add(List<Row> rows) {
            for (Row row : rows) {
                @Nullable Value value = row.cells()[cell];
                if (value != null && value.kind().isNumber() && !Double.isNaN(value.asDouble())) {
                    PriorityQueue<Ranked> best =
                            windows.computeIfAbsent(together ? 0 : row.time(), time -> new PriorityQueue<>(worstFirst));
                    best.add(new Ranked(row, value.asDouble(), order++));
                    if (best.size() > ranking.count) {
                        best.remove();
                    }
                }
            }
        }

        /** Window by window, the best first. */
        List<Row> rows(boolean newestFirst) {
            List<Row> rows = new ArrayList<>();
            for (PriorityQueue<Ranked> best : (newestFirst ? windows.descendingMap() : windows).values()) {
                best.stream().sorted(worstFirst.reversed()).forEach(ranked -> rows.add(ranked.row));
            }
            return rows;
        }
    }
}
