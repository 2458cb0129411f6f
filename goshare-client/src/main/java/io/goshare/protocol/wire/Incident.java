package io.goshare.protocol.wire;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;

/** Turns what nobody foresaw into an error that names its line in the log, and tells no more. */
public final class Incident {
    private Incident() {}

    /**
     * The error in {@code failure}: itself or its cause where it is one, else INTERNAL, and the rest goes to
     * {@code log}.
     */
    public static GoShareException of(Throwable failure, Logger log) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof GoShareException known) {
            return known;
        }
        String name = Long.toHexString(ThreadLocalRandom.current().nextLong());
        log.error("Incident {}", name, cause);
        return new GoShareException(
                ErrorCode.INTERNAL, "the server failed; its log has more under incident " + name, cause);
    }
}
