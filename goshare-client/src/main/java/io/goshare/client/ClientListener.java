package io.goshare.client;

import java.time.Duration;

/** Is told of each call that ended; for metrics. Called on the thread that ended it, must be quick and not throw. */
@FunctionalInterface
public interface ClientListener {
    /**
     * A call has ended.
     *
     * @param verb {@code get}, {@code write} …
     * @param code {@code ok}, or the error's word
     * @param endpoint asked last
     * @param attempts made, at least 1
     * @param duration of the call, attempts and pauses together
     */
    void ended(String verb, String code, String endpoint, int attempts, Duration duration);
}
