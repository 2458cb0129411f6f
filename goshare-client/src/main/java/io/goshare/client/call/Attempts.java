package io.goshare.client.call;

import io.goshare.client.error.CallException;
import io.goshare.client.error.CallInfo;
import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Refusal;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One call's way through hosts and time: who is asked next, when, and when it is given up. A retry is made only where
 * it cannot apply a write twice: what the server has not seen, what comes out the same, or what bears a request id, and
 * that, once a host may have done it, only there. For one thread at a time.
 */
final class Attempts {
    private static final long FIRST_PAUSE_NANOS = 50_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000_000L;
    private static final long LEAST_SHARE_NANOS = 1_000_000_000L;
    private static final long LEAST_NANOS = 1_000_000L;

    private final RetryPolicy policy;
    private final Endpoints endpoints;
    private final RetryBudget budget;
    private final Command command;
    private final String requestId;
    private final boolean byItself;
    private final long begun = System.nanoTime();
    private final long deadline;
    private Endpoint endpoint;
    private int made;
    private int hostsLeft;
    /** Of the last attempt that may have changed something. */
    private @Nullable GoShareException unsure;

    Attempts(RetryPolicy policy, Endpoints endpoints, RetryBudget budget, Command command, String requestId) {
        this.policy = policy;
        this.endpoints = endpoints;
        this.budget = budget;
        this.requestId = requestId;
        this.byItself = Repeatable.byItself(command);
        this.command = byItself || command.has(Param.REQUEST) ? command : command.with(Param.REQUEST, requestId);
        long timeout = command.has(Param.TIMEOUT) ? command.require(Param.TIMEOUT) : policy.timeoutNanos();
        this.deadline = begun + timeout;
        this.endpoint = endpoints.current();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    int made() {
        return made;
    }

    long nanos() {
        return System.nanoTime() - begun;
    }

    /** The command of the next attempt, which tells the server how long it has. */
    Command next() {
        made++;
        long left = Math.max(deadline - System.nanoTime(), LEAST_NANOS);
        return command.with(Param.TIMEOUT, Math.min(left, policy.attemptNanos().orElseGet(() -> share(left))));
    }

    /** So that a host which accepts and never answers leaves time for the others. */
    private long share(long left) {
        int hosts = Math.max(1, endpoints.size() - hostsLeft);
        long least = LEAST_SHARE_NANOS;
        if (command.verb().takes(Param.WAIT)) {
            least += command.require(Param.WAIT); // a page that waits for news is not silent
        }
        return Math.max(left / hosts, least);
    }

    void succeeded() {
        endpoint.answered();
        budget.succeeded();
    }

    /**
     * Nanoseconds to wait before the next attempt.
     *
     * @throws CallException if there is to be none
     */
    long pause(GoShareException failure) {
        boolean answered = !(failure instanceof TransportException);
        if (answered) {
            endpoint.answered();
        }
        boolean unsent = failure instanceof TransportException fault
                ? fault.fault().isUnsent()
                : failure.code() == ErrorCode.BUSY;
        if (!unsent && command.verb().access() != Verb.Access.READ) {
            unsure = failure;
        }
        boolean wasKnown = endpoint.isKnown();
        boolean again = isWorthIt(failure) && mayRepeat(unsent);
        if (leaves(failure)) {
            hostsLeft++;
            endpoints.leave(endpoint);
            if (byItself || unsure == null) {
                endpoint = endpoints.current();
            }
        }
        // A server that answered before will come back: what it has not seen waits for it as long as there is time.
        boolean counted = !(unsent && !answered && wasKnown);
        if (!again || counted && made > policy.retries() || !unsent && !budget.take()) {
            throw failed(told(failure, unsent));
        }
        long pause = pauseNanos(failure);
        if (System.nanoTime() + pause - deadline >= 0) {
            throw failed(told(failure, unsent));
        }
        return pause;
    }

    /** Where the last attempt did nothing, but one before it may have, the caller is to know that one. */
    private GoShareException told(GoShareException last, boolean unsent) {
        return unsent && unsure != null ? unsure : last;
    }

    private boolean isWorthIt(GoShareException failure) {
        if (failure instanceof TransportException fault) {
            return switch (fault.fault()) {
                case UNREACHABLE, LOST, CUT, TIMED_OUT, FULL -> true;
                case NOT_GOSHARE, OTHER_VERSION -> endpoints.size() > 1;
                case WRONG_TYPE, TOO_LARGE, CLOSED, INTERRUPTED -> false;
            };
        }
        return failure.retryable();
    }

    private boolean mayRepeat(boolean unsent) {
        return unsent || byItself || command.has(Param.REQUEST);
    }

    /** Whether another host may do better. */
    private static boolean leaves(GoShareException failure) {
        if (failure instanceof TransportException fault) {
            return fault.fault() != Fault.FULL && fault.fault() != Fault.TOO_LARGE;
        }
        return failure.code() == ErrorCode.UNAVAILABLE || failure.code() == ErrorCode.CLOSED;
    }

    /** Anywhere between nothing and a bound that doubles, so that clients do not come all at once. */
    private long pauseNanos(GoShareException failure) {
        long most = Math.min(FIRST_PAUSE_NANOS << Math.min(made - 1, 10), LONGEST_PAUSE_NANOS);
        long asked = failure instanceof Refusal refusal ? refusal.retryAfter().toNanos() : 0;
        return asked + ThreadLocalRandom.current().nextLong(most);
    }

    CallException failed(GoShareException failure) {
        return Failures.of(failure, new CallInfo(requestId, endpoint.address(), made));
    }
}
