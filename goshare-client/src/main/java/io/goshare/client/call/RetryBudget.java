package io.goshare.client.call;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many retries a connection may load a troubled server with: 100 at first, then a tenth of the calls that succeed.
 * Safe for many threads.
 */
final class RetryBudget {
    private static final long MOST = 1000;
    private static final long RETRY = 10;

    private final AtomicLong tenths = new AtomicLong(MOST);

    void succeeded() {
        if (tenths.get() < MOST) {
            tenths.updateAndGet(now -> Math.min(now + 1, MOST));
        }
    }

    /** Whether one more retry is granted. */
    boolean take() {
        return tenths.getAndUpdate(now -> now < RETRY ? now : now - RETRY) >= RETRY;
    }
}
