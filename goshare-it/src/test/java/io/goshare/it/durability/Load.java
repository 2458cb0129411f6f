package io.goshare.it.durability;

import io.goshare.client.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Clients at work, each on a thread and a connection of its own. Closing ends what a dead server left unanswered. */
public final class Load implements AutoCloseable {
    private final List<Transport> connections = new ArrayList<>();
    private final List<Future<?>> work = new ArrayList<>();

    /** @param connect from the name of a door to a new connection */
    public Load(ExecutorService threads, Function<String, Transport> connect, List<LoadClient> clients) {
        for (LoadClient client : clients) {
            Transport connection = connect.apply(client.door());
            connections.add(connection);
            work.add(threads.submit(() -> client.run(connection)));
        }
    }

    /** Fails with what a client found wrong. */
    @Override
    public void close() throws InterruptedException {
        connections.forEach(Transport::close);
        for (Future<?> one : work) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a client failed", e.getCause());
            }
        }
    }
}
