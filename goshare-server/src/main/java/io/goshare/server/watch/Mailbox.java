package io.goshare.server.watch;

import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events on their way to one subscriber: bounded in number and bytes, so that a slow one takes no more memory and never
 * stops who fills it. Filled by one thread. The last place is kept for the event that tells that it is full.
 */
final class Mailbox {
    private static final int EVENTS = 1024;
    private static final long BYTES = 24 << 20;

    /** As many are handed over at once. */
    private static final int TOGETHER = 64;

    /** An event, and what it weighs. */
    private record Letter(WatchEvent event, long bytes) {
        Letter(WatchEvent event) {
            this(event, event.bytes());
        }
    }

    private final SubmissionPublisher<Letter> publisher;
    private final AtomicLong bytes = new AtomicLong();
    /** Events that were handed over and not yet taken. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final List<Letter> held = new ArrayList<>();
    private final Runnable drained;

    /**
     * @param courier runs the subscriber's methods
     * @param drained is told when it has become nearly empty, or was cancelled
     */
    Mailbox(Executor courier, Runnable drained) {
        this.publisher = new SubmissionPublisher<>(courier, EVENTS);
        this.drained = drained;
    }

    void open(Flow.Subscriber<? super WatchEvent> subscriber) {
        publisher.subscribe(new Weighed(subscriber));
    }

    /**
     * Adds {@code event}, which is handed over by {@link #send} at the latest; false if it does not fit, and with it
     * the one that may have to tell that no other does.
     */
    boolean offer(WatchEvent event) {
        Letter letter = new Letter(event);
        int before = count();
        if (before >= EVENTS - 2 || before > 0 && bytes.get() + letter.bytes > BYTES) {
            return false;
        }
        hold(letter);
        if (held.size() == TOGETHER) {
            send();
        }
        return true;
    }

    private void hold(Letter letter) {
        bytes.addAndGet(letter.bytes);
        held.add(letter);
    }

    /** Hands over what was added, so that the subscriber can see all of it waiting; how many events that was. */
    int send() {
        int sent = held.size();
        if (sent > 0) {
            waiting.addAndGet(sent);
            held.forEach(letter -> publisher.offer(letter, null));
            held.clear();
        }
        return sent;
    }

    /** Adds a last event, for which there is always room, and the end. */
    void close(WatchEvent last) {
        hold(new Letter(last));
        send();
        publisher.close();
    }

    void fail(Throwable failure) {
        send();
        publisher.closeExceptionally(failure);
    }

    private int count() {
        return publisher.estimateMaximumLag() + held.size();
    }

    /** Whether there is room for what one revision has to tell, unless that is very much. */
    boolean hasRoom() {
        return count() < EVENTS / 4 * 3 && bytes.get() < BYTES / 4 * 3;
    }

    /** Whether there is room for what can wait, so much that it pays to look for it. */
    boolean isRoomy() {
        return count() < EVENTS / 2 && bytes.get() < BYTES / 2;
    }

    boolean isEmpty() {
        return count() == 0;
    }

    /** Hands on what it gets, and weighs what is gone. */
    private final class Weighed implements Flow.Subscriber<Letter> {
        private final Flow.Subscriber<? super WatchEvent> subscriber;

        Weighed(Flow.Subscriber<? super WatchEvent> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(new WatchHandler.Delivery() {
                @Override
                public void request(long count) {
                    subscription.request(count);
                }

                @Override
                public void cancel() {
                    subscription.cancel();
                    drained.run();
                }

                @Override
                public int waiting() {
                    return waiting.get();
                }
            });
        }

        @Override
        public void onNext(Letter letter) {
            long size = letter.bytes;
            long left = bytes.addAndGet(-size);
            waiting.decrementAndGet();
            subscriber.onNext(letter.event);
            int lag = publisher.estimateMaximumLag();
            boolean roomyAgain = left < BYTES / 2 && left + size >= BYTES / 2;
            if (roomyAgain || lag == EVENTS / 2 - 1 || lag == EVENTS / 2) {
                drained.run();
            }
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }

    /** Whether its subscriber still wants anything. */
    boolean isWanted() {
        return publisher.hasSubscribers();
    }
}
