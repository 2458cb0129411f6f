package io.goshare.server.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for a server to have nothing left to do. */
final class Idle {
    private static final Duration LOOK = Duration.ofMillis(500);
    /** Below a fiftieth of a core only timers run. */
    private static final double IDLE_CPU = 0.02;

    private static final int LOOKS_IN_A_ROW = 4;

    private final ServerProbe probe;
    private final Duration longest;

    Idle(ServerProbe probe, Duration longest) {
        this.probe = probe;
        this.longest = longest;
    }

    /** Returns when the server was idle for two seconds, or the longest wait is over. */
    void await() throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + longest.toNanos();
        double before = probe.read().cpuSeconds();
        for (int idle = 0; idle < LOOKS_IN_A_ROW && System.nanoTime() < end; ) {
            never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            double now = probe.read().cpuSeconds();
            idle = now - before <= IDLE_CPU * LOOK.toMillis() / 1e3 ? idle + 1 : 0;
            before = now;
        }
    }
}
