package io.goshare.server.datastore;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Two threads for what takes long, before them a queue that is full at 256. */
final class ReadThreads implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int QUEUE = 256;

    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                Thread thread = new Thread(task, "goshare-read-" + made.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    <T> CompletableFuture<T> run(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    threads.isShutdown()
                            ? new GoShareException(ErrorCode.CLOSED, "the store is closing")
                            : new GoShareException(
                                    ErrorCode.BUSY, QUEUE + " long reads are waiting; try again shortly", e));
        }
    }

    /** Work that begins with a read and ends with a commit. */
    <T> CompletableFuture<T> compose(Supplier<CompletableFuture<T>> work) {
        return run(work).thenCompose(result -> result);
    }

    int queued() {
        return threads.getQueue().size();
    }

    /** Takes nothing more; lets what runs and waits end, 30 s at most. */
    @Override
    public void close() {
        threads.shutdown();
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        boolean ended = false;
        while (!ended && System.nanoTime() - end < 0) {
            try {
                ended = threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
