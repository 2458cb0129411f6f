package io.goshare.server.cli.bench;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A bar that moves while work is done, on a terminal only, and the highest memory of the server seen meanwhile. Work is
 * counted from many threads.
 */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 40;
    private static final long TICK_MILLIS = 200;

    private final PrintStream terminal;
    private final boolean shown;
    private final String title;
    private final long total;
    private final ServerProbe probe;
    private final LongAdder done = new LongAdder();
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "bench-progress"));
    private final Future<?> ticking;
    private volatile long peakBytes;

    /** @param shown whether there is a terminal to draw on */
    Progress(PrintStream terminal, boolean shown, String title, long total, ServerProbe probe) {
        this.terminal = terminal;
        this.shown = shown;
        this.title = title;
        this.total = total;
        this.probe = probe;
        this.ticking = ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(long count) {
        done.add(count);
    }

    /** Highest {@link ServerProbe#anonymousBytes} so far; 0 if it cannot be had. */
    long peakBytes() {
        return peakBytes;
    }

    private void tick() {
        peakBytes = Math.max(peakBytes, probe.anonymousBytes().orElse(0));
        if (shown) {
            double share = Math.min(1, (double) done.sum() / Math.max(1, total));
            int full = (int) (share * WIDTH);
            terminal.print(String.format(
                    Locale.ROOT,
                    "\r%s [%s%s] %3.0f %%",
                    title,
                    "#".repeat(full),
                    ".".repeat(WIDTH - full),
                    share * 100));
            terminal.flush();
        }
    }

    @Override
    public void close() {
        ticking.cancel(false);
        ticker.shutdown();
        tick();
        if (shown) {
            terminal.print("\r" + " ".repeat(title.length() + WIDTH + 10) + "\r");
            terminal.flush();
        }
    }
}
