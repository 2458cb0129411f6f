package io.goshare.server.watch;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Committer;
import io.goshare.server.commit.LogReplayer;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.namespace.Transition;
import io.goshare.server.series.LoggedSeries;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells subscriptions what was committed, revision by revision, from two places in one order: series and cut subtrees
 * from the log, values of the namespace from the table of changes. Belongs to the thread that follows the log.
 */
final class Feed {
    /** Rows of changes read in one step. */
    private static final int STEP_CHANGES = 4096;
    /** Series whose names are remembered for their subscriptions. */
    private static final int REMEMBERED = 1 << 20;

    private record Logged(long revision, byte tag, byte[] operation) {}

    private record Changed(long revision, byte[] path, long since) {}

    /** Who has selected a series; its name only where somebody has. */
    private record Known(Optional<Named> name, List<Subscription> subscriptions) {
        static final Known NOBODY = new Known(Optional.empty(), List.of());
    }

    private final Committer committer;
    private final NamespaceStore namespace;
    private final SeriesStore series;
    private final Collection<Subscription> all;
    /** By series id; null: not looked for. */
    private @Nullable Known[] known = {};

    private int remembered;
    /** Those that the revision under way has something for. */
    private final Set<Subscription> touched = new LinkedHashSet<>();

    /** @param all every subscription there is; tell {@link #forget} when it changes */
    Feed(Committer committer, NamespaceStore namespace, SeriesStore series, Collection<Subscription> all) {
        this.committer = committer;
        this.namespace = namespace;
        this.series = series;
        this.all = all;
    }

    void forget() {
        known = new @Nullable Known[0];
        remembered = 0;
    }

    /**
     * Tells {@code subscriptions}, all of which stand at {@code after}, the next part of what was committed up to
     * {@code upTo}.
     *
     * @param bytes of the log that are read, about
     * @param goOn whether another revision may be told; one always is
     * @return where they stand now; -1 if what follows is no longer kept
     */
    long step(long after, long upTo, long bytes, BooleanSupplier goOn, Collection<Subscription> subscriptions) {
        Deque<Logged> logged = new ArrayDeque<>();
        long reached = committer.readLog(after, upTo, bytes, new LogReplayer() {
            @Override
            public boolean owns(byte tag) {
                return true;
            }

            @Override
            public void replay(long revision, byte tag, byte[] payload) {
                logged.add(new Logged(revision, tag, payload));
            }
        });
        Deque<Changed> named = new ArrayDeque<>();
        long[] end = {reached};
        boolean kept = reached >= 0
                && namespace.changed(after, (revision, path, since) -> {
                    if (revision > end[0]) {
                        return false;
                    }
                    if (named.size() >= STEP_CHANGES
                            && revision > named.getLast().revision()) {
                        end[0] = revision - 1;
                        return false;
                    }
                    return named.add(new Changed(revision, path, since));
                });
        if (!kept) {
            return -1;
        }
        long told = tell(logged, named, end[0], goOn, subscriptions);
        subscriptions.forEach(subscription -> subscription.endRevision(told));
        return told;
    }

    /** The last revision that was told, or {@code end} if all were. */
    private long tell(
            Deque<Logged> logged,
            Deque<Changed> named,
            long end,
            BooleanSupplier goOn,
            Collection<Subscription> subscriptions) {
        while (true) {
            long next = Math.min(
                    logged.isEmpty() ? Long.MAX_VALUE : logged.peek().revision(),
                    named.isEmpty() ? Long.MAX_VALUE : named.peek().revision());
            if (next > end) {
                return end;
            }
            while (!named.isEmpty() && named.peek().revision() == next) {
                tell(named.remove(), subscriptions);
            }
            while (!logged.isEmpty() && logged.peek().revision() == next) {
                tell(logged.remove(), subscriptions);
            }
            touched.forEach(subscription -> subscription.endRevision(next));
            touched.clear();
            if (!goOn.getAsBoolean()) {
                return next;
            }
        }
    }

    private void tell(Changed change, Collection<Subscription> subscriptions) {
        Path path = Path.decode(change.path);
        SeriesKey key = SeriesKey.of(path);
        List<Subscription> interested = new ArrayList<>();
        for (Subscription subscription : subscriptions) {
            if (subscription.interest.matches(change.path, key)) {
                interested.add(subscription);
            }
        }
        if (interested.isEmpty()) {
            return;
        }
        Optional<Transition> transition = namespace.changeAt(change.path, change.since);
        touched.addAll(interested);
        for (Subscription subscription : interested) {
            transition.ifPresentOrElse(subscription::changed, () -> subscription.ended(path, change.since));
        }
    }

    private void tell(Logged operation, Collection<Subscription> subscriptions) {
        Optional<NamespaceStore.CutOff> cut = namespace.cut(operation.tag, operation.operation);
        if (cut.isPresent()) {
            byte[] subtree = cut.get().root().subtreePrefix();
            subscriptions.stream()
                    .filter(subscription -> subscription.interest.reachesInto(subtree))
                    .forEach(subscription -> {
                        touched.add(subscription);
                        subscription.cut(cut.get());
                    });
            return;
        }
        series.read(operation.tag, operation.operation, new Teller(operation.revision, subscriptions));
    }

    /** Which subscriptions a series is told to. */
    private Known known(int id) {
        Known before = id < known.length ? known[id] : null;
        if (before != null) {
            return before;
        }
        if (remembered >= REMEMBERED) {
            forget();
        }
        SeriesKey key = series.name(id);
        byte[] path = key.path().encoded();
        List<Subscription> matching = new ArrayList<>(1);
        for (Subscription subscription : all) {
            if (subscription.interest.matches(path, key)) {
                matching.add(subscription);
            }
        }
        Known found = matching.isEmpty() ? Known.NOBODY : new Known(Optional.of(Named.series(key)), matching);
        if (id >= known.length) {
            known = Arrays.copyOf(known, Math.max(id + 1, 2 * known.length));
        }
        known[id] = found;
        remembered += matching.size();
        return found;
    }

    /** Hands what the log tells of series to those of some subscriptions that match. */
    private final class Teller implements LoggedSeries {
        private final long revision;
        private final Collection<Subscription> subscriptions;

        Teller(long revision, Collection<Subscription> subscriptions) {
            this.revision = revision;
            this.subscriptions = subscriptions;
        }

        @Override
        public boolean wants(int id) {
            List<Subscription> matching = known(id).subscriptions;
            for (int i = 0; i < matching.size(); i++) { // of most series there are none, so there is no iterator either
                if (subscriptions.contains(matching.get(i))) {
                    return true;
                }
            }
            return false;
        }

        private void tell(int id, BiConsumer<Subscription, Named> how) {
            Known found = known(id);
            for (Subscription subscription : found.subscriptions) {
                if (subscriptions.contains(subscription)) {
                    touched.add(subscription);
                    how.accept(subscription, found.name.orElseThrow());
                }
            }
        }

        @Override
        public void points(int id, Points points) {
            tell(id, (subscription, name) -> subscription.points(id, name, points, revision));
        }

        @Override
        public void erased(int id, TimeRange range) {
            tell(id, (subscription, name) -> subscription.erased(id, name, range, revision));
        }

        @Override
        public void dropped(int id) {
            tell(id, (subscription, name) -> subscription.dropped(id, name, revision));
        }
    }
}
