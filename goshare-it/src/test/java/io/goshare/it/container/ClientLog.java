package io.goshare.it.container;

import io.goshare.client.ClientListener;
import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Transport;
import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What a test's clients went through, for the report of its failure: each call that failed, and the first that did not
 * after it; the latest of these. Safe for many threads.
 */
final class ClientLog {
    private static final int LINES = 500;

    private final Deque<String> lines = new ArrayDeque<>();
    private final Set<String> failing = new HashSet<>();

    /** Lines, the oldest first. */
    synchronized String text() {
        return String.join("\n", lines);
    }

    /** {@code transport} with its calls told here under {@code client}. */
    Transport of(String client, Transport transport) {
        return new Transport() {
            @Override
            public CompletableFuture<Reply> handle(Command command) {
                long began = System.nanoTime();
                return transport.handle(command).whenComplete((reply, failure) -> {
                    Duration took = Duration.ofNanos(System.nanoTime() - began);
                    String call = command.verb().word();
                    if (failure == null) {
                        succeeded(client, call, took);
                    } else {
                        failed(client, call, took, failure);
                    }
                });
            }

            @Override
            public Capabilities capabilities() {
                return transport.capabilities();
            }

            @Override
            public void close() {
                transport.close();
            }
        };
    }

    /** Tells the calls of a connection of the SDK here under {@code client}. */
    ClientListener listener(String client) {
        return (verb, code, endpoint, attempts, took) -> {
            String call = verb + " of " + endpoint + ", attempt " + attempts;
            if (code.equals("ok")) {
                succeeded(client, call, took);
            } else {
                tell(client, call, took, code);
            }
        };
    }

    private synchronized void succeeded(String client, String call, Duration took) {
        if (failing.remove(client)) {
            add(client + ": " + call + " succeeded again, in " + took.toMillis() + " ms");
        }
    }

    private void failed(String client, String call, Duration took, Throwable failure) {
        String what = failure instanceof GoShareException known
                ? known.code() + " " + known.getMessage()
                : failure.toString();
        tell(client, call, took, what);
    }

    private synchronized void tell(String client, String call, Duration took, String what) {
        failing.add(client);
        add(client + ": " + call + " failed after " + took.toMillis() + " ms: " + what);
    }

    private void add(String line) {
        lines.add(Instant.now() + " " + line);
        if (lines.size() > LINES) {
            lines.remove();
        }
    }
}
