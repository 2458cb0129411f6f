package io.goshare.server.watch;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.WatchHandler;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Subscriptions page by page, for those who ask and are answered: the first page is the snapshot, each further one what
 * changed behind the revision that the page before noted, as soon as there is something. The subscription behind a page
 * is kept a while for whoever asks for the next one; one that is not there is begun anew, from the log. Safe for many
 * threads.
 */
public final class WatchPages implements AutoCloseable {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(25);
    /** Subscriptions that wait for their next page, and for how long. */
    private static final int MOST_KEPT = 256;

    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final WatchHandler watches;
    /** The one kept longest first. */
    private final Set<PagedSubscription> kept = new LinkedHashSet<>();

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "goshare-watch-pages");
        made.setDaemon(true);
        return made;
    });
    private boolean closed;

    public WatchPages(WatchHandler watches) {
        this.watches = watches;
        timer.setRemoveOnCancelPolicy(true);
        var unused = timer.scheduleWithFixedDelay(this::endForgotten, 1, 1, TimeUnit.SECONDS);
    }

    /** Rows of {@code revision} and the columns of events; the note {@code revision} is where to go on. */
    public CompletableFuture<Reply> page(Command command) {
        // In time for who gives up after the command's timeout.
        long wait =
                Math.min(Math.min(LONGEST_NANOS, command.require(Param.WAIT)), command.require(Param.TIMEOUT) / 10 * 9);
        Map<String, String> question = question(command);
        Optional<Long> after = command.get(Param.AFTER);
        PagedSubscription subscription = after.flatMap(revision -> take(question, revision))
                .orElseGet(() -> {
                    PagedSubscription begun = new PagedSubscription(question, after, this::keep);
                    watches.watch(command, "").subscribe(begun);
                    return begun;
                });
        CompletableFuture<Reply> reply = subscription.ask();
        if (!reply.isDone()) {
            var end = timer.schedule(() -> subscription.endPage(reply), wait, TimeUnit.NANOSECONDS);
            reply.whenComplete((page, failure) -> end.cancel(false));
        }
        return reply;
    }

    /** What is the same in all pages of a subscription. */
    private static Map<String, String> question(Command command) {
        Map<String, String> question = command.printed();
        List.of(Param.AFTER, Param.LIVE_ONLY, Param.WAIT, Param.TIMEOUT)
                .forEach(param -> question.remove(param.name()));
        return question;
    }

    private synchronized Optional<PagedSubscription> take(Map<String, String> question, long after) {
        Optional<PagedSubscription> found =
                kept.stream().filter(one -> one.goesOn(question, after)).findFirst();
        found.ifPresent(kept::remove);
        return found;
    }

    private void keep(PagedSubscription answered) {
        Optional<PagedSubscription> tooMany = Optional.empty();
        synchronized (this) {
            if (closed) {
                tooMany = Optional.of(answered);
            } else {
                kept.add(answered);
                if (kept.size() > MOST_KEPT) {
                    tooMany = Optional.of(kept.iterator().next());
                    kept.remove(tooMany.get());
                }
            }
        }
        tooMany.ifPresent(PagedSubscription::cancel);
    }

    private synchronized void endForgotten() {
        long now = System.nanoTime();
        Iterator<PagedSubscription> oldest = kept.iterator();
        while (oldest.hasNext()) {
            PagedSubscription one = oldest.next();
            if (one.isOver() || now - one.answeredNanos() >= KEPT_NANOS) {
                oldest.remove();
                one.cancel();
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdownNow();
        kept.forEach(PagedSubscription::cancel);
        kept.clear();
    }
}
