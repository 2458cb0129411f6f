package io.goshare.server.commit;

/** Waiting for threads. */
public final class Threads {
    private Threads() {}

    /** Waits for {@code thread} to end, also when interrupted; the caller is interrupted again then. */
    public static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
