package io.goshare.server.watch;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchHandler;
import io.goshare.server.commit.Committer;
import io.goshare.server.commit.Failures;
import io.goshare.server.commit.Threads;
import io.goshare.server.engine.EngineException;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.series.SeriesStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All subscriptions. Whoever commits only wakes the thread that follows the log; that reads what was committed once for
 * all that are up to date, and for each that is not by itself, in steps. It never waits for a subscriber. Beginnings
 * are read on a thread of their own, and a third calls subscribers.
 */
public final class Watches implements WatchHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
    /** Subscriptions at once, of all and of one address. */
    private static final int MOST = 1_024;

    private static final int MOST_OF_PEER = 64;
    /** Bytes of the log read in one step, for those that are live and for one that is behind. */
    private static final long STEP_BYTES = 1 << 20;

    private static final long CATCH_UP_BYTES = 1 << 17;
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(10);
    /**
     * The log rests that long for each subscription that was told something, and no longer than the second: what comes
     * meanwhile is told together, for one write to each client. One alone is told at once.
     */
    private static final long REST_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long MOST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** With as many events for one subscription at once its mailbox is to be emptied, not filled. */
    private static final int MANY = 64;

    private final Committer committer;
    private final NamespaceStore namespace;
    private final SeriesStore series;
    private final LongSupplier clock;
    private final ExecutorService courier = Executors.newSingleThreadExecutor(task -> thread(task, "goshare-courier"));
    private final ExecutorService beginnings =
            Executors.newSingleThreadExecutor(task -> thread(task, "goshare-snapshot"));
    private final Thread following = thread(this::run, "goshare-watch");
    private final AtomicBoolean waits = new AtomicBoolean();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Object limits = new Object();
    private final Map<String, Integer> peers = new HashMap<>();
    private int count;
    private boolean started;

    private volatile boolean closed;

    // Of the thread that follows the log
    private final Set<Subscription> all = new LinkedHashSet<>();
    private final Set<Subscription> live = new LinkedHashSet<>();
    private final Feed feed;
    /** Where all that are live stand. */
    private long position;

    private long lastBeat = System.nanoTime();
    /** How long to rest after what was told last. */
    private long rest;

    /** @param clock nanoseconds since 1970 */
    public Watches(Committer committer, NamespaceStore namespace, SeriesStore series, LongSupplier clock) {
        this.committer = committer;
        this.namespace = namespace;
        this.series = series;
        this.clock = clock;
        this.feed = new Feed(committer, namespace, series, all);
    }

    private static Thread thread(Runnable task, String name) {
        Thread made = new Thread(task, name);
        made.setDaemon(true);
        return made;
    }

    /** Begins to follow the log. */
    public synchronized void start() {
        started = true;
        following.start();
    }

    @Override
    public Flow.Publisher<WatchEvent> watch(Command command, String peer) {
        Interest interest = Interest.of(command);
        AtomicBoolean taken = new AtomicBoolean();
        return subscriber -> {
            if (!taken.compareAndSet(false, true)) {
                refuse(subscriber, new GoShareException(ErrorCode.INTERNAL, "a subscription takes one subscriber"));
            } else {
                subscribe(interest, peer, subscriber);
            }
        };
    }

    private void subscribe(Interest interest, String peer, Flow.Subscriber<? super WatchEvent> subscriber) {
        try {
            admit(peer);
        } catch (GoShareException refused) {
            refuse(subscriber, refused);
            return;
        }
        Mailbox mailbox = new Mailbox(courier, this::wake);
        Subscription subscription = new Subscription(interest, mailbox, peer);
        mailbox.open(subscriber);
        tasks.add(() -> {
            all.add(subscription);
            feed.forget();
            committer.afterEachGroup(this::wake);
            beginnings.execute(() -> begin(subscription));
        });
        wake();
    }

    private static void refuse(Flow.Subscriber<? super WatchEvent> subscriber, GoShareException why) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long events) {
                // there are none
            }

            @Override
            public void cancel() {
                // it is over
            }
        });
        subscriber.onError(why);
    }

    private void admit(String peer) {
        synchronized (limits) {
            if (closed) {
                throw closedException();
            }
            int ofPeer = peers.getOrDefault(peer, 0);
            if (count >= MOST || !peer.isEmpty() && ofPeer >= MOST_OF_PEER) {
                throw new GoShareException(
                        ErrorCode.BUSY,
                        count >= MOST
                                ? MOST + " subscriptions are under way; end some, or watch more with one selector"
                                : MOST_OF_PEER + " subscriptions of one address are under way; watch more with one"
                                        + " selector");
            }
            count++;
            peers.merge(peer, 1, Integer::sum);
        }
    }

    private void leave(String peer) {
        synchronized (limits) {
            count--;
            peers.computeIfPresent(peer, (name, ofPeer) -> ofPeer == 1 ? null : ofPeer - 1);
        }
    }

    private static GoShareException closedException() {
        return new GoShareException(ErrorCode.CLOSED, "the server is stopping");
    }

    /** Subscriptions under way. */
    public int count() {
        synchronized (limits) {
            return count;
        }
    }

    private void begin(Subscription subscription) {
        Beginning beginning = new Beginning(committer, namespace, series, subscription.interest);
        try {
            beginning.read();
            tasks.add(() -> beginning.apply(subscription));
        } catch (RuntimeException e) {
            GoShareException told = told(e);
            tasks.add(() -> {
                subscription.mailbox.fail(told);
                subscription.phase = Subscription.Phase.OVER;
            });
        }
        wake();
    }

    private static GoShareException told(RuntimeException e) {
        if (e instanceof GoShareException known) {
            return known;
        }
        if (e instanceof EngineException failed) {
            return Failures.of(failed);
        }
        LOG.error("a subscription could not begin", e);
        return new GoShareException(ErrorCode.INTERNAL, "the subscription could not begin: " + e, e);
    }

    private void wake() {
        if (waits.compareAndSet(true, false)) {
            LockSupport.unpark(following);
        }
    }

    private void run() {
        while (!closed) {
            boolean more;
            long begun = System.nanoTime();
            try {
                more = turn();
            } catch (RuntimeException e) {
                LOG.error("the log could not be followed; subscriptions end and may resume", e);
                endAll(told(e));
                more = false;
            }
            if (!more) {
                rest(begun + rest);
                await();
            }
        }
        runTasks();
        endAll(closedException());
    }

    private void rest(long until) {
        for (long left = until - System.nanoTime(); left > 0 && !closed; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void await() {
        waits.set(true);
        if (closed || !tasks.isEmpty() || !live.isEmpty() && position < committer.revision()) {
            waits.set(false);
            return;
        }
        boolean holding = live.stream().anyMatch(Subscription::isHolding);
        LockSupport.parkNanos(holding ? TimeUnit.MILLISECONDS.toNanos(20) : TimeUnit.MILLISECONDS.toNanos(500));
        waits.set(false);
    }

    /** One step of everything; whether more waits. */
    private boolean turn() {
        runTasks();
        boolean removed = all.removeIf(subscription -> {
            boolean over = subscription.phase == Subscription.Phase.OVER || !subscription.mailbox.isWanted();
            if (over) {
                subscription.phase = Subscription.Phase.OVER;
                live.remove(subscription);
                leave(subscription.peer);
            }
            return over;
        });
        if (removed) {
            feed.forget();
            if (all.isEmpty()) {
                committer.afterEachGroup(() -> {});
            }
        }
        long now = clock.getAsLong();
        boolean more = follow(now);
        for (Subscription subscription : List.copyOf(all)) {
            if (subscription.phase == Subscription.Phase.CATCHING_UP && subscription.mailbox.isRoomy()) {
                more |= catchUp(subscription, now);
            }
        }
        if (System.nanoTime() - lastBeat >= BEAT_NANOS) {
            lastBeat = System.nanoTime();
            live.forEach(Subscription::beat);
        }
        send();
        return more;
    }

    /** Hands over what this turn brought. */
    private void send() {
        int told = 0;
        int most = 0;
        for (Subscription subscription : all) {
            int events = subscription.mailbox.send();
            told += events > 0 ? 1 : 0;
            most = Math.max(most, events);
        }
        rest = told < 2 || most >= MANY ? 0 : Math.min(told * REST_NANOS, MOST_REST_NANOS);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Tells all that are live the next part; whether there may be more. */
    private boolean follow(long now) {
        if (live.isEmpty()) {
            return false;
        }
        long newest = committer.revision();
        if (position < newest) {
            position = step(position, newest, STEP_BYTES, () -> true, live, now);
        }
        if (position < 0) {
            return false;
        }
        if (position == newest) {
            live.forEach(subscription -> subscription.ripen(now));
        }
        live.removeIf(subscription -> subscription.phase == Subscription.Phase.OVER);
        return position < newest;
    }

    private long step(
            long from, long to, long bytes, BooleanSupplier goOn, Collection<Subscription> subscriptions, long now) {
        subscriptions.forEach(subscription -> subscription.at(now));
        long reached = feed.step(from, to, bytes, goOn, subscriptions);
        if (reached < 0) {
            subscriptions.forEach(Subscription::fallBehind);
        }
        return reached;
    }

    /** Brings one nearer to the others, as fast as it takes what it is told; whether it has further to go. */
    private boolean catchUp(Subscription subscription, long now) {
        long goal = live.isEmpty() ? committer.revision() : position;
        if (subscription.position < goal) {
            step(
                    subscription.position,
                    goal,
                    CATCH_UP_BYTES,
                    subscription.mailbox::hasRoom,
                    List.of(subscription),
                    now);
            subscription.ripen(Long.MIN_VALUE);
        }
        if (subscription.phase == Subscription.Phase.OVER) {
            return false;
        }
        // Behind the goal, or before it but within its snapshot: those that are live come by.
        if (subscription.position == goal && subscription.position >= subscription.seriesFrom) {
            subscription.ready();
            if (subscription.phase == Subscription.Phase.CATCHING_UP) {
                subscription.phase = Subscription.Phase.LIVE;
                live.add(subscription);
                position = goal;
            }
        }
        return true;
    }

    private void endAll(GoShareException why) {
        List<Subscription> ending = new ArrayList<>(all);
        all.clear();
        live.clear();
        feed.forget();
        for (Subscription subscription : ending) {
            if (subscription.phase != Subscription.Phase.OVER) {
                subscription.phase = Subscription.Phase.OVER;
                subscription.mailbox.fail(why);
            }
            leave(subscription.peer);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        synchronized (limits) {
            closed = true;
        }
        wake();
        if (started) {
            Threads.join(following);
        }
        committer.afterEachGroup(() -> {});
        beginnings.shutdown();
        courier.shutdown();
    }
}
