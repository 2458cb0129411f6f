package io.goshare.client.call;

import io.goshare.client.ClientListener;
import io.goshare.client.error.CallException;
import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Carries commands to one of several hosts within their deadline, again where that is safe. Waits on the caller's
 * thread, or with one thread for the pauses of all asynchronous calls. Safe for many threads.
 */
public final class Caller implements AutoCloseable {
    private final RetryPolicy policy;
    private final Endpoints endpoints;
    private final List<ClientListener> listeners;
    private final RetryBudget budget = new RetryBudget();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ScheduledThreadPoolExecutor timer;
    private final String prefix;
    private final AtomicLong ids = new AtomicLong();

    /**
     * @param addresses of the hosts, or one place
     * @param opener makes the transport to one of them, when it is first asked
     */
    public Caller(
            RetryPolicy policy,
            List<String> addresses,
            Function<String, Transport> opener,
            List<ClientListener> listeners) {
        this.policy = policy;
        this.endpoints = new Endpoints(addresses.stream()
                .map(address -> new Endpoint(address, () -> opener.apply(address)))
                .toList());
        this.listeners = List.copyOf(listeners);
        this.prefix = Long.toString(new SecureRandom().nextLong() >>> 1, 36);
        this.timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "goshare-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
    }

    /** A name for a request that no other of any client has. */
    public String newRequestId() {
        return prefix + "-" + Long.toString(ids.incrementAndGet(), 36);
    }

    /** Of the host in use. */
    public Capabilities capabilities() {
        return endpoints.current().transport().capabilities();
    }

    /**
     * Carries {@code command} and waits.
     *
     * @throws CallException what it ended with
     */
    public Reply call(Command command) {
        Attempts attempts = begin(command);
        while (true) {
            try {
                Reply reply = attempts.endpoint().transport().call(attempts.next());
                succeeded(command, attempts);
                return reply;
            } catch (GoShareException failure) {
                pause(command, attempts, failure);
            }
        }
    }

    private Attempts begin(Command command) {
        return new Attempts(policy, endpoints, budget, command, newRequestId());
    }

    private void pause(Command command, Attempts attempts, GoShareException failure) {
        try {
            long nanos = attempts.pause(failure);
            if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
                throw attempts.failed(closing());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ended(
                    command,
                    attempts,
                    attempts.failed(new TransportException(Fault.INTERRUPTED, "interrupted between two attempts", e)));
        } catch (CallException last) {
            throw ended(command, attempts, last);
        }
    }

    private static TransportException closing() {
        return new TransportException(Fault.CLOSED, "the connection is closed");
    }

    /** Carries {@code command}; the future fails with a {@link CallException}. Cancelling it ends the retries. */
    public CompletableFuture<Reply> send(Command command) {
        CompletableFuture<Reply> result = new CompletableFuture<>();
        try {
            attempt(command, begin(command), result);
        } catch (GoShareException malformed) {
            result.completeExceptionally(malformed);
        }
        return result;
    }

    private void attempt(Command command, Attempts attempts, CompletableFuture<Reply> result) {
        if (result.isDone()) {
            return;
        }
        CompletableFuture<Reply> one;
        try {
            one = attempts.endpoint().transport().handle(attempts.next());
        } catch (GoShareException noTransport) {
            one = CompletableFuture.failedFuture(noTransport);
        }
        var unused = one.whenComplete((reply, failure) -> {
            if (failure == null) {
                succeeded(command, attempts);
                result.complete(reply);
            } else {
                again(command, attempts, known(failure), result);
            }
        });
    }

    private static GoShareException known(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof GoShareException known
                ? known
                : new GoShareException(ErrorCode.INTERNAL, "the transport failed: " + cause, cause);
    }

    private void again(Command command, Attempts attempts, GoShareException failure, CompletableFuture<Reply> result) {
        try {
            long nanos = attempts.pause(failure);
            synchronized (timer) {
                if (timer.isShutdown()) {
                    throw attempts.failed(closing());
                }
                Pause pause = new Pause(command, attempts, result);
                var unused = timer.schedule(pause, nanos, TimeUnit.NANOSECONDS);
                paused.put(pause, pause);
            }
        } catch (CallException last) {
            result.completeExceptionally(ended(command, attempts, last));
        }
    }

    /** Calls between two attempts, which {@link #close} must end. */
    private final Map<Pause, Pause> paused = new java.util.concurrent.ConcurrentHashMap<>();

    private final class Pause implements Runnable {
        private final Command command;
        private final Attempts attempts;
        private final CompletableFuture<Reply> result;

        Pause(Command command, Attempts attempts, CompletableFuture<Reply> result) {
            this.command = command;
            this.attempts = attempts;
            this.result = result;
        }

        @Override
        public void run() {
            paused.remove(this);
            attempt(command, attempts, result);
        }

        void close() {
            result.completeExceptionally(ended(command, attempts, attempts.failed(closing())));
        }
    }

    private void succeeded(Command command, Attempts attempts) {
        attempts.succeeded();
        tell(command, "ok", attempts);
    }

    private CallException ended(Command command, Attempts attempts, CallException failure) {
        tell(command, failure.code().word(), attempts);
        return failure;
    }

    private void tell(Command command, String code, Attempts attempts) {
        if (!listeners.isEmpty()) {
            Duration duration = Duration.ofNanos(attempts.nanos());
            for (ClientListener listener : listeners) {
                listener.ended(command.verb().word(), code, attempts.endpoint().address(), attempts.made(), duration);
            }
        }
    }

    /**
     * Ends all calls with a {@link io.goshare.client.error.ClientClosedException} and all threads. Twice is harmless.
     */
    @Override
    public void close() {
        closed.countDown();
        synchronized (timer) {
            timer.shutdown();
        }
        endpoints.all().forEach(Endpoint::close);
        paused.keySet().forEach(Pause::close);
        paused.clear();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = timer.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
