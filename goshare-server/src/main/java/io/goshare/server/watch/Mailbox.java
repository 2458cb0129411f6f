package io.goshare.server.watch;

import io.goshare.protocol.WatchEvent;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events on their way to one subscriber: bounded in number and bytes, so that a slow one takes no more memory and never
 * stops who fills it. Filled by one thread. The last place is kept for the event that tells that it is full.
 */
final class Mailbox {
    private static final int EVENTS = 1024;
    private static final long BYTES = 24 << 20;

    private final SubmissionPublisher<WatchEvent> publisher;
    private final AtomicLong bytes = new AtomicLong();
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

    /** Whether {@code event} fits, and with it the one that may have to tell that no other does. */
    boolean offer(WatchEvent event) {
        long size = event.bytes();
        int waiting = publisher.estimateMaximumLag();
        if (waiting >= EVENTS - 2 || waiting > 0 && bytes.get() + size > BYTES) {
            return false;
        }
        bytes.addAndGet(size);
        return publisher.offer(event, null) >= 0;
    }

    /** Adds a last event, for which there is always room, and the end. */
    void close(WatchEvent last) {
        bytes.addAndGet(last.bytes());
        publisher.offer(last, null);
        publisher.close();
    }

    void fail(Throwable failure) {
        publisher.closeExceptionally(failure);
    }

    /** Whether there is room for what one revision has to tell, unless that is very much. */
    boolean hasRoom() {
        return publisher.estimateMaximumLag() < EVENTS / 4 * 3 && bytes.get() < BYTES / 4 * 3;
    }

    /** Whether there is room for what can wait, so much that it pays to look for it. */
    boolean isRoomy() {
        return publisher.estimateMaximumLag() < EVENTS / 2 && bytes.get() < BYTES / 2;
    }

    boolean isEmpty() {
        return publisher.estimateMaximumLag() == 0;
    }

    /** Hands on what it gets, and weighs what is gone. */
    private final class Weighed implements Flow.Subscriber<WatchEvent> {
        private final Flow.Subscriber<? super WatchEvent> subscriber;

        Weighed(Flow.Subscriber<? super WatchEvent> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long count) {
                    subscription.request(count);
                }

                @Override
                public void cancel() {
                    subscription.cancel();
                    drained.run();
                }
            });
        }

        @Override
        public void onNext(WatchEvent event) {
            long size = event.bytes();
            long left = bytes.addAndGet(-size);
            subscriber.onNext(event);
            int waiting = publisher.estimateMaximumLag();
            boolean roomyAgain = left < BYTES / 2 && left + size >= BYTES / 2;
            if (roomyAgain || waiting == EVENTS / 2 - 1 || waiting == EVENTS / 2) {
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
