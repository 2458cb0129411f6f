package io.goshare.protocol;

import java.util.concurrent.Flow;

/** Where subscriptions begin; beside {@link CommandHandler} for what has no end. Safe for many threads. */
public interface WatchHandler extends AutoCloseable {
    /**
     * A subscription to what {@code command}, a {@link Verb#WATCH}, selects; it takes one subscriber. Events come in
     * the order of commits, as many as were requested, from a thread that all subscribers share: {@code onNext} must
     * not wait. A subscriber that leaves too many events unrequested gets {@link WatchEvent.Kind#BEHIND} and then the
     * end. {@code onError} gets a {@link GoShareException}: {@code revision_gone} if what follows the revision asked
     * for is no longer kept, {@code revision_lost} if the revision itself is gone with a loss of power, {@code busy} if
     * there are too many subscriptions, {@code closed} at the server's end.
     *
     * @param peer address of who asks, whose subscriptions are bounded; empty for none
     * @throws GoShareException {@code bad_request} if the command is malformed
     */
    Flow.Publisher<WatchEvent> watch(Command command, String peer);

    /** What a subscriber of {@link #watch} is given. */
    interface Delivery extends Flow.Subscription {
        /** How many events are there that were not requested yet: each comes as soon as it is. */
        int waiting();
    }

    /** Ends all subscriptions and refuses new ones. Twice does nothing more. */
    @Override
    void close();
}
