package io.goshare.it.container;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Adds one to a key, again and again; an addition that was not acknowledged is asked for again under its name, so that
 * the key must hold just as many as were acknowledged. For one thread.
 */
final class Counter {
    private final Transport store;
    private final String key;
    private final Set<ErrorCode> errors = EnumSet.noneOf(ErrorCode.class);
    private long acknowledged;
    private Duration longest = Duration.ZERO;

    Counter(Transport store, String key) {
        this.store = store;
        this.key = key;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** What attempts were refused or failed with. */
    Set<ErrorCode> errors() {
        return errors;
    }

    /** What the longest attempt took. */
    Duration longest() {
        return longest;
    }

    /** Asks once; whether it was acknowledged. */
    boolean attempt() {
        long began = System.nanoTime();
        try {
            StoreReader.done(
                    store, Command.of(Verb.INCR).with(Param.KEY, key).with(Param.REQUEST, key + "-" + acknowledged));
            acknowledged++;
            return true;
        } catch (GoShareException e) {
            errors.add(e.code());
            return false;
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
    }
}
