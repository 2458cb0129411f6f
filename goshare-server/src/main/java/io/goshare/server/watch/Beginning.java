package io.goshare.server.watch;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Committer;
import io.goshare.server.commit.LogReplayer;
import io.goshare.server.namespace.NamespaceSnapshot;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.series.LoggedSeries;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesInfo;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads how a subscription begins: what holds now, or, where it resumes, what its series held then. The namespace is
 * read as of one revision, series as of one that is that or a newer one.
 */
final class Beginning {
    private static final int MAX_SERIES = 100_000;
    private static final long MAX_BYTES = 16 << 20;
    private static final int EVENT_ROWS = 500;
    /** Points written behind the revision to resume from that are looked at. */
    private static final int MAX_POINTS = 4_000_000;

    /** The newest point of a series. */
    private record Last(int id, long time, Points point) {}

    private final Committer committer;
    private final NamespaceStore namespace;
    private final SeriesStore series;
    private final Interest interest;
    private final List<Last> lasts = new ArrayList<>();
    private final List<WatchEvent> events = new ArrayList<>();
    private List<Happening> rows = new ArrayList<>();
    private long bytes;
    private long revision;
    private long seriesRevision;

    Beginning(Committer committer, NamespaceStore namespace, SeriesStore series, Interest interest) {
        this.committer = committer;
        this.namespace = namespace;
        this.series = series;
        this.interest = interest;
    }

    /**
     * @throws GoShareException {@code revision_gone} or {@code revision_lost}, or {@code budget} for a snapshot too
     *     large
     */
    void read() {
        if (interest.after().isPresent()) {
            resume(interest.after().getAsLong());
        } else if (interest.liveOnly()) {
            revision = committer.revision();
            seriesRevision = revision;
            if (interest.transitions()) {
                readSeries(false);
            }
        } else {
            readNamespace();
            readSeries(true);
        }
    }

    /** Hands it over, on the thread that follows the log. */
    void apply(Subscription subscription) {
        lasts.forEach(last -> subscription.transitions.known(last.id, last.time, last.point.value(0)));
        subscription.begin(revision, seriesRevision);
        subscription.snapshot(events);
    }

    private record Moment(long revision, NamespaceSnapshot snapshot) {}

    private void readNamespace() {
        Moment moment = committer.startRead(() -> new Moment(committer.revision(), namespace.snapshot()));
        try (NamespaceSnapshot snapshot = moment.snapshot) {
            revision = moment.revision;
            snapshot.read(interest.selector().literalRoot(), revision, value -> {
                SeriesKey key = SeriesKey.of(value.path());
                if (interest.matches(value.path().encoded(), key)) {
                    add(new Happening(
                            Happening.What.PUT,
                            Named.path(value.path()),
                            value.since(),
                            Optional.empty(),
                            Optional.of(value.value())));
                }
                return true;
            });
        }
    }

    private void readSeries(boolean shown) {
        try (SeriesView view = view()) {
            seriesRevision = view.revision();
            for (int i = 0; i < view.size(); i++) {
                Points point = view.asOf(i, Long.MAX_VALUE - 1);
                if (point.count() == 0) {
                    continue;
                }
                SeriesInfo info = view.series(i);
                long time = point.times()[0];
                if (interest.transitions()) {
                    lasts.add(new Last((int) info.id(), time, point));
                }
                if (shown) {
                    add(new Happening(
                            Happening.What.POINT,
                            Named.series(info.key()),
                            time,
                            Optional.empty(),
                            Optional.of(point.value(0))));
                }
            }
        }
        flush();
    }

    /** Over all time, so that no store is looked into later than the others. */
    private SeriesView view() {
        SeriesView view = series.view(new SelectorFilter(interest.selector()), TimeRange.ALL);
        if (view.size() > MAX_SERIES) {
            int found = view.size();
            view.close();
            throw new GoShareException(
                    ErrorCode.BUDGET,
                    "the selector finds " + found + " series; one subscription begins with " + MAX_SERIES
                            + " at most, so narrow sel, or send live_only=true",
                    "sel",
                    -1,
                    null);
        }
        return view;
    }

    private void add(Happening row) {
        rows.add(row);
        bytes += 250L + row.value().map(value -> value.bytes().length).orElse(0);
        if (bytes > MAX_BYTES) {
            throw new GoShareException(
                    ErrorCode.BUDGET,
                    "the snapshot takes more than " + (MAX_BYTES >> 20)
                            + " MiB; narrow sel, or send live_only=true and read what holds with get and at",
                    "sel",
                    -1,
                    null);
        }
        if (rows.size() == EVENT_ROWS) {
            flush();
        }
    }

    private void flush() {
        if (!rows.isEmpty()) {
            events.add(new WatchEvent(WatchEvent.Kind.SNAPSHOT, 0, Subscription.table(rows)));
            rows = new ArrayList<>();
        }
    }

    private void resume(long after) {
        long newest = committer.revision();
        if (after > newest) {
            throw lost("revision " + after + " is newer than all there are, " + newest + " being the newest");
        }
        if (committer.isLost(after)) {
            throw lost("revision " + after + " was not yet on stable storage when the server ended, and is gone");
        }
        if (after < committer.logKeptAfter() || after < namespace.changesKeptAfter()) {
            throw gone("changes behind revision " + after + " are no longer kept whole, but those behind "
                    + Math.max(committer.logKeptAfter(), namespace.changesKeptAfter()));
        }
        revision = after;
        seriesRevision = after;
        if (interest.transitions()) {
            readLasts(after);
        }
    }

    private static GoShareException gone(String why) {
        return again(ErrorCode.REVISION_GONE, why);
    }

    private static GoShareException lost(String why) {
        return again(ErrorCode.REVISION_LOST, why);
    }

    private static GoShareException again(ErrorCode code, String why) {
        return new GoShareException(code, why + "; begin again without after, with a snapshot", "after", -1, null);
    }

    /** What each series held at {@code after}: its newest point that was not written since. */
    private void readLasts(long after) {
        try (SeriesView view = view()) {
            Map<Integer, Times> written = written(after, view);
            for (int i = 0; i < view.size(); i++) {
                int id = (int) view.series(i).id();
                Points point = before(view, i, written.getOrDefault(id, new Times()));
                if (point.count() > 0) {
                    lasts.add(new Last(id, point.times()[0], point));
                }
            }
        }
    }

    private static Points before(SeriesView view, int index, Times written) {
        if (written.count == 0) {
            return view.asOf(index, Long.MAX_VALUE - 1);
        }
        long[] times = written.sorted();
        Points newest = view.asOf(index, Long.MAX_VALUE - 1);
        if (newest.count() == 0 || newest.times()[0] > times[times.length - 1]) {
            return newest;
        }
        Points between = view.read(index, new TimeRange(times[0], times[times.length - 1] + 1));
        for (int row = between.count() - 1; row >= 0; row--) {
            if (Arrays.binarySearch(times, between.times()[row]) < 0) {
                return view.asOf(index, between.times()[row]);
            }
        }
        return view.asOf(index, times[0] - 1);
    }

    private Map<Integer, Times> written(long after, SeriesView view) {
        Map<Integer, Times> written = new HashMap<>();
        for (int i = 0; i < view.size(); i++) {
            written.put((int) view.series(i).id(), new Times());
        }
        int[] total = {0};
        LoggedSeries reader = new LoggedSeries() {
            @Override
            public boolean wants(int id) {
                return written.containsKey(id);
            }

            @Override
            public void points(int id, Points points) {
                written.computeIfAbsent(id, missing -> new Times()).add(points);
                total[0] += points.count();
            }

            @Override
            public void erased(int id, TimeRange range) {
                // what is left tells what held
            }

            @Override
            public void dropped(int id) {
                // of a dropped series the view shows nothing
            }
        };
        LogReplayer replayer = new LogReplayer() {
            @Override
            public boolean owns(byte tag) {
                return true;
            }

            @Override
            public void replay(long logged, byte tag, byte[] payload) {
                if (logged <= view.revision()) {
                    series.read(tag, payload, reader);
                }
            }
        };
        long position = after;
        while (position < view.revision()) {
            position = committer.readLog(position, view.revision(), 1 << 20, replayer);
            if (position < 0 || total[0] > MAX_POINTS) {
                throw gone("more was written behind revision " + after + " than can be gone through");
            }
        }
        return written;
    }

    /** Times of points. */
    private static final class Times {
        private long[] times = new long[4];
        private int count;

        void add(Points points) {
            if (count + points.count() > times.length) {
                times = Arrays.copyOf(times, Math.max(2 * times.length, count + points.count()));
            }
            System.arraycopy(points.times(), 0, times, count, points.count());
            count += points.count();
        }

        long[] sorted() {
            long[] sorted = Arrays.copyOf(times, count);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
