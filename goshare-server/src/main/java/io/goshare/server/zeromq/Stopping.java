package io.goshare.server.zeromq;

/** Waiting for threads that own a socket. They are never interrupted: an interrupt breaks JeroMQ's inner pipes. */
final class Stopping {
    private Stopping() {}

    /** Waits until {@code thread} has ended; an interrupt of the caller waits and is restored. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
