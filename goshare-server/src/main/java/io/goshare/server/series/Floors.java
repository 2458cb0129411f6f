package io.goshare.server.series;

import io.goshare.protocol.model.SeriesKey;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Times below which reads show nothing, whether retention has taken the points away yet or not: those of the rules, at
 * one moment. Of a series that is to be known before its first point, the newest one below is shown by as-of reads.
 */
record Floors(List<RetentionRule> rules, long now) {
    static final Floors NONE = new Floors(List.of(), 0);

    /** The floor of one series, and whether an as-of read may end below it. */
    record Floor(long time, boolean last) {
        static final Floor NONE = new Floor(Long.MIN_VALUE, false);
    }

    static Floors at(List<RetentionRule> rules, LongSupplier now) {
        return rules.isEmpty() ? NONE : new Floors(rules, now.getAsLong());
    }

    /** No series has points to hide from this time on. */
    long highest() {
        long highest = Long.MIN_VALUE;
        for (RetentionRule rule : rules) {
            highest = Math.max(highest, rule.floor(now));
        }
        return highest;
    }

    /** That of the first rule that matches. */
    Floor of(SeriesInfo series) {
        return rule(series.key())
                .map(rule -> new Floor(rule.floor(now), rule.keepsLast(series.settings())))
                .orElse(Floor.NONE);
    }

    private Optional<RetentionRule> rule(SeriesKey key) {
        return rules.stream().filter(rule -> rule.filter().matches(key)).findFirst();
    }
}
