package io.goshare.server.history;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.query.Budget;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.Span;
import io.goshare.server.series.SeriesFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What changed around an instant, the rarest first: of each change it is counted how often its path came to hold that
 * value in the time before. Numbers seldom come twice, so of a number it counts how often its path came to hold any.
 */
final class ExplainCommand {
    private static final long RADIUS = TimeUnit.MINUTES.toNanos(5);
    private static final int BASELINE = 24;
    /** Values of one path that are counted apart. */
    private static final int MOST_VALUES = 10_000;

    private record Found(StateChange change, long seen) {}

    private final Changes changes;

    ExplainCommand(Changes changes) {
        this.changes = changes;
    }

    Reply run(Command command, long now, Budget budget) {
        if (command.has(Param.SEL) && command.has(Param.PATH)) {
            throw GoShareException.badField("sel", "explain takes either path=… or sel=…; leave one out");
        }
        long around = Span.instant(command, Param.AROUND, command.require(Param.TZ), now);
        long radius = command.get(Param.RADIUS).orElse(RADIUS);
        long baseline = command.get(Param.BASELINE).orElse(times(radius, BASELINE));
        TimeRange range = new TimeRange(minus(around, radius), plus(plus(around, radius), 1));
        Comparator<Found> order = Comparator.comparingLong(Found::seen)
                .thenComparingLong(found -> distance(found.change().time(), around))
                .thenComparing(found -> found.change().face())
                .thenComparing(found -> found.change().key())
                .thenComparingLong(found -> found.change().time());
        int limit = Math.toIntExact(command.require(Param.LIMIT));
        Ranking ranking = new Ranking(
                range, limit, new Best<>(limit, order, found -> found.change().bytes()));
        TimeRange counted = new TimeRange(minus(range.from(), baseline), range.to());
        read(command, counted, budget, ranking);
        Table table = Table.of("time", "face", "path", "tags", "old", "value", "revision", "seen");
        for (Found found : ranking.best.sorted()) {
            add(table, found);
        }
        return Reply.of(table).with("found", ranking.found);
    }

    private void read(Command command, TimeRange range, Budget budget, Ranking ranking) {
        if (command.has(Param.SEL)) {
            Selector selector = command.require(Param.SEL);
            changes.ofNamespace(
                    selector.literalRoot(), path -> selector.matches(SeriesKey.of(path)), range, budget, ranking::add);
            changes.ofSeries(new SelectorFilter(selector), range, budget, ranking::add);
        } else {
            changes.ofNamespace(command.get(Param.PATH), path -> true, range, budget, ranking::add);
            SeriesFilter below =
                    command.get(Param.PATH).map(SeriesFilter::subtree).orElseGet(SeriesFilter::all);
            changes.ofSeries(below, range, budget, ranking::add);
        }
        ranking.flush();
    }

    private static void add(Table table, Found found) {
        StateChange change = found.change();
        boolean ofSeries = change.face() == StateChange.Face.SERIES;
        table.add(
                Value.of(change.time()),
                Value.of(change.face().word()),
                Value.of(change.key().path().toString()),
                ofSeries ? Value.of(change.tags()) : null,
                LogCommand.cell(change.old()),
                LogCommand.cell(change.value()),
                ofSeries ? null : Value.of(change.revision()),
                Value.of(found.seen()));
    }

    private static long distance(long a, long b) {
        long distance = Math.abs(a - b);
        return (a < 0) != (b < 0) && distance < 0 ? Long.MAX_VALUE : distance;
    }

    private static long plus(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static long minus(long a, long b) {
        return a < TimeRange.ALL.from() + b ? TimeRange.ALL.from() : a - b;
    }

    private static long times(long a, int b) {
        return a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
    }

    /** Counts path by path; ranks what is in the range once all of its path is counted. */
    private static final class Ranking {
        private final TimeRange range;
        private final int most;
        private final Best<Found> best;
        private final Map<Optional<Value>, Long> counts = new HashMap<>();
        private final List<StateChange> inRange = new ArrayList<>();
        private StateChange.@Nullable Face face;
        private @Nullable SeriesKey key;
        private long numbers;
        private long found;

        Ranking(TimeRange range, int most, Best<Found> best) {
            this.range = range;
            this.most = most;
            this.best = best;
        }

        void add(StateChange change) {
            if (change.face() != face || !change.key().equals(key)) {
                flush();
                face = change.face();
                key = change.key();
            }
            if (isNumber(change)) {
                numbers++;
            } else if (counts.size() < MOST_VALUES || counts.containsKey(change.value())) {
                counts.merge(change.value(), 1L, Long::sum);
            }
            if (range.contains(change.time())) {
                found++;
                if (inRange.size() < most) {
                    inRange.add(change);
                }
            }
        }

        private static boolean isNumber(StateChange change) {
            return change.value().filter(value -> value.kind().isNumber()).isPresent();
        }

        void flush() {
            for (StateChange change : inRange) {
                best.add(new Found(change, isNumber(change) ? numbers : counts.getOrDefault(change.value(), 1L)));
            }
            inRange.clear();
            counts.clear();
            numbers = 0;
        }
    }
}
