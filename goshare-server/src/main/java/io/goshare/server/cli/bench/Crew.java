package io.goshare.server.cli.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** A thread for each connection. */
final class Crew implements AutoCloseable {
    private final int size;
    private final ExecutorService threads;

    Crew(int size) {
        this.size = size;
        this.threads = Executors.newFixedThreadPool(size);
    }

    /** What is done on a connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(int connection) throws IOException;
    }

    /** Does {@code work} on all threads at once; the results, by connection, when all have ended. */
    <T> List<T> all(Work<T> work) throws IOException, InterruptedException {
        List<Callable<T>> tasks = IntStream.range(0, size)
                .<Callable<T>>mapToObj(connection -> () -> work.run(connection))
                .toList();
        List<T> results = new ArrayList<>();
        for (Future<T> future : threads.invokeAll(tasks)) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            }
        }
        return results;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
