package io.goshare.server.watch;

import io.goshare.protocol.Table;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.namespace.Transition;
import io.goshare.server.series.Points;
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
    private Table rows = Table.of(WatchEvent.COLUMNS);

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
        Happening row = new Happening(what, Named.path(change.path()), change.time(), change.old(), change.value());
        transition(row);
    }

    /** A change of which the history was dropped: all that is known is that the path holds nothing any more. */
    void ended(Path path, long time) {
        transition(new Happening(Happening.What.END, Named.path(path), time, Optional.empty(), Optional.empty()));
    }

    void cut(NamespaceStore.CutOff cut) {
        if (interest.wantsAll()) {
            add(new Happening(
                    Happening.What.END_TREE, Named.path(cut.root()), cut.time(), Optional.empty(), Optional.empty()));
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
            add(row);
        }
    }

    private void add(Happening row) {
        rows.add(row.cells());
    }

    void points(int id, Named name, Points points, long revision) {
        if (revision <= seriesFrom) {
            return;
        }
        if (interest.transitions()) {
            transitions.points(id, name, points, change -> {
                if (change.what() == Happening.What.POINT) {
                    transition(change);
                } else if (interest.wantsAll()) {
                    add(change);
                }
            });
            return;
        }
        for (int i = 0; i < points.count(); i++) {
            rows.add(Happening.point(name, points.times()[i], points.value(i)));
        }
    }

    void erased(int id, Named name, TimeRange range, long revision) {
        if (revision > seriesFrom) {
            transitions.erased(id, range);
            add(new Happening(Happening.What.ERASE, name, range.from(), Optional.empty(), Optional.empty()));
        }
    }

    void dropped(int id, Named name, long revision) {
        if (revision > seriesFrom) {
            transitions.dropped(id);
            add(new Happening(Happening.What.DROP, name, now, Optional.empty(), Optional.empty()));
        }
    }

    /** Sends what {@code revision} brought. */
    void endRevision(long revision) {
        holding.endRevision(revision);
        if (rows.size() > 0) {
            Table told = rows;
            rows = Table.of(WatchEvent.COLUMNS);
            send(revision, told);
        }
        position = Math.max(position, revision);
    }

    private void send(long revision, List<Happening> happenings) {
        send(revision, table(happenings));
    }

    private void send(long revision, Table table) {
        boolean snapshot = revision <= seriesFrom;
        send(new WatchEvent(
                snapshot ? WatchEvent.Kind.SNAPSHOT : WatchEvent.Kind.CHANGE, snapshot ? 0 : revision, table));
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
