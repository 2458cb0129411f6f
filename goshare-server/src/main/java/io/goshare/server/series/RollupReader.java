package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.series.RollupRow.Cover;
import io.goshare.server.series.RollupRow.Mark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads summaries of one series and rule from the stores of periods. For one thread. */
final class RollupReader {
    private final RollupRule rule;
    private final int id;
    private final TimeRange range;
    private final List<TimeRange> old;
    private final List<TimeRange> covered = new ArrayList<>();
    private final List<Rolled.Row> rows = new ArrayList<>();

    /** @param old spans of which summaries do not tell all, for points came or went since; in any order */
    RollupReader(RollupRule rule, int id, TimeRange range, List<TimeRange> old) {
        this.rule = rule;
        this.id = id;
        this.range = range;
        this.old = old;
    }

    /** Adds what the store of {@code period}, which follows those before in time, tells. */
    void add(Period period, StorageEngine engine, @Nullable Snapshot snapshot) {
        Optional<Cover> cover = engine.get(snapshot, RollupRow.rulePrefix(RollupRow.COVER, rule.number()))
                .map(RollupRow::cover);
        if (cover.isEmpty()) {
            return;
        }
        long from = rule.ceiling(Math.max(range.from(), cover.get().from()));
        long to = rule.floor(Math.min(range.to(), cover.get().done()));
        if (from >= to) {
            return;
        }
        List<TimeRange> without = withMarks(engine, snapshot);
        without.sort(Comparator.comparingLong(TimeRange::from));
        long start = from;
        for (TimeRange one : without) {
            if (one.to() > start && one.from() < to) {
                addSpan(start, rule.floor(one.from()), engine, snapshot);
                start = Math.max(start, rule.ceiling(one.to()));
            }
        }
        addSpan(start, to, engine, snapshot);
    }

    /** {@link #old}, and what is marked as old in the store. */
    private List<TimeRange> withMarks(StorageEngine engine, @Nullable Snapshot snapshot) {
        List<TimeRange> without = new ArrayList<>(old);
        byte[] marks = RollupRow.seriesPrefix(RollupRow.MARK, id);
        engine.scan(snapshot, marks, Tables.behind(marks), (key, value) -> {
            Mark mark = Mark.decode(key, value);
            return without.add(new TimeRange(mark.from(), mark.to()));
        });
        return without;
    }

    private void addSpan(long from, long to, StorageEngine engine, @Nullable Snapshot snapshot) {
        if (from >= to) {
            return;
        }
        covered.add(new TimeRange(from, to));
        int before = rows.size();
        engine.scan(
                snapshot,
                RollupRow.before(rule.number(), id, to),
                RollupRow.behind(rule.number(), id),
                (key, value) -> {
                    long window = RollupRow.window(key);
                    return window >= from && rows.add(new Rolled.Row(window, RollupRow.summary(value)));
                });
        Collections.reverse(rows.subList(before, rows.size()));
    }

    Rolled rolled() {
        return covered.isEmpty() ? Rolled.NOTHING : new Rolled(covered, rows);
    }

    /** The newest summary, none of what is old, of a window that ends in the range or with it. */
    Optional<Rolled.Row> newest(StorageEngine engine, @Nullable Snapshot snapshot) {
        List<TimeRange> without = withMarks(engine, snapshot);
        List<Rolled.Row> found = new ArrayList<>();
        engine.scan(
                snapshot,
                RollupRow.before(rule.number(), id, rule.floor(range.to())),
                RollupRow.behind(rule.number(), id),
                (key, value) -> {
                    long window = RollupRow.window(key);
                    long end = window + rule.everyNanos();
                    if (without.stream().anyMatch(one -> one.from() < end && one.to() > window)) {
                        return true;
                    }
                    found.add(new Rolled.Row(window, RollupRow.summary(value)));
                    return false;
                });
        return found.stream().findFirst();
    }
}
