package io.goshare.server.watch;

import io.goshare.protocol.Table;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.namespace.Transition;
import io.goshare.server.series.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One subscriber: how far it was told, and what it is told next. Belongs to the thread that follows the log. */
final class Subscription {
    /** Where a subscription stands. */
    enum Phase {
        /** Its beginning is being read. */
        BEGINNING,
        /** It reads the log behind the others. */
        CATCHING_UP,
        LIVE,
        OVER
    }

    final Interest interest;
    final Mailbox mailbox;
    final String peer;
    final Transitions transitions = new Transitions();
    private final Holding holding;
    private final List<Happening> rows = new ArrayList<>();

    Phase phase = Phase.BEGINNING;
    /** All up to it was told, or decided not to be. */
    long position;
    /** Up to this revision series are part of the snapshot. */
    long seriesFrom;

    private long told;
    private boolean quiet = true;
    private boolean ready;

    Subscription(Interest interest, Mailbox mailbox, String peer) {
        this.interest = interest;
        this.mailbox = mailbox;
        this.peer = peer;
        this.holding = new Holding(interest.holdNanos());
    }

    /** Begins behind {@code revision}; series, whose snapshot is newer, behind {@code series}. */
    void begin(long revision, long series) {
        position = revision;
        seriesFrom = series;
        told = series;
        phase = Phase.CATCHING_UP;
    }

    void changed(Transition change) {
        Happening.What what = change.value().isPresent() ? Happening.What.PUT : Happening.What.END;
        Happening row =
                new Happening(what, false, SeriesKey.of(change.path()), change.time(), change.old(), change.value());
        transition(row);
    }

    /** A change of which the history was dropped: all that is known is that the path holds nothing any more. */
    void ended(SeriesKey path, long time) {
        transition(new Happening(Happening.What.END, false, path, time, Optional.empty(), Optional.empty()));
    }

    void cut(NamespaceStore.CutOff cut) {
        if (interest.wantsAll()) {
            rows.add(new Happening(
                    Happening.What.END_TREE,
                    false,
                    SeriesKey.of(cut.root()),
                    cut.time(),
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    private long now;

    /** The clock, before what follows was read. */
    void at(long clock) {
        now = clock;
    }

    private void transition(Happening row) {
        boolean wanted = interest.wants(row.old(), row.value());
        if (interest.holdNanos() > 0) {
            holding.add(row, wanted, now);
        } else if (wanted) {
            rows.add(row);
        }
    }

    void points(int id, SeriesKey key, Points points, long revision) {
        if (revision <= seriesFrom) {
            return;
        }
        for (int i = 0; i < points.count(); i++) {
            long time = points.times()[i];
            if (!interest.transitions()) {
                rows.add(new Happening(
                        Happening.What.POINT, true, key, time, Optional.empty(), Optional.of(points.value(i))));
                continue;
            }
            Happening change = transitions.point(id, key, time, points.value(i));
            if (change != null && change.what() == Happening.What.POINT) {
                transition(change);
            } else if (change != null && interest.wantsAll()) {
                rows.add(change);
            }
        }
    }

    void erased(int id, SeriesKey key, TimeRange range, long revision) {
        if (revision > seriesFrom) {
            transitions.erased(id, range);
            rows.add(new Happening(Happening.What.ERASE, true, key, range.from(), Optional.empty(), Optional.empty()));
        }
    }

    void dropped(int id, SeriesKey key, long revision) {
        if (revision > seriesFrom) {
            transitions.dropped(id);
            rows.add(new Happening(Happening.What.DROP, true, key, now, Optional.empty(), Optional.empty()));
        }
    }

    /** Sends what {@code revision} brought. */
    void endRevision(long revision) {
        holding.endRevision(revision);
        if (!rows.isEmpty()) {
            send(revision, rows);
            rows.clear();
        }
        position = Math.max(position, revision);
    }

    private void send(long revision, List<Happening> happenings) {
        boolean snapshot = revision <= seriesFrom;
        send(new WatchEvent(
                snapshot ? WatchEvent.Kind.SNAPSHOT : WatchEvent.Kind.CHANGE,
                snapshot ? 0 : revision,
                table(happenings)));
    }

    static Table table(List<Happening> happenings) {
        Table table = Table.of(WatchEvent.COLUMNS);
        happenings.forEach(happening -> table.add(happening.cells()));
        return table;
    }

    private void send(WatchEvent event) {
        if (phase == Phase.OVER) {
            return;
        }
        quiet = false;
        if (!mailbox.offer(event)) {
            fallBehind();
        } else if (event.revision() > 0) {
            told = event.revision();
        }
    }

    void fallBehind() {
        mailbox.close(WatchEvent.of(WatchEvent.Kind.BEHIND, told));
        phase = Phase.OVER;
    }

    void snapshot(List<WatchEvent> events) {
        events.forEach(this::send);
    }

    /** Tells, once, that what follows is live. */
    void ready() {
        if (!ready) {
            ready = true;
            send(WatchEvent.of(WatchEvent.Kind.READY, resumable()));
        }
    }

    /** Tells what is decided, and, once all was read that was committed before {@code clock}, what is due by then. */
    void ripen(long clock) {
        if (!holding.isEmpty()) {
            holding.ripen(clock, this::send);
        }
    }

    boolean isHolding() {
        return !holding.isEmpty();
    }

    /** From where a resume would miss and repeat nothing. */
    private long resumable() {
        return holding.oldest(position + 1) - 1;
    }

    /** Says where to resume, if nothing was said since the last beat. */
    void beat() {
        if (quiet && ready && mailbox.isEmpty()) {
            send(WatchEvent.of(WatchEvent.Kind.BEAT, resumable()));
        }
        quiet = true;
    }
}
