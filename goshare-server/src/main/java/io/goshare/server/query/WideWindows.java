package io.goshare.server.query;

import io.goshare.server.series.ChunkSummary;
import io.goshare.server.series.SummaryFilter;
import java.util.List;
import java.util.Optional;

/**
 * Takes a chunk's header for its points where one window holds all of them and every aggregate asked for can be told
 * from it. For one thread.
 */
final class WideWindows implements SummaryFilter {
    private final Window window;
    private final List<Aggregate> aggregates;
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;

    private WideWindows(Window window, List<Aggregate> aggregates) {
        this.window = window;
        this.aggregates = aggregates;
    }

    /** Empty where points are looked at one by one. */
    static Optional<SummaryFilter> of(Plan plan) {
        boolean asItIs = plan.where().isEmpty()
                && plan.fn().isEmpty()
                && plan.when().isEmpty()
                && plan.during().isEmpty()
                && plan.plot().isEmpty()
                && !plan.alignsFirst();
        boolean isWide = plan.window() instanceof Window.Tumbling || plan.window() instanceof Window.Whole;
        return asItIs && isWide && !plan.aggregates().isEmpty()
                ? Optional.of(new WideWindows(plan.window(), plan.aggregates()))
                : Optional.empty();
    }

    @Override
    public boolean takesTogether(long first, long last) {
        if (window instanceof Window.Tumbling tumbling && (first < from || first >= to)) {
            from = tumbling.clock().floor(first);
            to = tumbling.clock().next(from);
        }
        return window instanceof Window.Whole || last < to;
    }

    @Override
    public boolean isAnsweredBy(ChunkSummary header) {
        for (Aggregate aggregate : aggregates) {
            if (!aggregate.isAnsweredBy(header)) {
                return false;
            }
        }
        return true;
    }
}
