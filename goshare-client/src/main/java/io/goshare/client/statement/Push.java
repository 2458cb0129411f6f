package io.goshare.client.statement;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A subscription to the items of {@link Pages}: one page is fetched when the one before is used up and more are asked.
 */
final class Push<T> implements Flow.Subscription {
    private final Pages<T> pages;
    private final Flow.Subscriber<? super T> subscriber;
    private final AtomicLong demand = new AtomicLong();
    /** How many want {@link #drain} to go round; who raises it from 0 does the work. */
    private final AtomicInteger turns = new AtomicInteger();

    private volatile boolean cancelled;
    private volatile boolean refused;
    private volatile boolean fetching;
    private long left; // this and below: whoever drains
    private List<T> items = List.of();
    private int at;
    private Optional<String> next = Optional.empty();
    private boolean last;
    private volatile Optional<Throwable> failure = Optional.empty();

    private Push(Pages<T> pages, long limit, Flow.Subscriber<? super T> subscriber) {
        this.pages = pages;
        this.left = limit;
        this.subscriber = subscriber;
    }

    static <T> void begin(Pages<T> pages, long limit, Flow.Subscriber<? super T> subscriber) {
        subscriber.onSubscribe(new Push<>(pages, limit, subscriber));
    }

    @Override
    public void request(long n) {
        if (n < 1) {
            refused = true;
        } else {
            demand.updateAndGet(now -> now + n < 0 ? Long.MAX_VALUE : now + n);
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    private void drain() {
        if (turns.getAndIncrement() > 0) {
            return;
        }
        int seen;
        do {
            seen = turns.get();
            turn();
        } while (!turns.compareAndSet(seen, 0));
    }

    private void turn() {
        if (!cancelled && refused) {
            fail(new IllegalArgumentException("at least one item must be asked for"));
        }
        if (!cancelled && !fetching && failure.isPresent()) {
            fail(failure.get());
        }
        while (!cancelled && !fetching) {
            if (at < items.size() && left > 0) {
                if (demand.get() == 0) {
                    return;
                }
                demand.decrementAndGet();
                left--;
                subscriber.onNext(items.get(at++));
            } else if (last || left == 0) {
                cancelled = true;
                subscriber.onComplete();
            } else if (demand.get() > 0) {
                fetch();
            } else {
                return;
            }
        }
    }

    private void fail(Throwable why) {
        cancelled = true;
        subscriber.onError(why);
    }

    private void fetch() {
        fetching = true;
        var unused = pages.fetchAsync(next, left).whenComplete((page, why) -> {
            if (why == null) {
                items = page.items();
                at = 0;
                next = page.next();
                last = next.isEmpty();
            } else {
                failure =
                        Optional.of(why instanceof CompletionException e && e.getCause() != null ? e.getCause() : why);
            }
            fetching = false;
            drain();
        });
    }
}
