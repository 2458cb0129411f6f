package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.WriteRequest;
import io.goshare.server.engine.WriteBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away points that are older than their rules keep them. A period goes whole, with its directory, once all that
 * it holds may go; points of a rule of their own are erased before that. Summaries are brought up to date before, and
 * stay where their rule keeps them longer. For one thread.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    /** A rule's points are erased in steps of a sixteenth of the time it keeps them, within these bounds. */
    private static final long LEAST_STEP = TimeUnit.MINUTES.toNanos(1);

    private static final long MOST_STEP = TimeUnit.DAYS.toNanos(1);

    /** The series that a rule is the first to claim, and the time before which their points go. */
    private record Claim(RetentionRule rule, RoaringBitmap ids, long floor) {}

    private final LocalSeriesStore store;
    private final Map<RetentionRule, Long> erased = new HashMap<>();

    Retention(LocalSeriesStore store) {
        this.store = store;
    }

    /** @param rules of those that match a series the first applies */
    RetentionReport run(List<RetentionRule> rules, long now, BooleanSupplier stopping) {
        boolean isMade = new RollupStep(store, now, stopping).run();
        List<Claim> claims = isMade ? claims(rules, now) : List.of();
        if (claims.isEmpty()) {
            return RetentionReport.NOTHING;
        }
        int periods = 0;
        long bytes = 0;
        if (store.periods.all().stream().anyMatch(period -> isDue(period, claims, now))) {
            store.checkpoint();
            for (Period period : store.periods.all()) {
                long freed = store.exclusively(() -> isDue(period, claims, now) ? take(period, claims, now) : -1L);
                periods += freed >= 0 ? 1 : 0;
                bytes += Math.max(0, freed);
            }
        }
        long series = 0;
        for (Claim claim : claims) {
            series += claim.rule.everything()
                    ? eraseExpiredPeriods(claim, now, stopping)
                    : eraseBelowFloor(claim, now, stopping);
        }
        return new RetentionReport(periods, bytes, series);
    }

    private List<Claim> claims(List<RetentionRule> rules, long now) {
        List<Claim> claims = new ArrayList<>();
        RoaringBitmap claimed = new RoaringBitmap();
        for (RetentionRule rule : rules) {
            RoaringBitmap ids = store.resolve(rule.filter());
            ids.andNot(claimed);
            claimed.or(ids);
            claims.add(new Claim(rule, ids, store.rollups.bounded(rule.floor(now), now)));
        }
        return claims;
    }

    /** Whether each live series that may have points in {@code period} has a rule which lets them go. */
    private boolean mayGo(Period period, List<Claim> claims) {
        if (claims.stream().noneMatch(claim -> claim.floor >= period.to())) {
            return false;
        }
        RoaringBitmap staying = store.presence.all(period);
        for (Claim claim : claims) {
            if (claim.floor >= period.to()) {
                staying.andNot(claim.ids);
            }
        }
        for (int id : staying) {
            if (store.catalog.accepts(id)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@link #take} has something to do: a period of which summaries stay is emptied, once they are made. */
    private boolean isDue(Period period, List<Claim> claims, long now) {
        return mayGo(period, claims)
                && (!store.rollups.outlives(period, now)
                        || !store.rollups.isEmptied(period) && store.rollups.isComplete(period));
    }

    private long take(Period period, List<Claim> claims, long now) {
        for (Claim claim : claims) {
            keepLast(claim, store.presence.and(period, claim.ids), period.to());
        }
        long bytes = store.rollups.outlives(period, now) ? store.rollups.empty(period) : store.drop(period);
        LOG.info("retention took away the points of {} ({} bytes)", period.store(), bytes);
        return bytes;
    }

    /** Keeps the newest points before {@code end} of those of {@code ids} whose past must have an end. */
    private void keepLast(Claim claim, RoaringBitmap ids, long end) {
        if (ids.isEmpty()) {
            return;
        }
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        try (SeriesView view = store.viewOfAll(claim.rule.filter(), new TimeRange(0, 0))) {
            for (int i = 0; i < view.size(); i++) {
                SeriesInfo series = view.series(i);
                if (claim.rule.keepsLast(series.settings()) && ids.contains((int) series.id())) {
                    Points point = view.asOf(i, end - 1);
                    if (point.count() > 0) {
                        store.lastKept.put((int) series.id(), point, batch);
                    }
                }
            }
        }
        store.base.write(batch);
    }

    private long eraseBelowFloor(Claim claim, long now, BooleanSupplier stopping) {
        long step = Math.max(LEAST_STEP, Math.min(MOST_STEP, claim.rule.keepNanos() / 16));
        long floor = store.rollups.aligned(RollupRule.floor(claim.floor, step));
        if (erased.getOrDefault(claim.rule, Long.MIN_VALUE) >= floor) {
            return 0;
        }
        TimeRange range = new TimeRange(TimeRange.ALL.from(), floor);
        RoaringBitmap touched = new RoaringBitmap();
        for (Period period : store.periods.in(range)) {
            touched.or(store.presence.and(period, claim.ids));
        }
        if (!erase(claim, touched, range, now, stopping)) {
            return 0;
        }
        erased.put(claim.rule, floor);
        return touched.getLongCardinality();
    }

    private long eraseExpiredPeriods(Claim claim, long now, BooleanSupplier stopping) {
        long done = erased.getOrDefault(claim.rule, Long.MIN_VALUE);
        long until = done;
        long series = 0;
        for (Period period : store.periods.all()) {
            if (period.to() <= claim.floor && period.to() > done && !store.rollups.isEmptied(period)) {
                RoaringBitmap touched = store.presence.and(period, claim.ids);
                if (!erase(claim, touched, period.span(), now, stopping)) {
                    return series;
                }
                series += touched.getLongCardinality();
                until = Math.max(until, period.to());
            }
        }
        erased.put(claim.rule, until);
        return series;
    }

    /** False if it was stopped before. */
    private boolean erase(Claim claim, RoaringBitmap ids, TimeRange range, long now, BooleanSupplier stopping) {
        if (!ids.isEmpty()) {
            if (!store.rollups.rules().isEmpty()) { // points that came late may be in memory still
                store.checkpoint();
                if (!new RollupStep(store, now, stopping).run()) {
                    return false;
                }
            }
            keepLast(claim, ids, range.to());
            store.committer.commit(WriteRequest.of(store.expire(ids, range))).join();
        }
        return true;
    }
}
